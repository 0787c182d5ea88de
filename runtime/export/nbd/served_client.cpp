// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/served_client.h"

namespace lockvet::runtime::nbd {

ServedClient::ServedClient(AioContext& context, Stream& stream, ReceiveBuffer& received,
                           const Session& session, const ServerOptions& options,
                           MemoryBudget& budget)
    : context_(context), stream_(stream), served_(session.served), options_(options),
      end_(context, stream, options.shutdown_time,
           {[](void* argument) {
              auto& self = *static_cast<ServedClient*>(argument);
              self.transmission_.assert_home();
              self.transmission_.shut_down();
            },
            this}),
      transmission_(context, stream, received, session, options.transmission,
                    {budget, {[](void* end) { static_cast<ClientEnd*>(end)->evict(); }, &end_}}) {
  served_->enter();
}

ServedClient::~ServedClient() {
  served_->leave();
}

void ServedClient::co_run(Cancellation& stop) {
  end_.assert_home();
  if (end_.listen_to(stop) && end_.listen_to(served_->closing())) {
    transmission_.assert_home();
    std::string problem = transmission_.co_run();
    if (end_.cut_off())
      problem = "the client holds memory that others wait for, and neither sends nor reads";
    // What a shutdown breaks off is not the client's fault.
    if (!problem.empty() && !end_.stopped())
      options_.log("connection closed: " + problem);
    end_.limit(Clock::now() + options_.shutdown_time);
    stream_.co_finish(context_);
  }
  end_.finish();
}

} // namespace lockvet::runtime::nbd
