// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/registry.h"
#include "vrc/command/session.h"
#include "vrc/query/witness.h"

namespace lockvet::command {

llvm::Expected<Result> dominators(Session& session, const Arguments& arguments) {
  llvm::Expected<graph::EdgeKinds> edges = edgesOf(arguments);
  if (!edges)
    return edges.takeError();
  const query::View view = session.view(*edges);
  llvm::Expected<query::PathExpression> path = pathBetween(arguments);
  if (!path)
    return path.takeError();
  llvm::Expected<query::Product> all = query::Product::make(*path, view);
  if (!all)
    return all.takeError();
  llvm::Expected<std::vector<query::Pair>> pairs = query::rankedPairs(*all, 1);
  if (!pairs)
    return pairs.takeError();
  llvm::Expected<std::vector<query::Path>> one = query::witnesses(*all, *pairs);
  if (!one)
    return one.takeError();
  Functions result;
  if (one->empty())
    return result;
  // What every path passes is on this one: those without which there is none.
  for (const query::Hop& hop : one->front()) {
    query::Constraints constraints;
    constraints.avoid = graph::NodeSet(static_cast<unsigned>(session.graph().size()));
    constraints.avoid->set(hop.node);
    llvm::Expected<query::Product> without = query::Product::make(*path, view, constraints);
    if (!without)
      return without.takeError();
    if (without->starts().empty())
      result.nodes.push_back(hop.node);
  }
  return result;
}

} // namespace lockvet::command
