// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "reference.h"

#include <algorithm>
#include <array>

namespace lockvet::reference {

namespace {

constexpr std::array kAllKinds = {EdgeKind::Direct, EdgeKind::Implicit, EdgeKind::Virtual,
                                  EdgeKind::Flow,   EdgeKind::Type,     EdgeKind::Reference};

bool onlyMayHappen(EdgeKind kind) {
  return kind != EdgeKind::Direct && kind != EdgeKind::Implicit;
}

bool connected(const World& world, Node from, Node to) {
  return std::ranges::any_of(kAllKinds,
                             [&](EdgeKind kind) { return world.hasEdge(from, to, kind); });
}

Nodes visible(const World& world) {
  Nodes all;
  for (Node node = 0; node < world.size; ++node)
    if (!world.hidden.contains(node))
      all.insert(node);
  return all;
}

Nodes only(const Nodes& nodes, const std::function<bool(Node)>& holds) {
  Nodes result;
  std::ranges::copy_if(nodes, std::inserter(result, result.end()), holds);
  return result;
}

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string all;
  for (const std::string& word : words)
    all += (all.empty() ? "" : between) + word;
  return all;
}

/// Inside brackets, where every kind of spec can be written.
std::string inBrackets(const Spec& spec) {
  std::vector<std::string> operands;
  for (const Spec& operand : spec.operands)
    operands.push_back(inBrackets(operand));
  switch (spec.kind) {
  case Spec::Kind::All:
    return "[]";
  case Spec::Kind::Label:
    return spec.text;
  case Spec::Kind::Name:
    return '"' + spec.text + '"';
  case Spec::Kind::Not:
    return "![" + operands[0] + "]";
  case Spec::Kind::And:
    return "[" + joined(operands, ",") + "]";
  case Spec::Kind::Or:
    return "[" + joined(operands, " | ") + "]";
  case Spec::Kind::Callers:
    return "[" + operands[0] + "]:callers";
  case Spec::Kind::Callees:
    return "[" + operands[0] + "]:callees";
  case Spec::Kind::AllCallers:
    return "[" + operands[0] + "]:all_callers";
  case Spec::Kind::AllCallees:
    return "[" + operands[0] + "]:all_callees";
  }
  return "";
}

Path sequence(Path first, Path second) {
  if (first.kind == Path::Kind::Empty)
    return second;
  return {.kind = Path::Kind::Sequence, .operands = {std::move(first), std::move(second)}};
}

bool nullable(const Path& path) {
  switch (path.kind) {
  case Path::Kind::Nodes:
    return false;
  case Path::Kind::Empty:
  case Path::Kind::Star:
  case Path::Kind::Optional:
    return true;
  case Path::Kind::Sequence:
    return std::ranges::all_of(path.operands, nullable);
  case Path::Kind::Alternation:
    return std::ranges::any_of(path.operands, nullable);
  case Path::Kind::Plus:
    return nullable(path.operands[0]);
  }
  return false;
}

/// Partial derivatives, by how they are written: what may be left of the expression behind a node.
using Derivatives = std::map<std::string, Path>;

Derivatives derivatives(const Path& path, Node node) {
  Derivatives result;
  auto add = [&](Path rest) {
    std::string key = write(rest);
    result.emplace(std::move(key), std::move(rest));
  };
  switch (path.kind) {
  case Path::Kind::Empty:
    break;
  case Path::Kind::Nodes:
    if (path.nodes.contains(node))
      add({.kind = Path::Kind::Empty});
    break;
  case Path::Kind::Sequence: {
    Path rest{.kind = Path::Kind::Empty};
    for (size_t index = path.operands.size() - 1; index > 0; --index)
      rest = rest.kind == Path::Kind::Empty ? path.operands[index]
                                            : sequence(path.operands[index], rest);
    for (auto& [key, first] : derivatives(path.operands[0], node))
      add(sequence(first, rest));
    if (nullable(path.operands[0]))
      result.merge(derivatives(rest, node));
    break;
  }
  case Path::Kind::Alternation:
    for (const Path& operand : path.operands)
      result.merge(derivatives(operand, node));
    break;
  case Path::Kind::Optional:
    return derivatives(path.operands[0], node);
  case Path::Kind::Star:
  case Path::Kind::Plus:
    for (auto& [key, first] : derivatives(path.operands[0], node))
      add(sequence(first, {.kind = Path::Kind::Star, .operands = path.operands}));
    break;
  }
  return result;
}

/// Does the run of nodes from `begin` to before `end` match? By trying every way to split it.
bool matchesRun(const Path& path, const std::vector<Node>& nodes, size_t begin, size_t end) {
  auto split = [&](const Path& first, const Path& second, size_t least) {
    for (size_t middle = begin + least; middle <= end; ++middle)
      if (matchesRun(first, nodes, begin, middle) && matchesRun(second, nodes, middle, end))
        return true;
    return false;
  };
  switch (path.kind) {
  case Path::Kind::Empty:
    return begin == end;
  case Path::Kind::Nodes:
    return end == begin + 1 && path.nodes.contains(nodes[begin]);
  case Path::Kind::Sequence: {
    if (path.operands.size() == 1)
      return matchesRun(path.operands[0], nodes, begin, end);
    const Path rest{.kind = Path::Kind::Sequence,
                    .operands = {path.operands.begin() + 1, path.operands.end()}};
    return split(path.operands[0], rest, 0);
  }
  case Path::Kind::Alternation:
    return std::ranges::any_of(
        path.operands, [&](const Path& operand) { return matchesRun(operand, nodes, begin, end); });
  case Path::Kind::Optional:
    return begin == end || matchesRun(path.operands[0], nodes, begin, end);
  case Path::Kind::Star:
    return begin == end || split(path.operands[0], path, 1);
  case Path::Kind::Plus:
    return split(path.operands[0], {.kind = Path::Kind::Star, .operands = path.operands}, 0);
  }
  return false;
}

/// The same path with the sets of its specs filled in.
Path resolved(Path path, const World& world) {
  if (path.kind == Path::Kind::Nodes)
    path.nodes = nodesOf(path.spec, world);
  for (Path& operand : path.operands)
    operand = resolved(operand, world);
  return path;
}

/// The least rank of each product of a start, a node, whether the path has touched what it must,
/// and what is left of the expression: relaxed until nothing changes.
class Relaxation {
public:
  Relaxation(const Query& query, const World& world)
      : world_(world), all_(visible(world)), has_through_(query.through) {
    if (query.avoid)
      avoid_ = nodesOf(*query.avoid, world);
    if (query.through)
      through_ = nodesOf(*query.through, world);
    const Path path = resolved(query.path, world);
    const std::string whole = write(path);
    expressions_.emplace(whole, path);
    for (Node start : all_)
      enter({start, start, false, whole}, start, {});
  }

