// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What queries mean, written down a second time, slowly and straight from the definitions, so that
// the product can be compared with it. Shares no code with vrc/: sets are std::set, expressions are
// walked by Antimirov's partial derivatives, ranks are relaxed until nothing changes.

#pragma once

#include "vrc/graph/graph.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace lockvet::reference {

using graph::EdgeKind;
using graph::Node;
using Nodes = std::set<Node>;

struct Spec {
  enum class Kind { All, Label, Name, Not, And, Or, Callers, Callees, AllCallers, AllCallees };
  Kind kind = Kind::All;
  std::string text = {};
  std::vector<Spec> operands = {};
};

struct Path {
  enum class Kind { Nodes, Empty, Sequence, Alternation, Star, Plus, Optional };
  Kind kind = Kind::Nodes;
  Spec spec = {};
  std::vector<Path> operands = {};
  Nodes nodes = {}; ///< of the spec, for the reference's own use
};

/// As a user would type it.
std::string write(const Spec& spec);
std::string write(const Path& path);

/// A graph, and what of it a query may see.
struct World {
  Node size = 0;
  std::set<std::tuple<Node, Node, EdgeKind>> edges;
  std::map<std::string, Nodes> labels;
  std::set<EdgeKind> kinds;
  Nodes hidden;

  bool hasEdge(Node from, Node to, EdgeKind kind) const {
    return kinds.contains(kind) && edges.contains({from, to, kind});
  }
};

struct Query {
  Path path;
  std::optional<Spec> through = {}, avoid = {};
};

/// Node number N is called "nN".
std::string nameOf(Node node);

Nodes nodesOf(const Spec& spec, const World& world);

struct Rank {
  unsigned weak = 0;
  unsigned edges = 0;
  auto operator<=>(const Rank&) const = default;
};

/// The pairs of ends that walks which match connect, each with its least rank.
std::map<std::pair<Node, Node>, Rank> pairsOf(const Query& query, const World& world);

/// Does the sequence of nodes match, edges aside?
bool matches(const Query& query, const std::vector<Node>& nodes, const World& world);

/// All sequences without a repeated node that are paths and match.
std::set<std::vector<Node>> simplePaths(const Query& query, const World& world);

} // namespace lockvet::reference
