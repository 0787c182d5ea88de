// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/edits.h"

#include "vrc/graph/graph_builder.h"

namespace lockvet::command {

using graph::Node;

void Edits::begin(std::shared_ptr<const graph::Graph> base) {
  base_ = std::move(base);
  dropAll();
  is_pending_ = false;
}

llvm::SmallVector<Node, 2> Edits::named(llvm::StringRef name) const {
  llvm::SmallVector<Node, 2> nodes(base_->named(name));
  if (auto added = nodes_by_name_.find(name); added != nodes_by_name_.end())
    nodes.append(added->second);
  return nodes;
}

llvm::StringRef Edits::fileOf(Node node) const {
  return node < base_->size() ? base_->file(base_->place(node).file)
                              : llvm::StringRef(nodes_[node - base_->size()].file);
}

void Edits::addNode(llvm::StringRef name, llvm::StringRef file, graph::NodeKind kind) {
  nodes_by_name_[name].push_back(static_cast<Node>(size()));
  nodes_.push_back({name.str(), file.str(), kind});
  is_pending_ = true;
}

void Edits::addEdge(Node from, Node to, graph::EdgeKind kind) {
  edges_.push_back({from, to, kind});
  is_pending_ = true;
}

void Edits::addLabel(llvm::StringRef label, llvm::ArrayRef<Node> nodes) {
  std::vector<Node>& labelled = labels_[label];
  labelled.insert(labelled.end(), nodes.begin(), nodes.end());
  is_pending_ = true;
}

void Edits::dropLabels() {
  is_pending_ = is_pending_ || !labels_.empty();
  labels_.clear();
}

void Edits::dropAll() {
  dropLabels();
  is_pending_ = is_pending_ || !nodes_.empty() || !edges_.empty();
  nodes_.clear();
  nodes_by_name_.clear();
  edges_.clear();
}

std::shared_ptr<const graph::Graph> Edits::apply() {
  is_pending_ = false;
  if (nodes_.empty() && edges_.empty() && labels_.empty())
    return base_;
  graph::GraphBuilder builder(*base_);
  for (const AddedNode& node : nodes_) {
    graph::Site place;
    if (!node.file.empty())
      place.file = builder.addFile(node.file);
    builder.addNode(node.name, node.name, node.kind, place);
  }
  for (const AddedEdge& edge : edges_)
    builder.addEdge(edge.from, edge.to, edge.kind, {});
  for (const auto& entry : labels_)
    for (Node node : entry.second)
      builder.addLabel(entry.first(), node);
  return std::make_shared<const graph::Graph>(builder.finish());
}

} // namespace lockvet::command
