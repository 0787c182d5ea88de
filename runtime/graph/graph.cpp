// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/graph.h"

#include "runtime/graph/transaction.h"

namespace lockvet::runtime {

Graph::~Graph() {
  MainLoop::assert_here();
  if constexpr (checks) {
    if (!nodes_.empty())
      misuse("a graph is destroyed while it has " + nodes_.front()->describe() + ".");
  }
}

GraphResult<Node*> Graph::add(std::string name, std::unique_ptr<Driver> driver,
                              AioContext& context) {
  GraphLock::assert_unlocked();
  if (find(name) != nullptr)
    return graph_error(std::errc::file_exists, "there is a node '" + name + "' already.");
  if (!context.hold())
    return graph_error(std::errc::operation_canceled,
                       "the context for node '" + name + "' has ended.");
  auto owned = std::make_unique<Node>(std::move(name), std::move(driver), context);
  Node& node = *owned;
  // In the list before its driver is attached, so that nobody takes the name meanwhile.
  nodes_.push_back(std::move(owned));
  const bool attached = MainLoop::run_in(context, [&] {
    context.assert_home();
    node.driver().attach_context(context);
  });
  node.set_state(Node::State::settled);
  if (!attached)
    misuse("a context has ended although it is held for " + node.describe() + ".");
  return &node;
}

GraphResult<> Graph::check_removable(const Node& node) {
  if (node.state() != Node::State::settled)
    return graph_error(std::errc::device_or_resource_busy,
                       node.describe() + " is on its way to or from a context.");
  if (node.quiesced())
    return graph_error(std::errc::device_or_resource_busy,
                       node.describe() + " is in a drained section.");
  if (!node.parents().empty())
    return graph_error(std::errc::device_or_resource_busy,
                       node.describe() + " is " + node.parents().front()->describe() + ".");
  return node.driver().check_removable();
}

GraphResult<> Graph::remove(Node& node) {
  GraphLock::assert_unlocked();
  {
    const MainGraphReadLock lock;
    if (auto removable = check_removable(node); !removable)
      return removable;
  }
  node.set_state(Node::State::leaving);
  AioContext* context = nullptr;
  {
    Transaction transaction;
    {
      const MainGraphReadLock lock;
      context = &node.context();
      for (const auto& edge : node.children())
        transaction.detach(*edge);
    }
    if (auto detached = transaction.commit(); !detached) {
      node.set_state(Node::State::settled);
      return detached;
    }
  }
  {
    const DrainedSection drained(node);
    if (!MainLoop::run_in(*context, [&] {
          context->assert_home();
          node.driver().detach_context(*context);
        }))
      misuse("a context has ended although it is held for " + node.describe() + ".");
  }
  std::erase_if(nodes_, [&](const auto& own) { return own.get() == &node; });
  context->let_go();
  return {};
}

Node* Graph::find(std::string_view name) const {
  for (const auto& node : nodes_)
    if (node->name() == name)
      return node.get();
  return nullptr;
}

} // namespace lockvet::runtime
