// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/lock_witness.h"
#include "llvm/ADT/STLExtras.h"

namespace lockvet::rules {

using namespace program;
using locks::OrderCycle;
using locks::OrderEdge;
using locks::OrderNode;

namespace {

/// Where pointers on a way could have held more combinations of functions than these, that it goes
/// this way is a guess.
constexpr uint32_t kSureChoices = 4;

/// A longer way rests on more conditions, one or more at each call, than are likely to come
/// together.
constexpr size_t kSureCalls = 5;

std::string nodeName(const RuleInput& input, const OrderNode& node) {
  if (node.kind == OrderNode::Kind::Thread)
    return "the thread of " + quoted(input.program, node.entry);
  // A static is "lock@file.c", and a member of one "state@file.c->lock".
  const llvm::StringRef text = input.locks.paths().text(node.lock.name);
  const auto [root, member] = text.split("->");
  return root.split('@').first.str() + (member.empty() ? "" : "." + member.str());
}

std::string identityOf(const RuleInput& input, const OrderNode& node) {
  return node.kind == OrderNode::Kind::Thread ? input.program.function(node.entry).usr.str()
                                              : input.locks.paths().text(node.lock.name).str();
}

/// "takes QueueState::lock", "waits for the end of the thread of f()"
std::string waitWords(const RuleInput& input, const OrderNode& node) {
  const std::string name = nodeName(input, node);
  if (node.kind == OrderNode::Kind::Thread)
    return "waits for the end of " + name;
  if (node.kind == OrderNode::Kind::Signal)
    return "waits for " + name;
  const bool is_read_only =
      node.lock.type && node.lock.type->acquire.empty() && !node.lock.type->acquire_shared.empty();
  return (is_read_only ? "waits for readers of " : "takes ") + name;
}

/// "f() holds a and takes b", "the thread of f() takes b", "f() signals a under b"
std::string edgeWords(const RuleInput& input, const OrderEdge& edge) {
  llvm::ArrayRef<OrderNode> nodes = input.locks.order().nodes();
  const OrderNode& from = nodes[edge.from];
  if (from.kind == OrderNode::Kind::Signal)
    return quoted(input.program, edge.function) + " signals " + nodeName(input, from) + " under " +
           nodeName(input, nodes[edge.to]);
  const std::string who =
      from.kind == OrderNode::Kind::Thread
          ? nodeName(input, from)
          : quoted(input.program, edge.function) + " holds " + nodeName(input, from) + " and";
  return who + " " + waitWords(input, nodes[edge.to]);
}

void addSteps(const RuleInput& input, const OrderEdge& edge, std::vector<Step>& steps) {
  const Program& program = input.program;
  llvm::ArrayRef<OrderNode> nodes = input.locks.order().nodes();
  if (nodes[edge.from].kind == OrderNode::Kind::Signal) {
    const std::string lock = nodeName(input, nodes[edge.to]);
    const OrderEdge::Step& step = edge.way.front();
    steps.push_back(heldStep(input, *edge.entry, step.call, lock));
    steps.push_back(callStep(program, program.calls()[step.call], step.target, step.edge));
    steps.back().reason +=
        " under " + lock + ", as everybody does who signals " + nodeName(input, nodes[edge.from]);
    return;
  }
  if (edge.entry)
    steps.push_back(
        heldStep(input, *edge.entry, edge.way.front().call, nodeName(input, nodes[edge.from])));
  else
    steps.push_back(stepAt(program, edge.function, program.function(edge.function).place,
                           "a thread runs " + quoted(program, edge.function)));
  for (const OrderEdge::Step& step : edge.way)
    steps.push_back(callStep(program, program.calls()[step.call], step.target, step.edge));
  steps.back().reason += ", which " + waitWords(input, nodes[edge.to]);
  if (edge.entry)
    steps.back().reason += " under " + nodeName(input, nodes[edge.from]);
}

/// Where a cycle begins says nothing of it: what stands first in the source goes first, and threads
/// that are waited for behind who waits.
void rotateToFirst(const RuleInput& input, OrderCycle& cycle) {
  const Program& program = input.program;
  auto place = [&](const OrderEdge& edge) {
    const Place& place = program.calls()[edge.way.front().call].place;
    const bool is_lock = input.locks.order().nodes()[edge.from].kind == OrderNode::Kind::Lock;
    return std::tuple(!is_lock, program.file(place.file), place.line, place.column);
  };
  std::rotate(
      cycle.edges.begin(),
      llvm::min_element(
          cycle.edges, [&](const OrderEdge& a, const OrderEdge& b) { return place(a) < place(b); }),
      cycle.edges.end());
}

Finding report(const RuleInput& input, OrderCycle cycle, size_t others) {
  const Program& program = input.program;
  rotateToFirst(input, cycle);
  llvm::ArrayRef<OrderNode> nodes = input.locks.order().nodes();
  std::string message;
  for (const OrderEdge& edge : cycle.edges)
    message += (message.empty() ? "" : "; ") + edgeWords(input, edge);
  if (others > 0)
    message += "; and " + std::to_string(others) +
               (others == 1 ? " other cycle" : " other cycles") + " through these places";
  const Call& first = program.calls()[cycle.edges.front().way.front().call];
  Finding finding = findingAt(input, kLockOrder.id, Severity::Error, first,
                              "threads can wait for each other: " + message);
  finding.identity.clear();
  EdgeKind weakest = EdgeKind::Direct;
  for (const OrderEdge& edge : cycle.edges) {
    std::vector<std::pair<uint32_t, EdgeKind>> calls;
    calls.reserve(edge.way.size());
    for (const OrderEdge::Step& step : edge.way)
      calls.push_back({step.call, step.edge});
    finding.severity = graded(input, finding.severity, nodes[edge.from].lock.type, calls);
    finding.identity.push_back(identityOf(input, nodes[edge.from]));
    addSteps(input, edge, finding.witness);
    weakest = std::max(weakest, edge.weakest());
  }
  std::rotate(finding.identity.begin(), llvm::min_element(finding.identity),
              finding.identity.end());
  const bool is_sure = llvm::all_of(cycle.edges, [](const OrderEdge& edge) {
    return edge.choices <= kSureChoices && edge.way.size() <= kSureCalls;
  });
  finding.confidence = is_sure ? confidenceOf(weakest) : Confidence::Type;
  return finding;
}

/// How good a witness a cycle makes: few locks first, then few calls, then what stands first.
std::tuple<size_t, size_t, uint32_t, uint32_t> rankOfCycle(const OrderCycle& cycle) {
  size_t calls = 0;
  for (const OrderEdge& edge : cycle.edges)
    calls += edge.way.size();
  return {cycle.edges.size(), calls, cycle.edges.front().way.front().call,
          cycle.edges.back().way.front().call};
}

/// Cycles that share a place have that in common which is to be mended: the best stands for all.
void checkLockOrder(const RuleInput& input, Findings& findings) {
  std::vector<OrderCycle> cycles = input.locks.order().cycles();
  llvm::sort(cycles,
             [](const OrderCycle& a, const OrderCycle& b) { return rankOfCycle(a) < rankOfCycle(b); });
  struct Group {
    const OrderCycle* best = nullptr;
    size_t others = 0;
  };
  std::vector<Group> groups;
  llvm::DenseMap<uint32_t, size_t> group_of; ///< by the first call of an edge
  for (const OrderCycle& cycle : cycles) {
    auto shared = llvm::find_if(cycle.edges, [&](const OrderEdge& edge) {
      return group_of.contains(edge.way.front().call);
    });
    const size_t group =
        shared == cycle.edges.end() ? groups.size() : group_of[shared->way.front().call];
    if (group == groups.size())
      groups.push_back({&cycle, 0});
    else
      ++groups[group].others;
    for (const OrderEdge& edge : cycle.edges)
      group_of.try_emplace(edge.way.front().call, group);
  }
  for (const Group& group : groups)
    findings.push_back(report(input, *group.best, group.others));
}

} // namespace

const Rule kLockOrder = {
    "lock-order", "Two or more threads can take locks in different orders.",
    "Each waits for what the next one holds, and none goes on. Agree on one order, written down "
    "where the locks are declared; or give the one lock back before the other is taken. A lock "
    "that is always held around both keeps them apart.",
    Severity::Error, checkLockOrder};

} // namespace lockvet::rules
