// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/path_rules/path_rules.h"

#include "vrc/graph/from_program.h"
#include "vrc/query/best_paths.h"
#include "vrc/query/error.h"
#include "vrc/query/parser.h"

#include <map>

namespace lockvet::path_rules {

namespace {

using graph::Graph;
using graph::Node;

rules::Severity severityOf(config::Level level) {
  switch (level) {
  case config::Level::Error:
    return rules::Severity::Error;
  case config::Level::Note:
    return rules::Severity::Note;
  case config::Level::Off:
  case config::Level::Warning:
    break;
  }
  return rules::Severity::Warning;
}

rules::Confidence confidenceOf(const query::Path& path) {
  rules::Confidence confidence = rules::Confidence::Direct;
  for (size_t index = 1; index < path.size(); ++index)
    if (path[index].kind == graph::EdgeKind::Flow)
      confidence = rules::Confidence::Flow;
    else if (path[index].kind == graph::EdgeKind::Virtual &&
             confidence == rules::Confidence::Direct)
      confidence = rules::Confidence::Virtual;
  return confidence;
}

class Evaluation {
public:
  Evaluation(const program::Program& program, const Graph& graph, const config::Config& config)
      : program_(program), graph_(graph) {
    // A profile speaks of labels that a small tree has no use for.
    for (const config::LabelRule& label : config.labels)
      known_labels_.insert(label.label);
    for (const config::Registrar& registrar : config.registrars)
      known_labels_.insert(registrar.label);
  }

  llvm::Error run(const config::PathRule& rule, rules::Findings& findings) {
    llvm::Expected<query::PathExpression> expression = query::parsePath(rule.path);
    if (!expression)
      return inRule(rule, expression.takeError());
    const query::View view{.graph = graph_, .known_labels = &known_labels_};
    llvm::Expected<query::Product> product = query::Product::make(*expression, view);
    if (!product)
      return inRule(rule, product.takeError());
    query::BestPaths paths(*product);
    std::vector<query::Position> reached;
    if (llvm::Error error = paths.search(product->starts(), [&](query::Position position) {
          reached.push_back(position);
          return true;
        }))
      return error;
    // By the caller and the end: several calls in one function are one thing to mend.
    std::map<std::pair<Node, Node>, query::Path> entries;
    for (query::Position from : reached) {
      if (product->isEnd(from))
        if (query::Path path = paths.pathTo(from); path.size() == 1)
          entries.try_emplace({graph::kNoNode, path.back().node}, std::move(path));
      product->forEachNext(from, [&](query::Position to, const graph::Arc& arc) {
        if (!product->isEnd(to))
          return;
        auto [entry, is_new] = entries.try_emplace({product->nodeOf(from), arc.node});
        if (!is_new)
          return;
        entry->second = paths.pathTo(from);
        entry->second.push_back({arc.node, arc.kind, graph_.siteOf(arc)});
      });
    }
    for (const auto& [ends, path] : entries)
      findings.push_back(finding(rule, path));
    return llvm::Error::success();
  }

private:
  static llvm::Error inRule(const config::PathRule& rule, llvm::Error error) {
    return llvm::createStringError(rule.where + ": error: in the path of '" + rule.rule +
                                   "': " + llvm::toString(std::move(error)));
  }

  /// A pointer has no place of its own in the source's flow: what calls through it has.
  rules::Finding finding(const config::PathRule& rule, const query::Path& path) const {
    rules::Finding finding;
    finding.rule = rule.rule;
    finding.severity = severityOf(rule.level);
    finding.confidence = confidenceOf(path);
    finding.message = rule.message;
    // The last edge with a place: values that reach a pointer by way of others have none.
    const query::Hop* at = &path.front();
    size_t caller = 0;
    for (size_t index = 1; index < path.size(); ++index)
      if (path[index].site.file != 0 &&
          graph_.kind(path[index - 1].node) != graph::NodeKind::Slot) {
        at = &path[index];
        caller = index - 1;
      }
    const graph::Site site = at == &path.front() ? graph_.place(at->node) : at->site;
    finding.function = graph_.name(path[caller].node).str();
    finding.file = site.file == 0 ? "" : graph_.file(site.file).str();
    finding.line = site.line;
    finding.column = site.column;
    finding.identity = {identityOf(path[caller].node), identityOf(path.back().node)};
    if (path.size() > 1)
      finding.message += ": " + graph_.name(path.front().node).str() + "() reaches " +
                         graph_.name(path.back().node).str() + "()";
    finding.witness.push_back(
        step(path.front().node, graph_.place(path.front().node),
             "the path begins at " + graph_.name(path.front().node).str() + "()"));
    for (size_t index = 1; index < path.size(); ++index)
      finding.witness.push_back(step(path[index - 1].node, path[index].site, reason(path[index])));
    return finding;
  }

  std::string identityOf(Node node) const {
    const uint32_t id = graph_.storeId(node);
    return graph_.kind(node) == graph::NodeKind::Slot ? program_.slot(id).key.str()
                                                      : program_.function(id).usr.str();
  }

  rules::Step step(Node function, const graph::Site& site, std::string reason) const {
    return {graph_.kind(function) == graph::NodeKind::Slot ? "" : graph_.name(function).str(),
            site.file == 0 ? "" : graph_.file(site.file).str(), site.line, site.column,
            std::move(reason)};
  }

  std::string reason(const query::Hop& hop) const {
    if (graph_.kind(hop.node) == graph::NodeKind::Slot)
      return "calls through " + graph_.name(hop.node).str();
    const std::string name = graph_.name(hop.node).str() + "()";
    switch (hop.kind) {
    case graph::EdgeKind::Flow:
      return "which can be " + name;
    case graph::EdgeKind::Virtual:
      return "calls " + name + " by a virtual call";
    case graph::EdgeKind::Implicit:
      return "runs " + name;
    default:
      return "calls " + name;
    }
  }

  const program::Program& program_;
  const Graph& graph_;
  llvm::StringSet<> known_labels_;
};

} // namespace

llvm::Expected<rules::Findings> run(const program::Program& program, const config::Config& config,
                                    llvm::ArrayRef<std::string> only) {
  rules::Findings findings;
  if (config.path_rules.empty())
    return findings;
  const Graph graph = graph::fromProgram(program);
  Evaluation evaluation(program, graph, config);
  for (const config::PathRule& rule : config.path_rules)
    if (only.empty() || llvm::is_contained(only, rule.rule))
      if (llvm::Error error = evaluation.run(rule, findings))
        return std::move(error);
  return findings;
}

} // namespace lockvet::path_rules