  void run() {
    while (std::exchange(is_changed_, false)) {
      const std::map<State, Rank> before = best_;
      for (const auto& [state, rank] : before)
        for (EdgeKind kind : kAllKinds)
          for (Node next : all_)
            if (world_.hasEdge(state.node, next, kind))
              enter(state, next, {rank.weak + (onlyMayHappen(kind) ? 1 : 0), rank.edges + 1});
    }
  }

  std::map<std::pair<Node, Node>, Rank> pairs() const {
    std::map<std::pair<Node, Node>, Rank> pairs;
    for (const auto& [state, rank] : best_)
      if (nullable(expressions_.at(state.rest)) && (state.is_through || !has_through_)) {
        auto [entry, is_new] = pairs.try_emplace({state.start, state.node}, rank);
        entry->second = std::min(entry->second, rank);
      }
    return pairs;
  }

private:
  struct State {
    Node start, node;
    bool is_through;
    std::string rest;
    auto operator<=>(const State&) const = default;
  };

  const Derivatives& after(const std::string& rest, Node node) {
    auto [entry, is_new] = known_.try_emplace({rest, node});
    if (is_new)
      entry->second = derivatives(expressions_.at(rest), node);
    return entry->second;
  }

  void enter(const State& from, Node next, Rank rank) {
    if (avoid_.contains(next))
      return;
    for (const auto& [key, rest] : after(from.rest, next)) {
      expressions_.emplace(key, rest);
      const bool is_through = from.is_through || through_.contains(next);
      auto [entry, is_new] = best_.try_emplace({from.start, next, is_through, key}, rank);
      if (is_new || rank < entry->second) {
        entry->second = rank;
        is_changed_ = true;
      }
    }
  }

  const World& world_;
  const Nodes all_;
  bool has_through_;
  Nodes avoid_, through_;
  Derivatives expressions_;
  std::map<std::pair<std::string, Node>, Derivatives> known_;
  std::map<State, Rank> best_;
  bool is_changed_ = false;
};

/// A query made ready to be held against sequences.
class Matcher {
public:
  Matcher(const Query& query, const World& world) : path_(resolved(query.path, world)) {
    if (query.avoid)
      avoid_ = nodesOf(*query.avoid, world);
    if (query.through)
      through_ = nodesOf(*query.through, world);
  }

