// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A disk whose graph changes while it is in use: qcow2 images one above the other, as snapshots
// make them, with filters between. Its files are in memory. The main loop owns it and changes it;
// requests to its backend come from any context.

#ifndef LOCKVET_TESTSUITE_BENCHMARKS_RUNTIME_GRAPH_STRESS_CHANGING_DISK_H
#define LOCKVET_TESTSUITE_BENCHMARKS_RUNTIME_GRAPH_STRESS_CHANGING_DISK_H

#include "latencies.h"
#include "runtime/drivers/qcow2/image_driver.h"
#include "runtime/graph/block_backend.h"
#include "runtime/graph/graph.h"
#include "testsuite/unit/runtime/qcow2/files.h"

#include <random>

namespace graph_stress {

struct Changes {
  uint64_t snapshots = 0;
  uint64_t commits = 0;
  uint64_t filters = 0;
  uint64_t swaps = 0;
  uint64_t moves = 0;
  // From when the main loop begins a transaction or a move until it has happened. Requests to the
  // disk are held back for less than that.
  Latencies times;
};

class ChangingDisk {
public:
  using Random = std::minstd_rand;

  // A single image. The contexts are those that nodes may have for their homes.
  ChangingDisk(lockvet::runtime::Graph& graph, std::string name, uint64_t size,
               std::vector<lockvet::runtime::AioContext*> contexts) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  ChangingDisk(const ChangingDisk&) = delete;
  ChangingDisk& operator=(const ChangingDisk&) = delete;
  // When it is closed.
  ~ChangingDisk() = default;

  lockvet::runtime::BlockBackend& backend() { return backend_; }

  // One change of any kind, with requests in flight.
  void LV_NO_COROUTINE_FN change(Random& random, Changes& changes) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // When nobody uses it any more.
  void LV_NO_COROUTINE_FN close() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // Sentences about what went wrong, such as a refused change, or an image that is not whole.
  const std::vector<std::string>& problems() const { return problems_; }

private:
  // What stands on the one before.
  struct Layer {
    lockvet::runtime::Node* node;
    // Of an image.
    lockvet::runtime::qcow2::ImageDriver* image = nullptr;
    lockvet::runtime::Node* file_node = nullptr;
    std::shared_ptr<lockvet::runtime::qcow2::MemoryFile> file = nullptr;
  };

  Layer LV_NO_COROUTINE_FN add_image(lockvet::runtime::AioContext& context)
      LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  void LV_NO_COROUTINE_FN put_on_top(const Layer& layer,
                                     Changes& changes) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  void LV_NO_COROUTINE_FN take_out(size_t at, Changes& changes) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  void LV_NO_COROUTINE_FN commit(size_t at) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  bool LV_NO_COROUTINE_FN swap_filters(Changes& changes) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Its image is closed and checked.
  void LV_NO_COROUTINE_FN remove(const Layer& layer) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // Whether no other image above it takes what is written.
  bool is_written(size_t at) const;
  lockvet::runtime::Edge& lower_edge(const Layer& layer) LV_MAIN_LOOP;
  bool expect(const lockvet::runtime::GraphResult<>& done, const char* doing);

  lockvet::runtime::Graph& graph_;
  const std::string name_;
  const uint64_t size_;
  const std::vector<lockvet::runtime::AioContext*> contexts_;
  lockvet::runtime::BlockBackend backend_;
  std::vector<Layer> layers_;
  uint64_t nodes_ = 0;
  std::vector<std::string> problems_;
};

} // namespace graph_stress

#endif // LOCKVET_TESTSUITE_BENCHMARKS_RUNTIME_GRAPH_STRESS_CHANGING_DISK_H
