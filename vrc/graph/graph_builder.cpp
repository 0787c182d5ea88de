// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/graph/graph_builder.h"

#include <algorithm>
#include <tuple>

namespace lockvet::graph {

GraphBuilder::GraphBuilder() {
  graph_.files_.emplace_back();
}

GraphBuilder::GraphBuilder(const Graph& graph) : graph_(graph) {
  for (Node node = 0; node < graph.size(); ++node)
    for (const Arc& arc : graph.out(node))
      edges_.push_back({node, arc.node, arc.kind, graph.siteOf(arc)});
  for (uint32_t file = 1; file < graph.files(); ++file)
    file_ids_[graph.file(file)] = file;
}

Graph::Text GraphBuilder::save(llvm::StringRef text) {
  const Graph::Text at{graph_.texts_.size(), static_cast<uint32_t>(text.size())};
  graph_.texts_ += text;
  return at;
}

uint32_t GraphBuilder::addFile(llvm::StringRef path) {
  auto [entry, is_new] = file_ids_.try_emplace(path, static_cast<uint32_t>(graph_.files_.size()));
  if (is_new)
    graph_.files_.push_back(path.str());
  return entry->second;
}

Node GraphBuilder::addNode(llvm::StringRef name, llvm::StringRef short_name, NodeKind kind,
                           Site place, uint32_t store_id) {
  const Graph::Text at = save(name);
  // The short name is as a rule the end of the long one.
  const Graph::Text short_at = name.ends_with(short_name)
                                   ? Graph::Text{at.offset + name.size() - short_name.size(),
                                                 static_cast<uint32_t>(short_name.size())}
                                   : save(short_name);
  graph_.nodes_.push_back({at, short_at, place, store_id, kind});
  return static_cast<Node>(graph_.nodes_.size() - 1);
}

void GraphBuilder::addEdge(Node from, Node to, EdgeKind kind, Site site) {
  edges_.push_back({from, to, kind, site});
}

void GraphBuilder::addLabel(llvm::StringRef label, Node node) {
  NodeSet& set = graph_.labels_[label];
  if (set.size() <= node)
    set.resize(std::max<size_t>(node + 1, graph_.nodes_.size()));
  set.set(node);
}

void GraphBuilder::finishEdges() {
  // Any place is better than none.
  auto key = [](const Edge& edge) {
    return std::tuple(edge.from, edge.to, edge.kind, edge.site.file == 0, edge.site);
  };
  std::sort(edges_.begin(), edges_.end(),
            [&](const Edge& a, const Edge& b) { return key(a) < key(b); });
  size_t kept = 0;
  bool has_call = false; // between the ends of the edge that was kept last
  for (const Edge& edge : edges_) {
    const bool has_same_ends =
        kept != 0 && edges_[kept - 1].from == edge.from && edges_[kept - 1].to == edge.to;
    has_call = has_call && has_same_ends;
    if ((has_same_ends && edges_[kept - 1].kind == edge.kind) ||
        (has_call && edge.kind == EdgeKind::Reference))
      continue;
    has_call = has_call || edge.kind < EdgeKind::Type;
    edges_[kept++] = edge;
  }
  edges_.resize(kept);

  const size_t nodes = graph_.nodes_.size();
  const auto count = static_cast<uint32_t>(edges_.size());
  graph_.first_out_.assign(nodes + 1, 0);
  graph_.first_in_.assign(nodes + 1, 0);
  graph_.out_.resize(count);
  graph_.in_.resize(count);
  graph_.sites_.resize(count);
  for (const Edge& edge : edges_) {
    ++graph_.first_out_[edge.from + 1];
    ++graph_.first_in_[edge.to + 1];
  }
  for (size_t node = 0; node < nodes; ++node) {
    graph_.first_out_[node + 1] += graph_.first_out_[node];
    graph_.first_in_[node + 1] += graph_.first_in_[node];
  }
  std::vector<uint32_t> next(graph_.first_in_.begin(), graph_.first_in_.end());
  for (uint32_t index = 0; index < count; ++index) {
    const Edge& edge = edges_[index];
    graph_.out_[index] = {edge.to, index, edge.kind};
    graph_.in_[next[edge.to]++] = {edge.from, index, edge.kind};
    graph_.sites_[index] = edge.site;
  }
  std::vector<Edge>().swap(edges_);
}

void GraphBuilder::finishNames() {
  std::vector<std::pair<llvm::StringRef, Node>> all;
  all.reserve(graph_.nodes_.size());
  for (Node node = 0; node < graph_.nodes_.size(); ++node) {
    all.emplace_back(graph_.name(node), node);
    if (graph_.nodes_[node].name.length != graph_.nodes_[node].short_name.length)
      all.emplace_back(graph_.shortName(node), node);
  }
  std::sort(all.begin(), all.end());
  graph_.names_.clear();
  graph_.first_named_.clear();
  graph_.named_.clear();
  const char* base = graph_.texts_.data();
  llvm::StringRef last;
  for (const auto& [name, node] : all) {
    if (graph_.names_.empty() || name != last) {
      graph_.names_.push_back(
          {static_cast<uint64_t>(name.data() - base), static_cast<uint32_t>(name.size())});
      graph_.first_named_.push_back(static_cast<uint32_t>(graph_.named_.size()));
      last = name;
    }
    graph_.named_.push_back(node);
  }
  graph_.first_named_.push_back(static_cast<uint32_t>(graph_.named_.size()));
}

Graph GraphBuilder::finish() {
  finishEdges();
  finishNames();
  for (Node node = 0; node < graph_.nodes_.size(); ++node)
    if (graph_.nodes_[node].kind == NodeKind::External)
      addLabel("external", node);
    else if (graph_.nodes_[node].kind == NodeKind::Slot)
      addLabel("function_pointer", node);
  for (auto& entry : graph_.labels_)
    entry.second.resize(graph_.nodes_.size());
  return std::move(graph_);
}

} // namespace lockvet::graph
