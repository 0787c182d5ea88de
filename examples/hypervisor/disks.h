// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The disks that the daemon serves: files and images as nodes of a graph, each below a backend that
// is exported, and devices that need no graph. The daemon owns it and uses it in the main loop;
// what it has opened is served from any thread.

#ifndef LOCKVET_EXAMPLES_HYPERVISOR_DISKS_H
#define LOCKVET_EXAMPLES_HYPERVISOR_DISKS_H

#include "daemon_options.h"
#include "runtime/aio/thread_pool.h"
#include "runtime/export/exported_device.h"
#include "runtime/graph/block_backend.h"
#include "runtime/graph/graph.h"

namespace storage_daemon {

class Disks {
public:
  // The context is the home of all nodes.
  Disks(lockvet::runtime::AioContext& context, lockvet::runtime::ThreadPool& pool)
      : context_(context), pool_(pool) {}
  Disks(const Disks&) = delete;
  Disks& operator=(const Disks&) = delete;
  ~Disks();

  // What an export serves, until close(). The error is a sentence.
  std::expected<lockvet::runtime::ExportedDevice*, std::string> LV_NO_COROUTINE_FN
  open(const ExportOption& option, bool read_only) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // When nothing of it is served any more: writes what images keep in memory. What went wrong, or
  // nothing.
  std::string LV_NO_COROUTINE_FN close() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

private:
  struct Disk {
    std::unique_ptr<lockvet::runtime::BlockBackend> backend;
    std::unique_ptr<lockvet::runtime::ExportedDevice> device;
    lockvet::runtime::Node* node = nullptr;
  };

  lockvet::runtime::GraphResult<lockvet::runtime::Node*>
  add_nodes(const ExportOption& option, bool read_only) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  lockvet::runtime::AioContext& context_;
  lockvet::runtime::ThreadPool& pool_;
  lockvet::runtime::Graph graph_;
  std::vector<Disk> disks_;
};

} // namespace storage_daemon

#endif // LOCKVET_EXAMPLES_HYPERVISOR_DISKS_H