  bool matches(const std::vector<Node>& nodes) const {
    auto touches = [&](const Nodes& set) {
      return std::ranges::any_of(nodes, [&](Node node) { return set.contains(node); });
    };
    return (!through_ || touches(*through_)) && !touches(avoid_) &&
           matchesRun(path_, nodes, 0, nodes.size());
  }

private:
  Path path_;
  std::optional<Nodes> through_;
  Nodes avoid_;
};

} // namespace

std::string nameOf(Node node) {
  return "n" + std::to_string(node);
}

std::string write(const Spec& spec) {
  if (spec.kind == Spec::Kind::Name)
    return spec.text;
  const std::string text = inBrackets(spec);
  return text.starts_with('[') || text.starts_with('!') ? text : "[" + text + "]";
}

std::string write(const Path& path) {
  std::vector<std::string> operands;
  for (const Path& operand : path.operands)
    operands.push_back(write(operand));
  switch (path.kind) {
  case Path::Kind::Nodes:
    return write(path.spec);
  case Path::Kind::Empty:
    return "()";
  case Path::Kind::Sequence:
    return "(" + joined(operands, " ") + ")";
  case Path::Kind::Alternation:
    return "(" + joined(operands, " | ") + ")";
  case Path::Kind::Star:
    return write(path.operands[0].spec) == "[]" && path.operands[0].kind == Path::Kind::Nodes
               ? "..."
               : "(" + operands[0] + ")*";
  case Path::Kind::Plus:
    return "(" + operands[0] + ")+";
  case Path::Kind::Optional:
    return "(" + operands[0] + ")?";
  }
  return "";
}

Nodes nodesOf(const Spec& spec, const World& world) {
  const Nodes all = visible(world);
  std::vector<Nodes> operands;
  for (const Spec& operand : spec.operands)
    operands.push_back(nodesOf(operand, world));
  auto neighbours = [&](const Nodes& of, bool callers) {
    return only(all, [&](Node node) {
      return std::ranges::any_of(of, [&](Node other) {
        return callers ? connected(world, node, other) : connected(world, other, node);
      });
    });
  };
  switch (spec.kind) {
  case Spec::Kind::All:
    return all;
  case Spec::Kind::Label:
    return only(all, [&](Node node) { return world.labels.at(spec.text).contains(node); });
  case Spec::Kind::Name:
    return only(all, [&](Node node) { return nameOf(node) == spec.text; });
  case Spec::Kind::Not:
    return only(all, [&](Node node) { return !operands[0].contains(node); });
  case Spec::Kind::And:
    return only(all, [&](Node node) {
      return std::ranges::all_of(operands, [&](const Nodes& one) { return one.contains(node); });
    });
  case Spec::Kind::Or:
    return only(all, [&](Node node) {
      return std::ranges::any_of(operands, [&](const Nodes& one) { return one.contains(node); });
    });
  case Spec::Kind::Callers:
  case Spec::Kind::Callees:
    return neighbours(operands[0], spec.kind == Spec::Kind::Callers);
  case Spec::Kind::AllCallers:
  case Spec::Kind::AllCallees: {
    Nodes reached = operands[0];
    for (size_t before = SIZE_MAX; before != reached.size();) {
      before = reached.size();
      reached.merge(neighbours(reached, spec.kind == Spec::Kind::AllCallers));
    }
    return reached;
  }
  }
  return {};
}

std::map<std::pair<Node, Node>, Rank> pairsOf(const Query& query, const World& world) {
  Relaxation relaxation(query, world);
  relaxation.run();
  return relaxation.pairs();
}

bool matches(const Query& query, const std::vector<Node>& nodes, const World& world) {
  return Matcher(query, world).matches(nodes);
}

std::set<std::vector<Node>> simplePaths(const Query& query, const World& world) {
  std::set<std::vector<Node>> found;
  const Nodes all = visible(world);
  const Matcher matcher(query, world);
  std::vector<Node> path;
  auto extend = [&](auto& self) -> void {
    if (!path.empty() && matcher.matches(path))
      found.insert(path);
    for (Node next : all)
      if (std::ranges::find(path, next) == path.end() &&
          (path.empty() || connected(world, path.back(), next))) {
        path.push_back(next);
        self(self);
        path.pop_back();
      }
  };
  extend(extend);
  return found;
}

} // namespace lockvet::reference
