// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/python/searches.h"

#include "vrc/command/path_search.h"
#include "vrc/query/parser.h"

namespace lockvet::python {

namespace {

llvm::Expected<query::Product> productOf(command::Session& session, const PathRequest& request,
                                         std::string& blamed) {
  const query::View view = session.view(request.edges);
  query::Constraints constraints;
  for (auto [text, into] : {std::pair(&request.through, &constraints.through),
                            std::pair(&request.avoid, &constraints.avoid)}) {
    if (!*text)
      continue;
    blamed = **text;
    llvm::Expected<graph::NodeSet> nodes = query::evaluate(blamed, view);
    if (!nodes)
      return nodes.takeError();
    *into = std::move(*nodes);
  }
  blamed = request.expression;
  llvm::Expected<query::PathExpression> expression = query::parsePath(blamed);
  if (!expression)
    return expression.takeError();
  return query::Product::make(*expression, view, constraints);
}

} // namespace

llvm::Expected<std::vector<graph::Node>> nodesOf(command::Session& session, llvm::StringRef spec,
                                                 graph::EdgeKinds edges) {
  llvm::Expected<graph::NodeSet> nodes = query::evaluate(spec, session.view(edges));
  if (!nodes)
    return nodes.takeError();
  return std::vector<graph::Node>(nodes->set_bits_begin(), nodes->set_bits_end());
}

llvm::Expected<command::Paths> searchPaths(command::Session& session, const PathRequest& request,
                                           std::string& blamed) {
  llvm::Expected<query::Product> product = productOf(session, request, blamed);
  if (!product)
    return product.takeError();
  return request.is_simple ? command::simplePaths(*product, request.limit)
                           : command::bestPaths(*product, request.limit);
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
      result.rows.push_back({of_callers ? arc.node : node, of_callers ? node : arc.node, arc.kind,
                             view.graph.siteOf(arc)});
  return result;
}

} // namespace lockvet::python
