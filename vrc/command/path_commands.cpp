// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/registry.h"
#include "vrc/command/session.h"
#include "vrc/query/error.h"
#include "vrc/query/parser.h"
#include "vrc/query/simple_paths.h"

namespace lockvet::command {

namespace {

constexpr size_t kUsualLimit = 20;

llvm::Expected<std::optional<graph::NodeSet>>
nodesOfOption(const Arguments& arguments, llvm::StringRef option, const query::View& view) {
  if (!arguments.has(option))
    return std::nullopt;
  const std::string text =
      std::string(arguments.offset(option), ' ') + arguments.value(option).str();
  llvm::Expected<query::NodeSpec> spec = query::parseNodeSpec(text);
  if (!spec)
    return spec.takeError();
  llvm::Expected<graph::NodeSet> nodes = query::evaluate(*spec, view);
  if (!nodes)
    return nodes.takeError();
  return std::move(*nodes);
}

llvm::Expected<query::Product> productOf(const query::PathExpression& expression,
                                         const Arguments& arguments, const query::View& view) {
  query::Constraints constraints;
  for (auto [option, into] :
       {std::pair("--through", &constraints.through), std::pair("--avoid", &constraints.avoid)}) {
    llvm::Expected<std::optional<graph::NodeSet>> nodes = nodesOfOption(arguments, option, view);
    if (!nodes)
      return nodes.takeError();
    *into = std::move(*nodes);
  }
  llvm::Expected<query::Automaton> automaton = query::makeAutomaton(expression, view, constraints);
  if (!automaton)
    return automaton.takeError();
  return query::Product::make(view, std::move(*automaton));
}

llvm::Expected<Result> enumerate(const query::Product& product, size_t limit) {
  Paths result;
  llvm::Error error = query::forEachSimplePath(product, [&](const query::Path& path) {
    if (limit != 0 && result.paths.size() == limit) {
      result.is_cut = true;
      return false;
    }
    result.paths.push_back(path);
    return true;
  });
  if (error)
    return std::move(error);
  return result;
}

llvm::Expected<Result> search(Session& session, const query::PathExpression& expression,
                              const Arguments& arguments, size_t usual_limit) {
  llvm::Expected<graph::EdgeKinds> edges = edgesOf(arguments);
  if (!edges)
    return edges.takeError();
  llvm::Expected<size_t> limit = arguments.number("--limit", usual_limit);
  if (!limit)
    return limit.takeError();
  llvm::Expected<query::Product> product = productOf(expression, arguments, session.view(*edges));
  if (!product)
    return product.takeError();
  if (arguments.has("--count")) {
    llvm::Expected<uint64_t> count = query::countPairs(*product);
    if (!count)
      return count.takeError();
    return Number{*count};
  }
  if (arguments.has("--all"))
    return enumerate(*product, *limit);
  // One more than asked for tells whether there are more.
  llvm::Expected<std::vector<query::Pair>> pairs =
      query::rankedPairs(*product, *limit == 0 ? 0 : *limit + 1);
  if (!pairs)
    return pairs.takeError();
  Paths result;
  if (*limit != 0 && pairs->size() > *limit) {
    result.is_cut = true;
    pairs->resize(*limit);
  }
  llvm::Expected<std::vector<query::Path>> found = query::witnesses(*product, *pairs);
  if (!found)
    return found.takeError();
  result.paths = std::move(*found);
  if (result.paths.empty() && !arguments.has("--edges")) {
    llvm::Expected<query::Product> guessed = productOf(
        expression, arguments,
        session.view(static_cast<graph::EdgeKinds>(*edges | graph::bit(graph::EdgeKind::Type))));
    if (!guessed)
      return guessed.takeError();
    result.has_guesses_only = !guessed->starts().empty();
  }
  return result;
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
