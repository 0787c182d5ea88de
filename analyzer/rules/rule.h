// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a rule is: a name, words about it, and a function of the program. Each rule has a file of
// its own; registry.h knows them all.

#pragma once

#include "analyzer/locks/lock_analysis.h"
#include "analyzer/program/context_guards.h"
#include "analyzer/program/contexts.h"
#include "analyzer/program/program.h"
#include "analyzer/rules/finding.h"
#include "llvm/ADT/StringRef.h"

#include <vector>

namespace lockvet::rules {

/// What rules may look at.
struct RuleInput {
  const program::Program& program;
  const program::ContextGuards& guards; ///< whether in a coroutine
  const program::ContextInference& contexts;
  const program::ContextGuards& thread_guards; ///< whether in the main loop's thread
  const program::ContextInference& thread_contexts;
  const locks::LockAnalysis& locks;
  const config::Config& config;

  /// The same with threads in the place of coroutines, for rules that ask about those.
  RuleInput ofThreads() const {
    return {program, thread_guards, thread_contexts, thread_guards, thread_contexts, locks, config};
  }
};

using Findings = std::vector<Finding>;

struct Rule {
  llvm::StringRef id;
  llvm::StringRef summary;               ///< one sentence with a full stop
  llvm::StringRef help;                  ///< what to do about a finding, some sentences
  Severity severity = Severity::Warning; ///< the most severe that it gives
  void (*run)(const RuleInput& input, Findings& findings) = nullptr;
  bool is_off = false; ///< until the configuration gives it a level, or it is asked for by name
};

// One declaration a rule; the definition is in the file of that name.
extern const Rule kAnnotationMismatch;
extern const Rule kBlockingInCoroutine;
extern const Rule kContext;
extern const Rule kCoroutineCall;
extern const Rule kEscapeHatch;
extern const Rule kLockExcluded;
extern const Rule kLockKind;
extern const Rule kLockOrder;
extern const Rule kLockRequired;
extern const Rule kMixedInCoroutine;
extern const Rule kNoCoroutineCall;
extern const Rule kPhantomUnlock;
extern const Rule kPointerAnnotation;
extern const Rule kPollUnderLock;
extern const Rule kSuspendUnderLock;
extern const Rule kUnneededAnnotation;

/// The compiler's own diagnostics: one rule a warning group, all run by this.
void addCompilerDiagnostics(const RuleInput& input, Findings& findings);

} // namespace lockvet::rules
