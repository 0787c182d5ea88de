// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/python/searches.h"

#include "vrc/query/parser.h"
#include "vrc/query/simple_paths.h"

namespace lockvet::python {

namespace {

llvm::Expected<graph::NodeSet> evaluated(llvm::StringRef text, const query::View& view) {
  llvm::Expected<query::NodeSpec> spec = query::parseNodeSpec(text);
  if (!spec)
    return spec.takeError();
  return query::evaluate(*spec, view);
}

llvm::Expected<query::Product> productOf(command::Session& session, const PathRequest& request,
                                         std::string& blamed) {
  const query::View view = session.view(request.edges);
  query::Constraints constraints;
  for (auto [text, into] : {std::pair(&request.through, &constraints.through),
                            std::pair(&request.avoid, &constraints.avoid)}) {
    if (!*text)
      continue;
    blamed = **text;
    llvm::Expected<graph::NodeSet> nodes = evaluated(blamed, view);
    if (!nodes)
      return nodes.takeError();
    *into = std::move(*nodes);
  }
  blamed = request.expression;
  llvm::Expected<query::PathExpression> expression = query::parsePath(blamed);
  if (!expression)
    return expression.takeError();
  llvm::Expected<query::Automaton> automaton = query::makeAutomaton(*expression, view, constraints);
  if (!automaton)
    return automaton.takeError();
  return query::Product::make(view, std::move(*automaton));
}

llvm::Expected<command::Paths> simplePaths(const query::Product& product, size_t limit) {
  command::Paths result;
  llvm::Error error = query::forEachSimplePath(product, [&](const query::Path& path) {
    result.is_cut = limit != 0 && result.paths.size() == limit;
    if (!result.is_cut)
      result.paths.push_back(path);
    return !result.is_cut;
  });
  if (error)
    return std::move(error);
  return result;
}

} // namespace

llvm::Expected<std::vector<graph::Node>> nodesOf(command::Session& session, llvm::StringRef spec,
                                                 graph::EdgeKinds edges) {
  llvm::Expected<graph::NodeSet> nodes = evaluated(spec, session.view(edges));
  if (!nodes)
    return nodes.takeError();
  return std::vector<graph::Node>(nodes->set_bits_begin(), nodes->set_bits_end());
}

llvm::Expected<command::Paths> searchPaths(command::Session& session, const PathRequest& request,
                                           std::string& blamed) {
  llvm::Expected<query::Product> product = productOf(session, request, blamed);
  if (!product)
    return product.takeError();
  const size_t limit = request.limit;
  if (request.is_simple)
    return simplePaths(*product, limit);
  // One more than asked for tells whether there are more.
  llvm::Expected<std::vector<query::Pair>> pairs =
      query::rankedPairs(*product, limit == 0 ? 0 : limit + 1);
  if (!pairs)
    return pairs.takeError();
  command::Paths result;
  result.is_cut = limit != 0 && pairs->size() > limit;
  if (result.is_cut)
    pairs->resize(limit);
  llvm::Expected<std::vector<query::Path>> paths = query::witnesses(*product, *pairs);
  if (!paths)
    return paths.takeError();
  result.paths = std::move(*paths);
  return result;
}

llvm::Expected<uint64_t> countPaths(command::Session& session, const PathRequest& request,
                                    std::string& blamed) {
  llvm::Expected<query::Product> product = productOf(session, request, blamed);
  if (!product)
    return product.takeError();
  return query::countPairs(*product);
}

command::Neighbours neighboursOf(const query::View& view, graph::Node node, bool of_callers) {
  command::Neighbours result{.of_callers = of_callers, .rows = {}};
  for (const graph::Arc& arc : of_callers ? view.graph.in(node) : view.graph.out(node))
    if (view.follows(arc))
      result.rows.push_back({of_callers ? arc.node : node, of_callers ? node : arc.node,
                             view.graph.kindOf(arc), view.graph.siteOf(arc)});
  return result;
}

} // namespace lockvet::python
