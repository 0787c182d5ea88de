// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program with all that is known of where its functions run: in coroutines or outside, in the
// main loop's thread or in others. Loaded from a store in one piece, and the ground on which both
// the rules and the inference of markers stand; owned by one of them.

#pragma once

#include "analyzer/program/contexts.h"
#include "analyzer/program/skeletons.h"

#include <memory>

namespace lockvet::program {

struct ContextAnalysis {
  /// Kept where it is, since its parts refer to each other.
  static llvm::Expected<std::unique_ptr<const ContextAnalysis>> load(store::Store& store,
                                                                     const config::Config& config);

  ContextAnalysis(config::Config config, std::unique_ptr<Program> program, Skeletons skeletons);
  ContextAnalysis(const ContextAnalysis&) = delete;
  ContextAnalysis& operator=(const ContextAnalysis&) = delete;

  const config::Config config;
  const std::unique_ptr<const Program> program;
  const Skeletons skeletons;
  const ContextGuards guards;
  const ContextGuards thread_guards; ///< whether in the main loop's thread
  const ContextInference contexts;
  const ContextInference thread_contexts;
};

} // namespace lockvet::program
