// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Words of inference for its readers: locks, needs, and the steps that lead to them. Stateless.

#pragma once

#include "analyzer/infer/needs.h"
#include "analyzer/rules/finding.h"

namespace lockvet::infer {

/// "graph_lock" of "graph_lock@/file.c", "mu" of "this->mu", "lock of argument 1" of "$0->lock".
std::string lockWords(llvm::StringRef lock);

/// "coroutine_fn", "requires graph_lock", "requires graph_lock (shared)".
std::string markingWords(const Marking& marking);

/// "f()", "Record::field".
std::string subjectWords(const program::Program& program, const Subject& subject);

/// What a need asks for, as a marker.
Marking markingOf(const Need& need, const locks::PathTable& paths);

/// Why the subject has the need, first step: "it calls f(), which requires graph_lock".
std::string becauseOf(const program::Program& program, const Needs& needs,
                      const locks::PathTable& paths, uint32_t need);

/// Where that is.
program::Place placeOf(const program::Program& program, const Needs& needs, uint32_t need);

/// All steps from the need to what has it by itself.
std::vector<rules::Step> stepsTo(const program::Program& program, const Needs& needs,
                                 const locks::PathTable& paths, uint32_t need);

} // namespace lockvet::infer
