// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/lock_analysis.h"

namespace lockvet::locks {

llvm::Expected<std::unique_ptr<LockAnalysis>>
LockAnalysis::compute(store::Store& store, const program::Program& program,
                      const program::ContextGuards& guards,
                      const program::ContextInference& contexts, const config::Config& config) {
  PathTable paths;
  llvm::Expected<Bodies> bodies = Bodies::load(store, program, paths);
  if (!bodies)
    return bodies.takeError();
  return std::unique_ptr<LockAnalysis>(
      new LockAnalysis(std::move(paths), std::move(*bodies), program, guards, contexts, config));
}

} // namespace lockvet::locks
