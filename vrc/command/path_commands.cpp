// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/path_search.h"
#include "vrc/command/registry.h"
#include "vrc/command/session.h"
#include "vrc/query/error.h"
#include "vrc/query/parser.h"

namespace lockvet::command {

namespace {

constexpr size_t kUsualLimit = 20;

/// What --through and --avoid say; errors have their places in the line.
llvm::Expected<query::Constraints> constraintsOf(const Arguments& arguments,
                                                 const query::View& view) {
  query::Constraints constraints;
  for (auto [option, into] :
       {std::pair("--through", &constraints.through), std::pair("--avoid", &constraints.avoid)}) {
    if (!arguments.has(option))
      continue;
    llvm::Expected<graph::NodeSet> nodes = query::evaluate(
        std::string(arguments.offset(option), ' ') + arguments.value(option).str(), view);
    if (!nodes)
      return nodes.takeError();
    *into = std::move(*nodes);
  }
  return constraints;
}

llvm::Expected<Result> search(Session& session, const query::PathExpression& expression,
                              const Arguments& arguments, size_t usual_limit) {
  llvm::Expected<graph::EdgeKinds> edges = edgesOf(arguments);
  if (!edges)
    return edges.takeError();
  llvm::Expected<size_t> limit = arguments.number("--limit", usual_limit);
  if (!limit)
    return limit.takeError();
  const query::View view = session.view(*edges);
  llvm::Expected<query::Constraints> constraints = constraintsOf(arguments, view);
  if (!constraints)
    return constraints.takeError();
  llvm::Expected<query::Product> product = query::Product::make(expression, view, *constraints);
  if (!product)
    return product.takeError();
  if (arguments.has("--count")) {
    llvm::Expected<uint64_t> count = query::countPairs(*product);
    if (!count)
      return count.takeError();
    return Number{*count};
  }
  // The form has been looked at before; here it says whether somebody can show them one by one.
  llvm::Expected<std::optional<Form>> form = formOf(arguments);
  if (!form)
    return form.takeError();
  const bool is_text = form->value_or(Form::Text) == Form::Text;
  llvm::Expected<Paths> result =
      arguments.has("--all") ? simplePaths(*product, *limit, is_text ? session.on_path : nullptr)
                             : bestPaths(*product, *limit);
  if (!result)
    return result.takeError();
  if (result->paths.empty() && result->handed_over == 0 && !arguments.has("--edges")) {
    llvm::Expected<query::Product> guessed = query::Product::make(
        expression,
        session.view(static_cast<graph::EdgeKinds>(*edges | graph::bit(graph::EdgeKind::Type))),
        *constraints);
    if (!guessed)
      return guessed.takeError();
    result->has_guesses_only = !guessed->starts().empty();
  }
  return std::move(*result);
}

} // namespace

llvm::Expected<Result> paths(Session& session, const Arguments& arguments) {
  llvm::Expected<query::PathExpression> expression = query::parsePath(arguments.operands());
  if (!expression)
    return expression.takeError();
  return search(session, *expression, arguments, kUsualLimit);
}

llvm::Expected<query::PathExpression> pathBetween(const Arguments& arguments) {
  llvm::Expected<query::PathExpression> ends = query::parsePath(arguments.operands());
  if (!ends)
    return ends;
  using Kind = query::PathExpression::Kind;
  if (ends->kind != Kind::Sequence || ends->operands.size() != 2)
    return query::errorAt(arguments.operands().size(), "expected where the path begins and ends");
  query::PathExpression anything{.kind = Kind::Star};
  anything.operands.emplace_back();
  ends->operands.insert(ends->operands.begin() + 1, std::move(anything));
  return ends;
}

llvm::Expected<Result> path(Session& session, const Arguments& arguments) {
  llvm::Expected<query::PathExpression> ends = pathBetween(arguments);
  if (!ends)
    return ends.takeError();
  return search(session, *ends, arguments, 1);
}

} // namespace lockvet::command
