// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/lock_order.h"

#include "analyzer/locks/order_components.h"
#include "analyzer/locks/order_search.h"
#include "llvm/ADT/STLExtras.h"

#include <map>
#include <queue>
#include <set>

namespace lockvet::locks {

using program::Call;

namespace {

/// Places that differ in what else is held there; beyond these more do not make a better witness.
constexpr size_t kMostEdges = 6;

/// Longer cycles are hard to follow, and rest on many things that must come together.
constexpr size_t kMostNodes = 5;

/// The places where each node is held, by node.
using Roots = std::vector<std::vector<OrderRoot>>;

Roots rootsOf(const program::Program& program, const HeldLocks& held, const OrderSites& sites) {
  Roots roots(sites.nodes().size());
  forEachHold(program, held, sites, [&](uint32_t index, uint32_t node, uint32_t call, Holds holds) {
    if (holds & kUnheld)
      return;
    std::vector<OrderRoot>& list = roots[node];
    if (list.empty() || list.back().entry != index) {
      const HeldEntry& entry = held.entries()[index];
      list.push_back({entry.function, index, entry.context, entry.assumptions, {}, entry.path});
    }
    list.back().calls.push_back({call, holds});
  });
  for (uint32_t node = 0; node < roots.size(); ++node) {
    if (sites.nodes()[node].kind != OrderNode::Kind::Thread)
      continue;
    OrderRoot root;
    root.function = sites.nodes()[node].entry;
    for (const Call& call : program.callsOf(root.function))
      root.calls.push_back({static_cast<uint32_t>(program.indexOf(call)), bit(Hold::Exclusive)});
    roots[node].push_back(std::move(root));
  }
  // Of places that are equally good the first in the source is the witness: ids are given in the
  // order in which units happened to be parsed.
  auto place = [&](const OrderRoot& root) {
    const store::Place& place = program.function(root.function).place;
    return std::tuple(program.file(place.file), place.line, place.column, root.entry);
  };
  for (std::vector<OrderRoot>& list : roots)
    llvm::sort(list, [&](const OrderRoot& a, const OrderRoot& b) { return place(a) < place(b); });
  return roots;
}

bool areReaders(const OrderNode& node, const OrderEdge& into, const OrderEdge& out) {
  // Two readers do not wait for each other.
  return node.kind == OrderNode::Kind::Lock && into.takes_shared && out.holds_shared;
}

/// What belongs to a coroutine stays held while its thread does something else.
bool isOfThread(const OrderNode& node) {
  return node.kind == OrderNode::Kind::Lock &&
         (!node.lock.type || node.lock.type->kind == config::LockType::Kind::Thread ||
          node.lock.type->kind == config::LockType::Kind::Spin);
}

} // namespace

/// Do edges go through pointers of one table of operations? Objects that stand on each other have
/// such: which is above is up to who built them, as with two locks of one class.
bool LockOrder::areStacked(const std::vector<const OrderEdge*>& edges) const {
  std::set<llvm::StringRef> seen;
  for (const OrderEdge* edge : edges) {
    std::set<llvm::StringRef> mine;
    for (const OrderEdge::Step& step : edge->way) {
      const Call& call = program_.calls()[step.call];
      if (step.edge == program::EdgeKind::Virtual && call.callee != kNoId)
        mine.insert(program_.function(call.callee).qualified_name.rsplit("::").first);
      else if (step.edge == program::EdgeKind::Flow && call.slot != kNoId &&
               program_.slot(call.slot).kind == facts::SlotKind::Field)
        mine.insert(program_.slot(call.slot).name.rsplit("::").first);
    }
    for (llvm::StringRef table : mine)
      if (!seen.insert(table).second)
        return true;
  }
  return false;
}

/// Do edges lead around among the members of one object, and one of them to another object? Then
/// they do not come back to where they began.
bool LockOrder::areOfOneRecord(const std::vector<const OrderEdge*>& edges) const {
  const llvm::StringRef record =
      paths_.text(nodes()[edges.front()->from].lock.name).rsplit("::").first;
  size_t others = 0;
  for (const OrderEdge* edge : edges) {
    const auto [mine, member] = paths_.text(nodes()[edge->from].lock.name).rsplit("::");
    if (!edge->of_one_object || member.empty() || mine != record)
      return false;
    others += !*edge->of_one_object;
  }
  return others == 1;
}

/// Is there something that keeps the edges of a cycle from meeting?
bool LockOrder::isKeptApart(const std::vector<const OrderEdge*>& edges) const {
  for (size_t index = 0; index < edges.size(); ++index)
    if (areReaders(nodes()[edges[index]->to], *edges[index], *edges[(index + 1) % edges.size()]))
      return true;
  if (areStacked(edges) || areOfOneRecord(edges))
    return true;
  // Who takes one of a class under another goes down a tree of objects: an order by class says
  // nothing of them.
  for (const OrderEdge* edge : edges)
    if (nested_.contains(edge->from))
      return true;
  const bool is_of_threads =
      llvm::all_of(edges, [&](const OrderEdge* edge) { return isOfThread(nodes()[edge->from]); });
  return llvm::any_of(edges.front()->gates, [&](uint32_t gate) {
    if (gate == kMainLoopGate ? !is_of_threads : nodes()[gate].is_shared)
      return false;
    return llvm::all_of(edges, [&](const OrderEdge* edge) {
      return edge->from != gate && edge->to != gate && llvm::is_contained(edge->gates, gate);
    });
  });
}

/// Of the places for each edge, some that can meet.
std::optional<OrderCycle>
LockOrder::meeting(llvm::ArrayRef<const std::vector<OrderEdge>*> places) const {
  std::vector<size_t> chosen(places.size());
  while (true) {
    std::vector<const OrderEdge*> edges;
    edges.reserve(places.size());
    for (size_t index = 0; index < places.size(); ++index)
      edges.push_back(&(*places[index])[chosen[index]]);
    if (!isKeptApart(edges)) {
      OrderCycle cycle;
      for (const OrderEdge* edge : edges)
        cycle.edges.push_back(*edge);
      return cycle;
    }
    size_t index = 0;
    while (index < chosen.size() && ++chosen[index] == places[index]->size())
      chosen[index++] = 0;
    if (index == chosen.size())
      return std::nullopt;
  }
}

/// Is there a place already from which `to` can be waited for, with no more to keep it apart?
bool LockOrder::isKnown(const Edges& edges, uint32_t from, uint32_t to, const Gates& gates) {
  auto found = edges.find({from, to});
  return found != edges.end() && llvm::any_of(found->second, [&](const OrderEdge& edge) {
           return !edge.takes_shared &&
                  std::includes(gates.begin(), gates.end(), edge.gates.begin(), edge.gates.end());
         });
}

/// A lock that is held wherever a signal is given: who waits with it held keeps everybody from
/// giving it. The place for each is one that takes the lock itself.
std::vector<OrderEdge> LockOrder::signalEdges() const {
  std::map<uint32_t, std::vector<std::pair<uint32_t, uint32_t>>>
      holds_at; ///< entry and node, by call
  forEachHold(program_, held_, sites_,
              [&](uint32_t entry, uint32_t node, uint32_t call, Holds holds) {
                if (!(holds & kUnheld))
                  holds_at[call].push_back({entry, node});
              });
  std::vector<OrderEdge> edges;
  for (uint32_t node = 0; node < nodes().size(); ++node) {
    const llvm::ArrayRef<uint32_t> signals = sites_.signalsOf(node);
    if (signals.empty())
      continue;
    Gates always = gates_.at(signals.front());
    for (uint32_t call : signals.drop_front()) {
      const Gates here = gates_.at(call);
      llvm::erase_if(always, [&](uint32_t gate) { return !llvm::is_contained(here, gate); });
    }
    for (uint32_t call : signals)
      for (const auto& [entry, lock] : holds_at[call]) {
        if (!llvm::is_contained(always, lock))
          continue;
        llvm::erase(always, lock);
        OrderEdge edge;
        edge.from = node;
        edge.to = lock;
        edge.function = program_.calls()[call].caller;
        edge.entry = entry;
        edge.way.push_back({call, program_.calls()[call].callee, program::EdgeKind::Direct});
        edges.push_back(std::move(edge));
      }
  }
  return edges;
}

LockOrder::Edges LockOrder::edges() const {
  nested_.clear();
  const FollowedCalls followed(program_, operations_);
  OrderBodies bodies(program_, guards_, bodies_, effects_, sites_, paths_);
  const Roots roots = rootsOf(program_, held_, sites_);
  std::vector<OrderEdge> signal_edges = signalEdges();
  std::vector<std::pair<uint32_t, uint32_t>> waits;
  waits.reserve(signal_edges.size());
  for (const OrderEdge& edge : signal_edges)
    waits.push_back({edge.from, edge.to});
  const OrderComponents components(program_, followed, sites_, roots, waits);
  const OrderReach reach(program_, followed, callers_, sites_, components);
  // One lock that is taken twice says nothing of two of its class.
  llvm::DenseSet<uint32_t> taken_again;
  for (const LockEvent& event : held_.events())
    if (event.operation && acquires(*event.operation) && (event.holds & kAnyHeld))
      taken_again.insert(event.call);
  Edges edges;
  for (OrderEdge& edge : signal_edges)
    if (edge.from != edge.to && llvm::is_contained(components.of(edge.from), edge.to))
      edges[{edge.from, edge.to}].push_back(std::move(edge));
  for (uint32_t from = 0; from < roots.size(); ++from) {
    if (components.of(from).empty())
      continue;
    // Places between which other locks make a difference are looked at one by one.
    std::map<std::pair<Gates, bool>, std::vector<OrderRoot>> by_gates;
    for (const OrderRoot& root : roots[from]) {
      std::map<std::pair<Gates, bool>, OrderRoot> parts;
      for (const auto& call : root.calls) {
        auto [part, is_new] =
            parts.insert({{gatesAt(root, call.first), !(call.second & kAnyExclusive)}, root});
        if (is_new)
          part->second.calls.clear();
        part->second.calls.push_back(call);
      }
      for (auto& [key, part] : parts)
        by_gates[key].push_back(std::move(part));
    }
    // Few gates first: what can be waited for with these says more than with those and others.
    std::vector<const std::pair<Gates, bool>*> order;
    order.reserve(by_gates.size());
    for (const auto& [key, list] : by_gates)
      order.push_back(&key);
    llvm::sort(order, [](const auto* a, const auto* b) {
      return std::tuple(a->second, a->first.size(), a->first) <
             std::tuple(b->second, b->first.size(), b->first);
    });
    for (const auto* key : order) {
      const Gates& gates = key->first;
      // The node itself, too: whether one of the class is taken under another.
      std::vector<uint32_t> wanted;
      for (uint32_t to : components.of(from))
        if (to == from ? isOfManyObjects(to)
                       : !llvm::is_contained(gates, to) && !isKnown(edges, from, to, gates))
          wanted.push_back(to);
      if (wanted.empty())
        continue;
      OrderSearch search(program_, guards_, bodies, sites_, followed, reach, taken_again, from,
                         wanted);
      for (OrderEdge& edge : search.run(by_gates[*key])) {
        if (edge.from == edge.to) {
          nested_.insert(from);
          continue;
        }
        edge.of_one_object = relationOf(edge);
        edge.gates = gates;
        auto& known = edges[{edge.from, edge.to}];
        if (known.size() < kMostEdges)
          known.push_back(std::move(edge));
      }
    }
  }
  std::erase_if(edges, [](const auto& entry) { return entry.second.empty(); });
  return edges;
}

/// Is it a class of locks, each a member of its object?
bool LockOrder::isOfManyObjects(uint32_t node) const {
  return nodes()[node].kind == OrderNode::Kind::Lock &&
         paths_.text(nodes()[node].lock.name).contains("::");
}

std::optional<bool> LockOrder::relationOf(const OrderEdge& edge) const {
  if (edge.way.size() != 1 || !edge.entry)
    return std::nullopt;
  const PathId from = held_.entries()[*edge.entry].path;
  for (const OrderSite& site : sites_.of(edge.function)) {
    if (site.call != edge.way.front().call || site.node != edge.to || site.path == kNoPath)
      continue;
    if (paths_.isAmbiguous(from) || paths_.isAmbiguous(site.path))
      return std::nullopt;
    return paths_.text(from).rsplit("->").first == paths_.text(site.path).rsplit("->").first;
  }
  return std::nullopt;
}

/// What is held at a call under a root, and was before the root took its lock.
Gates LockOrder::gatesAt(const OrderRoot& root, uint32_t call) const {
  Gates gates = gates_.at(call);
  if (root.entry && held_.entries()[*root.entry].origin == HeldEntry::Origin::Own)
    if (std::optional<uint32_t> taken = held_.changedAt(*root.entry, call, /*is_held=*/true)) {
      const Gates before = gates_.at(*taken);
      llvm::erase_if(gates, [&](uint32_t gate) { return !llvm::is_contained(before, gate); });
    }
  return gates;
}

std::vector<OrderCycle> LockOrder::cycles() const {
  const Edges edges = this->edges();
  std::map<uint32_t, std::vector<uint32_t>> next;
  for (const auto& [ends, places] : edges)
    next[ends.first].push_back(ends.second);
  std::set<std::vector<uint32_t>> known;
  std::vector<OrderCycle> cycles;
  for (const auto& [ends, places] : edges) {
    // The shortest way back.
    std::map<uint32_t, uint32_t> came_from = {{ends.second, ends.second}};
    std::queue<uint32_t> queue({ends.second});
    while (!queue.empty() && !came_from.contains(ends.first)) {
      const uint32_t node = queue.front();
      queue.pop();
      for (uint32_t follower : next[node])
        if (came_from.insert({follower, node}).second)
          queue.push(follower);
    }
    if (!came_from.contains(ends.first))
      continue;
    std::vector<uint32_t> nodes;
    for (uint32_t node = ends.first; node != ends.second; node = came_from[node])
      nodes.push_back(node);
    nodes.push_back(ends.second);
    std::reverse(nodes.begin(), nodes.end());
    std::rotate(nodes.begin(), llvm::min_element(nodes), nodes.end());
    if (nodes.size() > kMostNodes || !known.insert(nodes).second)
      continue;
    std::vector<const std::vector<OrderEdge>*> on_it;
    on_it.reserve(nodes.size());
    for (size_t index = 0; index < nodes.size(); ++index)
      on_it.push_back(&edges.at({nodes[index], nodes[(index + 1) % nodes.size()]}));
    if (std::optional<OrderCycle> cycle = meeting(on_it))
      cycles.push_back(std::move(*cycle));
  }
  return cycles;
}

} // namespace lockvet::locks
