// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a user added to a graph by hand. It is kept beside the graph until somebody asks: a file of
// a hundred thousand such commands, as the older `vrc` saves them, makes one graph and not as many.
// Owned by a session.

#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "vrc/graph/graph.h"

#include <memory>

namespace lockvet::command {

class Edits {
public:
  /// Forgets everything; what comes is added to this graph.
  void begin(std::shared_ptr<const graph::Graph> base);

  /// How many nodes there are, and which have a name, those added included.
  size_t size() const { return base_->size() + nodes_.size(); }
  llvm::SmallVector<graph::Node, 2> named(llvm::StringRef name) const;
  /// The file of a node; "" for none.
  llvm::StringRef fileOf(graph::Node node) const;

  void addNode(llvm::StringRef name, llvm::StringRef file, graph::NodeKind kind);
  void addEdge(graph::Node from, graph::Node to, graph::EdgeKind kind);
  void addLabel(llvm::StringRef label, llvm::ArrayRef<graph::Node> nodes);
  /// Takes back labels; or everything, after which added nodes are no more.
  void dropLabels();
  void dropAll();

  /// Has anything changed since apply()?
  bool isPending() const { return is_pending_; }
  /// The base with all that was added.
  std::shared_ptr<const graph::Graph> apply();

private:
  struct AddedNode {
    std::string name, file;
    graph::NodeKind kind = graph::NodeKind::Function;
  };
  struct AddedEdge {
    graph::Node from = graph::kNoNode;
    graph::Node to = graph::kNoNode;
    graph::EdgeKind kind = graph::EdgeKind::Direct;
  };

  std::shared_ptr<const graph::Graph> base_;
  std::vector<AddedNode> nodes_;
  llvm::StringMap<llvm::SmallVector<graph::Node, 1>> nodes_by_name_;
  std::vector<AddedEdge> edges_;
  llvm::StringMap<std::vector<graph::Node>> labels_;
  bool is_pending_ = false;
};

} // namespace lockvet::command
