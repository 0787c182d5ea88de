// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/context_move.h"

#include "runtime/graph/drained_section.h"

namespace lockvet::runtime {

namespace {

struct Move {
  Node* node;
  AioContext* from;
};

// Who of them has to move, unless somebody is against it.
GraphResult<std::vector<Move>> LV_GRAPH_RDLOCK plan(const std::vector<Parent*>& subtree,
                                                    AioContext& to) LV_MAIN_LOOP {
  std::vector<Move> moves;
  for (Parent* const parent : subtree) {
    Node& node = *parent->as_node();
    if (node.state() != Node::State::settled)
      return graph_error(std::errc::device_or_resource_busy,
                         node.describe() + " is on its way already.");
    if (&node.context() == &to)
      continue;
    for (const Edge* const edge : node.parents())
      if (!edge->parent().allows_context_change())
        return graph_error(std::errc::operation_not_permitted, edge->parent().describe() +
                                                                   " wants " + node.describe() +
                                                                   " to stay in its context.");
    moves.push_back({&node, &node.context()});
  }
  return moves;
}

// Calls `what` of the driver in the home thread of `where`, which is held.
template <typename What>
void call_at_home(Node& node, AioContext& where, What what) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  if (!MainLoop::run_in(where, [&] {
        where.assert_home();
        what(node.driver(), where);
      }))
    misuse("a context has ended although it is held for " + node.describe() + ".");
}

} // namespace

GraphResult<> move_subtree(Node& top, AioContext& to) {
  GraphLock::assert_unlocked();
  // Holds it itself, and once for each node.
  if (!to.hold())
    return graph_error(std::errc::operation_canceled,
                       "the context for " + top.describe() + " has ended.");
  const std::vector<Parent*> subtree = DrainedSection::subtree(top);
  std::vector<Move> moves;
  {
    const MainGraphReadLock lock;
    auto planned = plan(subtree, to);
    if (!planned) {
      to.let_go();
      return std::unexpected(std::move(planned.error()));
    }
    moves = std::move(*planned);
    for (const Move& move : moves)
      move.node->set_state(Node::State::moving);
  }
  {
    const DrainedSection drained(subtree);
    for (const auto& [node, from] : moves)
      call_at_home(*node, *from, [](Driver& driver, AioContext& home) LV_REQUIRES_CONTEXT(home) {
        driver.detach_context(home);
      });
    {
      const GraphWriteLock lock;
      for (const Move& move : moves)
        move.node->set_context(to);
    }
    for (const auto& [node, from] : moves) {
      // Held already, so that it can't refuse.
      (void)to.hold();
      call_at_home(*node, to, [](Driver& driver, AioContext& home) LV_REQUIRES_CONTEXT(home) {
        driver.attach_context(home);
      });
      node->set_state(Node::State::settled);
      from->let_go();
    }
  }
  to.let_go();
  return {};
}

} // namespace lockvet::runtime
