// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/query/node_specs.h"

#include "analyzer/config/path_glob.h"
#include "llvm/ADT/STLExtras.h"
#include "vrc/query/error.h"
#include "vrc/query/parser.h"
#include "vrc/query/regex.h"

namespace lockvet::query {

namespace {

using graph::Arc;

/// Labels that a query may ask for in any tree, whether or not somebody carries them.
bool isWellKnown(llvm::StringRef label) {
  static constexpr llvm::StringLiteral labels[] = {"coroutine_fn",     "coroutine_mixed_fn",
                                                   "no_coroutine_fn",  "blocking",
                                                   "function_pointer", "external"};
  return llvm::is_contained(labels, label) || label.contains(':');
}

constexpr const char* kEmpty =
    ": the graph is empty, since no store is open; `lockvet index` makes one, `open` opens it";

/// The candidate with the least edit distance, if it is near.
class Nearest {
public:
  explicit Nearest(llvm::StringRef wanted)
      : wanted_(wanted), least_(static_cast<unsigned>((wanted.size() + 2) / 3 + 1)) {}

  void consider(llvm::StringRef candidate) {
    const size_t longer = std::max(candidate.size(), wanted_.size());
    if (longer - std::min(candidate.size(), wanted_.size()) >= least_)
      return;
    const unsigned distance = wanted_.edit_distance(candidate, true, least_);
    if (distance < least_) {
      least_ = distance;
      best_ = candidate;
    }
  }

  std::string question() const {
    return best_.empty() ? "" : "; did you mean '" + best_.str() + "'?";
  }

private:
  llvm::StringRef wanted_, best_;
  unsigned least_;
};

class Evaluator {
public:
  explicit Evaluator(const View& view) : view_(view), graph_(view.graph) {}

  llvm::Expected<NodeSet> run(const NodeSpec& spec) {
    if (view_.isStopped())
      return stopped();
    switch (spec.kind) {
    case NodeSpec::Kind::Name:
      return named(spec);
    case NodeSpec::Kind::Regex:
      return matching(spec);
    case NodeSpec::Kind::Label:
      return labelled(spec);
    case NodeSpec::Kind::File:
      return inFiles(spec);
    case NodeSpec::Kind::All:
      return all();
    case NodeSpec::Kind::Not: {
      llvm::Expected<NodeSet> set = run(spec.operands[0]);
      if (set)
        set->flip();
      return set ? visible(std::move(*set)) : std::move(set);
    }
    case NodeSpec::Kind::And:
    case NodeSpec::Kind::Or:
      return combined(spec);
    case NodeSpec::Kind::Callers:
    case NodeSpec::Kind::Callees:
      return oneStep(spec);
    case NodeSpec::Kind::AllCallers:
    case NodeSpec::Kind::AllCallees:
      return closure(spec);
    }
    return NodeSet();
  }

private:
  NodeSet none() const { return NodeSet(static_cast<unsigned>(graph_.size())); }
  NodeSet all() const { return visible(NodeSet(static_cast<unsigned>(graph_.size()), true)); }
  NodeSet visible(NodeSet set) const {
    if (view_.visible)
      set &= *view_.visible;
    return set;
  }

  llvm::Expected<NodeSet> named(const NodeSpec& spec) {
    llvm::ArrayRef<Node> nodes = graph_.named(spec.text);
    if (nodes.empty()) {
      if (graph_.size() == 0)
        return errorAt(spec.offset, "there is no function or pointer '" + spec.text + "'" + kEmpty);
      Nearest nearest(spec.text);
      for (Node node = 0; node < graph_.size(); ++node) {
        nearest.consider(graph_.name(node));
        nearest.consider(graph_.shortName(node));
      }
      return errorAt(spec.offset,
                     "there is no function or pointer '" + spec.text + "'" + nearest.question());
    }
    NodeSet set = none();
    for (Node node : nodes)
      set.set(node);
    return visible(std::move(set));
  }

  llvm::Expected<NodeSet> matching(const NodeSpec& spec) {
    llvm::Expected<Regex> regex = Regex::compile(spec.text, spec.offset);
    if (!regex)
      return regex.takeError();
    NodeSet set = none();
    for (Node node = 0; node < graph_.size(); ++node) {
      if (node % 1024 == 0 && view_.isStopped())
        return stopped();
      if (view_.sees(node) && regex->isIn(graph_.name(node)))
        set.set(node);
    }
    return set;
  }

