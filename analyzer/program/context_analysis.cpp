// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/context_analysis.h"

namespace lockvet::program {

ContextAnalysis::ContextAnalysis(config::Config used, std::unique_ptr<Program> loaded,
                                 Skeletons bodies)
    : config(std::move(used)), program(std::move(loaded)), skeletons(std::move(bodies)),
      guards(ContextGuards::compute(*program, skeletons, ContextDimension::coroutines(config))),
      thread_guards(
          ContextGuards::compute(*program, skeletons, ContextDimension::threads(config), &guards)),
      contexts(*program, guards), thread_contexts(*program, thread_guards) {}

llvm::Expected<std::unique_ptr<const ContextAnalysis>>
ContextAnalysis::load(store::Store& store, const config::Config& config) {
  llvm::Expected<std::unique_ptr<Program>> program = Program::load(store, config);
  if (!program)
    return program.takeError();
  llvm::Expected<Skeletons> skeletons = Skeletons::load(store, **program);
  if (!skeletons)
    return skeletons.takeError();
  return std::make_unique<const ContextAnalysis>(config, std::move(*program),
                                                 std::move(*skeletons));
}

} // namespace lockvet::program
