// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/vhost_user/session_end.h"

namespace lockvet::runtime::vhost_user {

SessionEnd::SessionEnd(AioContext& context, Cancellation& stop)
    : context_(context), stop_(stop),
      told_(context, {[](void* over) { static_cast<Cancellation*>(over)->request(); }, &over_}),
      stopped_([](void* told) { (void)static_cast<BottomHalf*>(told)->schedule(); }, &told_),
      limit_({[](void* argument) {
                auto& self = *static_cast<SessionEnd*>(argument);
                self.context_.assert_home();
                self.too_late_ = true;
                self.over_.request();
              },
              this}) {
  listens_ = stop.add(stopped_);
  if (!listens_)
    over_.request();
}

SessionEnd::~SessionEnd() {
  if (listens_)
    stop_.remove(stopped_);
}

} // namespace lockvet::runtime::vhost_user
