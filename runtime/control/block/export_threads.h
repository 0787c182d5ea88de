// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which threads serve an export, as its options say: `iothread`, over which connections or queues
// are distributed in turn, or `iothread-vq-mapping`, which QEMU's virtio-blk device has and which
// names the queues of each. An export owns it, in the main loop, and keeps the threads from being
// removed.

#ifndef LOCKVET_RUNTIME_CONTROL_BLOCK_EXPORT_THREADS_H
#define LOCKVET_RUNTIME_CONTROL_BLOCK_EXPORT_THREADS_H

#include "runtime/control/block/objects.h"
#include "runtime/export/context_mapping.h"

namespace lockvet::runtime::control {

class ExportThreads {
public:
  struct One {
    std::string id;
    Objects::Thread thread;
    // Its cell in the statistics of requests.
    unsigned index = 0;
    // Which it serves; in turn if none of them says so.
    std::vector<unsigned> queues;
  };

  // Of what conforms to BlockExportOptions.
  static GraphResult<ExportThreads> LV_NO_COROUTINE_FN find(const Objects& objects,
                                                            const Json& conforming) LV_MAIN_LOOP;

  const std::vector<One>& all() const { return all_; }
  std::vector<AioContext*> contexts() const;
  // Of so many queues; all in the main loop, which is `home`, if there are no threads.
  GraphResult<ContextMapping> mapping(AioContext& home, unsigned queues) const;

private:
  GraphResult<> LV_NO_COROUTINE_FN add(const Objects& objects, const std::string& id,
                                       std::vector<unsigned> queues) LV_MAIN_LOOP;

  std::vector<One> all_;
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_BLOCK_EXPORT_THREADS_H
