// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A path expression as a position automaton (Glushkov, "The abstract theory of automata", 1961):
// one state for each node spec of the expression, entered by a node of its set. It has no empty
// moves, so a search over (node, state) walks exactly one edge of the graph a step.

#pragma once

#include "llvm/ADT/bit.h"
#include "llvm/Support/Error.h"
#include "vrc/query/node_specs.h"

#include <optional>

namespace lockvet::query {

/// A set of states.
using States = uint64_t;
inline constexpr size_t kMaxStates = 64;

template <typename Visit> void forEachState(States states, Visit visit) {
  for (; states != 0; states &= states - 1)
    visit(static_cast<size_t>(llvm::countr_zero(states)));
}

struct Automaton {
  std::vector<NodeSet> nodes;  ///< by state: which nodes enter it
  std::vector<States> follow;  ///< by state: what can come next
  std::vector<States> precede; ///< by state: what can come before
  States first = 0;
  States last = 0;

  size_t states() const { return nodes.size(); }
};

/// What paths must and must not touch.
struct Constraints {
  std::optional<NodeSet> through; ///< at least one node of it, ends included
  std::optional<NodeSet> avoid;   ///< none of it
};

/// An error where the expression has more than kMaxStates states, or a node spec is wrong.
llvm::Expected<Automaton> makeAutomaton(const PathExpression& path, const View& view,
                                        const Constraints& constraints = {});

} // namespace lockvet::query
