// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The two questions about where code runs: in a coroutine or not, and in the main loop's thread or
// in another. Both are answered alike, from different markers, predicates and registrars; a
// dimension says which, and in which words people are told. Plain values, made from a
// configuration.

#pragma once

#include "analyzer/config/config.h"
#include "analyzer/program/guard_state.h"
#include "analyzer/program/program.h"

#include <optional>
#include <string>
#include <vector>

namespace lockvet::program {

struct ContextDimension {
  Labels inside = 0;      ///< runs inside only
  Labels outside = 0;     ///< runs outside, or must be taken to
  Labels either = 0;      ///< runs in both, whatever else it is marked
  Labels not_inside = 0;  ///< must not be called inside
  Labels not_outside = 0; ///< must not be called outside
  /// A call of what has the marker and may run in `asserted` only comes back nowhere else: whoever
  /// makes it in any case is so bound itself.
  Labels asserting = 0;
  Context asserted = kOutside;
  /// Markers are statements in bodies, which may assert what they mean: then the body tells where.
  bool has_statements = false;
  std::vector<std::string> predicates; ///< functions that tell whether the caller is inside
  Context of_main = kOutside;          ///< where main() runs
  std::vector<std::string> outside_roots;
  llvm::StringRef inside_words;  ///< "in a coroutine"
  llvm::StringRef outside_words; ///< "outside coroutines"

  static ContextDimension coroutines(const config::Config& config);
  static ContextDimension threads(const config::Config& config);

  bool isMarked(Labels labels) const { return labels & (inside | outside | either); }
  bool isEither(Labels labels) const { return labels & either; }
  /// Must a function with these markers, called by its name, not be called in a context?
  bool forbids(Labels labels, Context context) const {
    return !isEither(labels) && (labels & (context == kInside ? not_inside : not_outside));
  }
  bool isAsserting(Labels labels) const {
    return (labels & asserting) && !isEither(labels) &&
           !(has_statements && (labels & (asserted == kInside ? outside : inside)));
  }
  /// Where what is registered so runs.
  std::optional<Context> contextOf(const Registration& registration) const;

private:
  bool asks_label_ = false; ///< a registration's label tells, and not its context
};

} // namespace lockvet::program
