// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A root of the graph: through it a device, an export or a test sends requests to a node. It counts
// what is in flight, and holds new requests back while what it leads to is drained. Its user owns
// it, and sends requests in coroutines of any context, several at once; the rest is the main
// loop's.

#ifndef LOCKVET_RUNTIME_GRAPH_BLOCK_BACKEND_H
#define LOCKVET_RUNTIME_GRAPH_BLOCK_BACKEND_H

#include "runtime/graph/parent.h"

namespace lockvet::runtime {

class BlockBackend final : public Parent {
public:
  struct Options {
    Permissions permissions = {Permission::consistent_read | Permission::write, Permission::all};
    // Whether the node may move to another context.
    bool context_change = true;
    // Whether it stays at its node when that is replaced by another, such as by an overlay.
    bool stays = false;
  };

  BlockBackend(std::string name, Options options)
      : name_(std::move(name)), context_change_(options.context_change), stays_(options.stays),
        permissions_(options.permissions) {}
  BlockBackend(const BlockBackend&) = delete;
  BlockBackend& operator=(const BlockBackend&) = delete;
  // Without a node, and with no request in flight.
  ~BlockBackend();

  const std::string& name() const noexcept { return name_; }

  // The node that it is to lead to; it has none before.
  [[nodiscard]] GraphResult<> LV_NO_COROUTINE_FN insert(Node& node) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Requests get no_such_device afterwards. Nothing happens if it has none.
  [[nodiscard]] GraphResult<> LV_NO_COROUTINE_FN remove() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // What it does to its node from now on, and what it shares.
  [[nodiscard]] GraphResult<>
      LV_NO_COROUTINE_FN set_permissions(Permissions permissions) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // The edge to its node, or nullptr.
  Edge* root() const LV_GRAPH_RDLOCK { return root_.get(); }

  // --- requests: see Driver ---

  std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset, const IoVector& to,
                                            RequestFlags flags = RequestFlags::none)
      LV_GRAPH_UNLOCKED;
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset, const IoVector& from,
                                             RequestFlags flags = RequestFlags::none)
      LV_GRAPH_UNLOCKED;
  std::error_code LV_COROUTINE_FN co_flush() LV_GRAPH_UNLOCKED;
  std::error_code LV_COROUTINE_FN co_pwrite_zeroes(
      uint64_t offset, uint64_t size, RequestFlags flags = RequestFlags::none) LV_GRAPH_UNLOCKED;
  std::error_code LV_COROUTINE_FN co_discard(uint64_t offset, uint64_t size) LV_GRAPH_UNLOCKED;
  // Of what can be read there: where a node has nothing allocated, of what is below it; see
  // co_status_of_chain().
  std::expected<BlockStatus, std::error_code> LV_COROUTINE_FN
  co_block_status(uint64_t offset, uint64_t size, const Node* base = nullptr) LV_GRAPH_UNLOCKED;
  std::error_code LV_COROUTINE_FN co_populate(uint64_t offset, uint64_t size) LV_GRAPH_UNLOCKED;
  std::error_code LV_COROUTINE_FN co_truncate(uint64_t length) LV_GRAPH_UNLOCKED;
  // Also while it is drained.
  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN co_length() LV_GRAPH_UNLOCKED;

  // --- as a parent ---

  std::string describe() const override { return "block backend '" + name_ + "'"; }
  Edge* LV_GRAPH_RDLOCK child(std::string_view) const override { return root_.get(); }
  Permissions LV_GRAPH_RDLOCK child_permissions(EdgeRole role, Permissions own) const override;
  void LV_MAIN_LOOP LV_GRAPH_RDLOCK quiesce_begin() override { in_flight_.close(); }
  void LV_MAIN_LOOP LV_GRAPH_RDLOCK quiesce_end() override { in_flight_.open(); }
  bool LV_MAIN_LOOP LV_GRAPH_RDLOCK busy() const override { return in_flight_.busy(); }
  bool allows_context_change() const noexcept override { return context_change_; }
  bool stays_at_node() const noexcept override { return stays_; }
  void LV_GRAPH_WRLOCK set_needed(Permissions permissions) override { permissions_ = permissions; }
  void LV_GRAPH_WRLOCK own_edge(std::unique_ptr<Edge> edge) override { root_ = std::move(edge); }
  std::unique_ptr<Edge> LV_GRAPH_WRLOCK disown_edge(Edge& edge) override;

private:
  class Request;

  const std::string name_;
  const bool context_change_;
  const bool stays_;
  Permissions permissions_ LV_GUARDED_BY(graph_lock);
  std::unique_ptr<Edge> root_ LV_GUARDED_BY(graph_lock);
  Gate in_flight_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_BLOCK_BACKEND_H
