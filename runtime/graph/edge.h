// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a parent uses a node: in which role, and with which permissions. All requests to nodes go
// through edges, which check that they may. The parent owns it; what it leads to is changed by
// transactions only.

#ifndef LOCKVET_RUNTIME_GRAPH_EDGE_H
#define LOCKVET_RUNTIME_GRAPH_EDGE_H

#include "runtime/graph/driver.h"

namespace lockvet::runtime {

class Parent;

class Edge {
public:
  Edge(Parent& parent, std::string name, EdgeRole role)
      : parent_(parent), name_(std::move(name)), role_(role) {}
  Edge(const Edge&) = delete;
  Edge& operator=(const Edge&) = delete;

  Parent& parent() const noexcept { return parent_; }
  // Unlike that of its parent's other edges, such as "backing".
  const std::string& name() const noexcept { return name_; }
  EdgeRole role() const noexcept { return role_; }
  Node& child() const LV_GRAPH_RDLOCK { return *child_; }
  Permissions permissions() const LV_GRAPH_RDLOCK { return permissions_; }

  // As "'backing' of node 'overlay'".
  std::string describe() const;

  // --- requests, as those of Driver; what is out of range or not permitted is an error ---

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK
  co_preadv(uint64_t offset, const IoVector& to, RequestFlags flags = RequestFlags::none);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK
  co_pwritev(uint64_t offset, const IoVector& from, RequestFlags flags = RequestFlags::none);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_flush();
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK
  co_pwrite_zeroes(uint64_t offset, uint64_t size, RequestFlags flags = RequestFlags::none);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_discard(uint64_t offset, uint64_t size);
  std::expected<BlockStatus, std::error_code>
      LV_COROUTINE_FN LV_GRAPH_RDLOCK co_block_status(uint64_t offset, uint64_t size);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_populate(uint64_t offset, uint64_t size);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_truncate(uint64_t length);
  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN LV_GRAPH_RDLOCK co_length();
  void LV_COROUTINE_FN LV_GRAPH_RDLOCK co_meet_event(BlockEvent event);

  // --- for who changes the graph ---

  // Leads to another node, or to none, with that node's being told; and keeps the parent quiet if
  // the child is in a drained section.
  void LV_MAIN_LOOP LV_GRAPH_WRLOCK set_child(Node* child);
  void LV_GRAPH_WRLOCK set_permissions(Permissions permissions) { permissions_ = permissions; }

  // How many transactions that name it are being committed.
  unsigned LV_MAIN_LOOP claims() const { return claims_; }
  void LV_MAIN_LOOP claim() { ++claims_; }
  void LV_MAIN_LOOP unclaim() { --claims_; }

  // The child begins or ends to be in drained sections.
  void LV_MAIN_LOOP LV_GRAPH_RDLOCK child_quiesced();
  void LV_MAIN_LOOP LV_GRAPH_RDLOCK child_resumed();

private:
  // Whether a request may go on: one that needs one of these, and grows the child if it may.
  enum class Range { within, growing };
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK check(uint64_t offset, uint64_t size,
                                                        Permission needed,
                                                        Range range = Range::within);

  Parent& parent_;
  const std::string name_;
  const EdgeRole role_;
  unsigned claims_ LV_OWNED_BY_CONTEXT(lockvet_main_loop) = 0;
  Node* child_ LV_GUARDED_BY(graph_lock) = nullptr;
  Permissions permissions_ LV_GUARDED_BY(graph_lock);
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_EDGE_H
