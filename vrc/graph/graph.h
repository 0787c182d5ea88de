// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A call graph in memory, made for searching: nodes are functions and the slots that calls go
// through, edges are calls and what is in a slot. Immutable once built (graph_builder.h), so any
// number of threads may read it; whoever opened it owns it.

#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lockvet::graph {

using Node = uint32_t;
inline constexpr Node kNoNode = UINT32_MAX;

/// One bit a node.
using NodeSet = llvm::BitVector;

/// How an edge is known. `Reference` is no call: a body mentions the function as a value.
enum class EdgeKind : uint8_t { Direct, Implicit, Virtual, Flow, Type, Reference };
inline constexpr size_t kEdgeKinds = 6;

llvm::StringRef wordFor(EdgeKind kind);

/// A set of kinds, one bit each.
using EdgeKinds = uint8_t;
constexpr EdgeKinds bit(EdgeKind kind) {
  return static_cast<EdgeKinds>(1U << static_cast<unsigned>(kind));
}
/// What counts as an edge where nobody says otherwise: all calls but those guessed from a type.
inline constexpr EdgeKinds kUsualEdges =
    bit(EdgeKind::Direct) | bit(EdgeKind::Implicit) | bit(EdgeKind::Virtual) | bit(EdgeKind::Flow);

/// Is an edge of this kind something that may happen, rather than something that does?
constexpr bool isWeak(EdgeKind kind) {
  return kind >= EdgeKind::Virtual;
}

/// A place in a source; file is an index into the graph's files.
struct Site {
  uint32_t file = 0; ///< 0: no place
  uint32_t line = 0;
  uint32_t column = 0;

  auto operator<=>(const Site&) const = default;
};

/// One end of an edge, as the other end's list has it. The kind is here since every search asks
/// for it, and would have to look elsewhere in memory at each step.
struct Arc {
  Node node = kNoNode;    ///< the far end
  uint32_t edge : 29 = 0; ///< index of the edge in the order of source nodes
  EdgeKind kind : 3 = EdgeKind::Direct;
};
static_assert(sizeof(Arc) == 8);

enum class NodeKind : uint8_t {
  Function, ///< defined in the program
  External, ///< declared only
  Slot      ///< what can hold a function: a field, a variable, a parameter
};

class Graph {
public:
  size_t size() const { return nodes_.size(); }
  size_t edges() const { return sites_.size(); }

  /// The qualified name of a function; `Record::field` or the variable's name of a slot. Two static
  /// functions of one name are two nodes.
  llvm::StringRef name(Node node) const { return text(nodes_[node].name); }
  /// Without scopes: `preadv` of `io::File::preadv`.
  llvm::StringRef shortName(Node node) const { return text(nodes_[node].short_name); }
  NodeKind kind(Node node) const { return nodes_[node].kind; }
  Site place(Node node) const { return nodes_[node].place; }
  /// The function's or slot's id in the store; 0 for a node that a user made.
  uint32_t storeId(Node node) const { return nodes_[node].store_id; }
  llvm::StringRef file(uint32_t file) const { return files_[file]; }
  size_t files() const { return files_.size(); }

  /// Edges that begin at a node, to callees; by callee and kind in ascending order.
  llvm::ArrayRef<Arc> out(Node node) const { return range(out_, first_out_, node); }
  /// Edges that end at a node, from callers; by caller in ascending order.
  llvm::ArrayRef<Arc> in(Node node) const { return range(in_, first_in_, node); }
  /// The first of the places where the edge stands in the source.
  Site siteOf(const Arc& arc) const { return sites_[arc.edge]; }

  /// Nodes with exactly this name or short name.
  llvm::ArrayRef<Node> named(llvm::StringRef name) const;
  /// All names, with and without scopes, that start so, in order; at most `limit`.
  std::vector<llvm::StringRef> namesWithPrefix(llvm::StringRef prefix, size_t limit) const;

  /// Labels of markers and capabilities, and those of the node's kind: `function_pointer` and
  /// `external`.
  const llvm::StringMap<NodeSet>& labels() const { return labels_; }
  /// The nodes with a label; nullptr where no node ever had it.
  const NodeSet* labelled(llvm::StringRef label) const;
  /// Its labels, in order.
  std::vector<llvm::StringRef> labelsOf(Node node) const;

  size_t memory() const; ///< bytes, roughly

private:
  friend class GraphArchive;
  friend class GraphBuilder;

  struct Text {
    uint64_t offset = 0;
    uint32_t length = 0;
  };
  struct NodeData {
    Text name, short_name;
    Site place;
    uint32_t store_id = 0;
    NodeKind kind = NodeKind::Function;
  };

  llvm::StringRef text(Text at) const {
    return llvm::StringRef(texts_).substr(at.offset, at.length);
  }
  template <typename Value>
  static llvm::ArrayRef<Value> range(const std::vector<Value>& all,
                                     const std::vector<uint32_t>& first, Node node) {
    return llvm::ArrayRef(all).slice(first[node], first[node + 1] - first[node]);
  }

  std::string texts_;
  std::vector<NodeData> nodes_;
  std::vector<std::string> files_;
  std::vector<uint32_t> first_out_, first_in_; ///< by node, and one more
  std::vector<Arc> out_, in_;
  std::vector<Site> sites_;           ///< by edge
  std::vector<Text> names_;           ///< all names in order, each once
  std::vector<uint32_t> first_named_; ///< by name, and one more
  std::vector<Node> named_;           ///< grouped by name
  llvm::StringMap<NodeSet> labels_;
};

} // namespace lockvet::graph
