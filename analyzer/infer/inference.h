// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The weakest markers that make a program consistent with those it has, each with the reason, and
// the places where none would. Computed once over a whole program; plain values.

#pragma once

#include "analyzer/infer/input.h"
#include "analyzer/rules/finding.h"

#include <set>
#include <vector>

namespace lockvet::infer {

using MarkerKinds = std::set<MarkerKind>;

/// Those that a program is inconsistent without. What no_coroutine_fn and excludes forbid is true
/// of whatever calls a function that has them, up to `main`: a tree marks some of these and never
/// all, so that they are inferred only when asked for. And coroutine_mixed_fn forbids nothing.
MarkerKinds defaultKinds();

/// A marker that is missing.
struct Missing {
  Marking marking;
  std::string because;             ///< a clause: "it calls coroutine_fn f()"
  program::Place place;            ///< of what implies it
  std::vector<rules::Step> reason; ///< from there down to what has the marker, or is guarded
};

/// A function for which no marker is right: what it calls needs what its callers do not have.
struct Conflict {
  Marking marking;     ///< what it would need
  std::string message; ///< one sentence without a full stop
  program::Place place;
  std::vector<rules::Step> reason; ///< down to what needs it, and up to who does not have it
};

struct Inference {
  std::vector<Missing> missing;
  std::vector<Conflict> conflicts;
};

Inference infer(const Input& input, const MarkerKinds& kinds);

} // namespace lockvet::infer
