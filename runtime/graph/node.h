// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A node of the graph: a driver, the edges that lead to it and from it, and a home context. The
// Graph owns it. Requests reach it through edges, in coroutines of any context; the rest is the
// main loop's. While it is in a drained section no request is in flight in it.

#ifndef LOCKVET_RUNTIME_GRAPH_NODE_H
#define LOCKVET_RUNTIME_GRAPH_NODE_H

#include "runtime/graph/dirty_bitmap.h"
#include "runtime/graph/parent.h"
#include "runtime/graph/request_counts.h"
#include "runtime/graph/write_threshold.h"

#include <vector>

namespace lockvet::runtime {

class Node final : public Parent {
public:
  // Its driver is attached to the context by who makes it. The context has been held for it.
  Node(std::string name, std::unique_ptr<Driver> driver, AioContext& context);
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  // Without parents, children and drained sections.
  ~Node();

  const std::string& name() const noexcept { return name_; }
  Driver& driver() const noexcept { return *driver_; }

  // --- its place in the graph ---

  const std::vector<std::unique_ptr<Edge>>& children() const LV_GRAPH_RDLOCK { return children_; }
  const std::vector<Edge*>& parents() const LV_GRAPH_RDLOCK { return parents_; }
  // By the edge's name, or nullptr.
  Edge* LV_GRAPH_RDLOCK child(std::string_view name) const override;
  // Where its driver's timers and descriptors are. Requests run in any context all the same.
  AioContext& context() const LV_GRAPH_RDLOCK { return *context_; }
  // What its parents need of it together.
  Permissions permissions() const LV_GRAPH_RDLOCK { return permissions_; }

  // --- requests, for edges: see Driver ---

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_preadv(uint64_t offset, const IoVector& to,
                                                            RequestFlags flags);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags flags);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_flush();
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                                   RequestFlags flags);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_discard(uint64_t offset, uint64_t size);
  std::expected<BlockStatus, std::error_code>
      LV_COROUTINE_FN LV_GRAPH_RDLOCK co_block_status(uint64_t offset, uint64_t size);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_populate(uint64_t offset, uint64_t size);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_truncate(uint64_t length);
  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN LV_GRAPH_RDLOCK co_length();
  void LV_COROUTINE_FN LV_GRAPH_RDLOCK co_meet_event(BlockEvent event);

  // --- what requests have changed ---

  // In no order. Who keeps one shares it; see node_bitmaps.h for how they come and go.
  const std::vector<std::shared_ptr<DirtyBitmap>>& dirty_bitmaps() const LV_GRAPH_RDLOCK {
    return dirty_bitmaps_;
  }
  // Or nullptr.
  std::shared_ptr<DirtyBitmap> LV_GRAPH_RDLOCK dirty_bitmap(std::string_view name) const;

  // Or nullptr.
  const WriteThreshold* write_threshold() const LV_GRAPH_RDLOCK { return write_threshold_.get(); }
  void LV_GRAPH_WRLOCK set_write_threshold(std::unique_ptr<WriteThreshold> threshold) {
    write_threshold_ = std::move(threshold);
  }

  // What the driver does of its own accord passes here, so that drained sections wait for it.
  Gate& activity() noexcept { return activity_; }

  // What has come through edges.
  RequestCounts& counts() noexcept { return counts_; }
  const RequestCounts& counts() const noexcept { return counts_; }

  // --- drained sections ---

  void LV_MAIN_LOOP LV_GRAPH_RDLOCK quiesce_begin() override;
  void LV_MAIN_LOOP LV_GRAPH_RDLOCK quiesce_end() override;
  bool LV_MAIN_LOOP LV_GRAPH_RDLOCK busy() const override;
  bool LV_MAIN_LOOP quiesced() const { return quiesced_ > 0; }

  // --- for who changes the graph ---

  std::string describe() const override { return "node '" + name_ + "'"; }
  Node* as_node() noexcept override { return this; }
  Permissions LV_GRAPH_RDLOCK child_permissions(EdgeRole role, Permissions own) const override;
  void LV_GRAPH_WRLOCK own_edge(std::unique_ptr<Edge> edge) override;
  std::unique_ptr<Edge> LV_GRAPH_WRLOCK disown_edge(Edge& edge) override;
  void LV_GRAPH_WRLOCK add_parent(Edge& edge) { parents_.push_back(&edge); }
  void LV_GRAPH_WRLOCK remove_parent(Edge& edge) { std::erase(parents_, &edge); }
  void LV_GRAPH_WRLOCK set_permissions(Permissions permissions) { permissions_ = permissions; }
  void LV_GRAPH_WRLOCK set_context(AioContext& context) { context_ = &context; }
  void LV_GRAPH_WRLOCK own_dirty_bitmap(std::shared_ptr<DirtyBitmap> bitmap) {
    dirty_bitmaps_.push_back(std::move(bitmap));
  }
  void LV_GRAPH_WRLOCK disown_dirty_bitmap(const DirtyBitmap& bitmap) {
    std::erase_if(dirty_bitmaps_, [&](const auto& own) { return own.get() == &bitmap; });
  }

  // Whether something is going on for which the main loop runs, so that callbacks keep their hands
  // off: only a settled node is moved or removed, and edges do not come to one that arrives or
  // leaves.
  enum class State { arriving, settled, moving, leaving };
  State LV_MAIN_LOOP state() const { return state_; }
  void LV_MAIN_LOOP set_state(State state) { state_ = state; }

private:
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK write_zeroes_as_data(uint64_t offset,
                                                                       uint64_t size,
                                                                       RequestFlags flags);
  // After a request that has changed something there, also if it has failed.
  void LV_GRAPH_RDLOCK mark_dirty(uint64_t offset, uint64_t size) {
    if (!dirty_bitmaps_.empty()) [[unlikely]]
      mark_dirty_bitmaps(offset, size);
  }
  void LV_GRAPH_RDLOCK mark_dirty_bitmaps(uint64_t offset, uint64_t size);
  // Before a write.
  void LV_GRAPH_RDLOCK meet_threshold(uint64_t end) {
    if (write_threshold_ != nullptr) [[unlikely]]
      write_threshold_->meet_write(end);
  }

  const std::string name_;
  const std::unique_ptr<Driver> driver_;
  const bool home_only_;
  std::vector<std::unique_ptr<Edge>> children_ LV_GUARDED_BY(graph_lock);
  std::vector<Edge*> parents_ LV_GUARDED_BY(graph_lock);
  AioContext* context_ LV_GUARDED_BY(graph_lock);
  Permissions permissions_ LV_GUARDED_BY(graph_lock);
  std::vector<std::shared_ptr<DirtyBitmap>> dirty_bitmaps_ LV_GUARDED_BY(graph_lock);
  std::unique_ptr<WriteThreshold> write_threshold_ LV_GUARDED_BY(graph_lock);
  unsigned quiesced_ LV_OWNED_BY_CONTEXT(lockvet_main_loop) = 0;
  State state_ LV_OWNED_BY_CONTEXT(lockvet_main_loop) = State::arriving;
  Gate activity_;
  RequestCounts counts_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_NODE_H
