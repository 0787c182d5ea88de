// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/query/automaton.h"

namespace lockvet::query {

namespace {

llvm::Error tooLong() {
  return llvm::createStringError("the path has more than " + llvm::Twine(kMaxStates) +
                                 " parts; with --through each counts three times");
}

/// What Glushkov's construction needs to know of a part of the expression.
struct Part {
  States first = 0;
  States last = 0;
  bool can_be_empty = false;
};

class Construction {
public:
  explicit Construction(const View& view) : view_(view) {}

  llvm::Expected<Automaton> run(const PathExpression& path) {
    llvm::Expected<Part> whole = part(path);
    if (!whole)
      return whole.takeError();
    automaton_.first = whole->first;
    automaton_.last = whole->last;
    return std::move(automaton_);
  }

private:
  llvm::Expected<Part> part(const PathExpression& path) {
    switch (path.kind) {
    case PathExpression::Kind::Nodes:
      return nodes(path.spec);
    case PathExpression::Kind::Sequence:
      return sequence(path);
    case PathExpression::Kind::Alternation: {
      Part all;
      for (const PathExpression& operand : path.operands) {
        llvm::Expected<Part> one = part(operand);
        if (!one)
          return one;
        all.first |= one->first;
        all.last |= one->last;
        all.can_be_empty |= one->can_be_empty;
      }
      return all;
    }
    case PathExpression::Kind::Star:
    case PathExpression::Kind::Plus:
    case PathExpression::Kind::Optional: {
      llvm::Expected<Part> inner = part(path.operands[0]);
      if (!inner)
        return inner;
      if (path.kind != PathExpression::Kind::Optional)
        connect(inner->last, inner->first);
      inner->can_be_empty |= path.kind != PathExpression::Kind::Plus;
      return inner;
    }
    }
    return Part();
  }

  llvm::Expected<Part> nodes(const NodeSpec& spec) {
    if (automaton_.states() == kMaxStates)
      return tooLong();
    llvm::Expected<NodeSet> set = evaluate(spec, view_);
    if (!set)
      return set.takeError();
    const States state = States(1) << automaton_.states();
    automaton_.nodes.push_back(std::move(*set));
    automaton_.follow.push_back(0);
    automaton_.precede.push_back(0);
    return Part{state, state, false};
  }

  llvm::Expected<Part> sequence(const PathExpression& path) {
    Part all{0, 0, true};
    for (const PathExpression& operand : path.operands) {
      llvm::Expected<Part> next = part(operand);
      if (!next)
        return next;
      connect(all.last, next->first);
      if (all.can_be_empty)
        all.first |= next->first;
      all.last = next->last | (next->can_be_empty ? all.last : 0);
      all.can_be_empty &= next->can_be_empty;
    }
    return all;
  }

  void connect(States from, States to) {
    forEachState(from, [&](size_t state) { automaton_.follow[state] |= to; });
    forEachState(to, [&](size_t state) { automaton_.precede[state] |= from; });
  }

  const View& view_;
  Automaton automaton_;
};

/// The automaton's paths that touch a set: each state three times, for nodes before the set was
/// touched, for the node that touches it first, and for nodes after that.
llvm::Expected<Automaton> through(const Automaton& plain, const NodeSet& set) {
  const size_t count = plain.states();
  if (count * 3 > kMaxStates)
    return tooLong();
  auto shifted = [&](States states, size_t copy) { return states << (copy * count); };
  Automaton result;
  result.nodes.resize(count * 3);
  result.follow.resize(count * 3);
  result.precede.resize(count * 3);
  for (size_t state = 0; state < count; ++state) {
    NodeSet& before = result.nodes[state] = plain.nodes[state];
    before.reset(set);
    result.nodes[count + state] = plain.nodes[state];
    result.nodes[count + state] &= set;
    result.nodes[2 * count + state] = plain.nodes[state];
    result.follow[state] = shifted(plain.follow[state], 0) | shifted(plain.follow[state], 1);
    result.follow[count + state] = result.follow[2 * count + state] =
        shifted(plain.follow[state], 2);
    result.precede[state] = result.precede[count + state] = shifted(plain.precede[state], 0);
    result.precede[2 * count + state] =
        shifted(plain.precede[state], 1) | shifted(plain.precede[state], 2);
  }
  result.first = shifted(plain.first, 0) | shifted(plain.first, 1);
  result.last = shifted(plain.last, 1) | shifted(plain.last, 2);
  return result;
}

} // namespace

llvm::Expected<Automaton> makeAutomaton(const PathExpression& path, const View& view,
                                        const Constraints& constraints) {
  llvm::Expected<Automaton> automaton = Construction(view).run(path);
  if (!automaton)
    return automaton;
  if (constraints.avoid)
    for (NodeSet& nodes : automaton->nodes)
      nodes.reset(*constraints.avoid);
  return constraints.through ? through(*automaton, *constraints.through) : std::move(automaton);
}

} // namespace lockvet::query