  llvm::Expected<NodeSet> labelled(const NodeSpec& spec) {
    if (const NodeSet* set = graph_.labelled(spec.text))
      return visible(*set);
    if (isWellKnown(spec.text) || (view_.known_labels && view_.known_labels->contains(spec.text)))
      return none();
    if (graph_.size() == 0)
      return errorAt(spec.offset, "nothing has the label '" + spec.text + "'" + kEmpty);
    Nearest nearest(spec.text);
    for (const auto& entry : graph_.labels())
      nearest.consider(entry.first());
    std::string message = "nothing has the label '" + spec.text + "'" + nearest.question();
    if (!graph_.named(spec.text).empty())
      message += "; in brackets a function's name stands in quotes: \"" + spec.text + "\"";
    return errorAt(spec.offset, std::move(message));
  }

  llvm::Expected<NodeSet> inFiles(const NodeSpec& spec) {
    // A path as a maintainer types it begins at the tree's root, wherever that is.
    llvm::Expected<config::PathGlob> glob =
        config::PathGlob::create((spec.text.starts_with("/") ? "" : "**/") + spec.text);
    if (!glob)
      return errorAt(spec.offset, llvm::toString(glob.takeError()));
    llvm::BitVector files(static_cast<unsigned>(graph_.files()));
    for (uint32_t file = 1; file < graph_.files(); ++file)
      if (glob->matches(graph_.file(file)))
        files.set(file);
    NodeSet set = none();
    for (Node node = 0; node < graph_.size(); ++node)
      if (graph_.place(node).file != 0 && files.test(graph_.place(node).file))
        set.set(node);
    return visible(std::move(set));
  }

  llvm::Expected<NodeSet> combined(const NodeSpec& spec) {
    NodeSet set = spec.kind == NodeSpec::Kind::And ? all() : none();
    for (const NodeSpec& operand : spec.operands) {
      llvm::Expected<NodeSet> one = run(operand);
      if (!one)
        return one;
      if (spec.kind == NodeSpec::Kind::And)
        set &= *one;
      else
        set |= *one;
    }
    return set;
  }

  llvm::ArrayRef<Arc> arcs(Node node, bool to_callers) const {
    return to_callers ? graph_.in(node) : graph_.out(node);
  }

  llvm::Expected<NodeSet> oneStep(const NodeSpec& spec) {
    llvm::Expected<NodeSet> from = run(spec.operands[0]);
    if (!from)
      return from;
    NodeSet set = none();
    for (Node node : from->set_bits())
      for (const Arc& arc : arcs(node, spec.kind == NodeSpec::Kind::Callers))
        if (view_.follows(arc))
          set.set(arc.node);
    return set;
  }

  llvm::Expected<NodeSet> closure(const NodeSpec& spec) {
    llvm::Expected<NodeSet> reached = run(spec.operands[0]);
    if (!reached)
      return reached;
    std::vector<Node> todo(reached->set_bits_begin(), reached->set_bits_end());
    while (!todo.empty()) {
      if (todo.size() % 1024 == 0 && view_.isStopped())
        return stopped();
      const Node node = todo.back();
      todo.pop_back();
      for (const Arc& arc : arcs(node, spec.kind == NodeSpec::Kind::AllCallers))
        if (view_.follows(arc) && !reached->test(arc.node)) {
          reached->set(arc.node);
          todo.push_back(arc.node);
        }
    }
    return reached;
  }

  const View& view_;
  const Graph& graph_;
};

} // namespace

llvm::Error stopped() {
  return llvm::createStringError("interrupted");
}

llvm::Expected<NodeSet> evaluate(const NodeSpec& spec, const View& view) {
  return Evaluator(view).run(spec);
}

llvm::Expected<NodeSet> evaluate(llvm::StringRef text, const View& view) {
  llvm::Expected<NodeSpec> spec = parseNodeSpec(text);
  if (!spec)
    return spec.takeError();
  return evaluate(*spec, view);
}

} // namespace lockvet::query
