// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/context_analysis.h"

namespace lockvet::program {

ContextAnalysis::ContextAnalysis(std::shared_ptr<const config::Config> used,
                                 std::unique_ptr<Program> loaded, Skeletons bodies)
    : shared_config(std::move(used)), config(*shared_config), program(std::move(loaded)),
      skeletons(std::move(bodies)), callers(*program),
      guards(ContextGuards::compute(*program, skeletons, ContextDimension::coroutines(config))),
      thread_guards(
          ContextGuards::compute(*program, skeletons, ContextDimension::threads(config), &guards)),
      contexts(*program, callers, guards), thread_contexts(*program, callers, thread_guards) {}

ContextAnalysis::ContextAnalysis(std::unique_ptr<Program> loaded, Skeletons bodies,
                                 const ContextAnalysis& before, const ProgramChange& change)
    : shared_config(before.shared_config), config(*shared_config), program(std::move(loaded)),
      skeletons(std::move(bodies)), callers(*program),
      guards(ContextGuards::compute(*program, skeletons, ContextDimension::coroutines(config),
                                    nullptr, &before.guards, &change)),
      thread_guards(ContextGuards::compute(*program, skeletons, ContextDimension::threads(config),
                                           &guards, &before.thread_guards, &change)),
      contexts(*program, callers, guards), thread_contexts(*program, callers, thread_guards) {}

ContextAnalysis::Result ContextAnalysis::load(store::Store& store, const config::Config& config) {
  llvm::Expected<std::unique_ptr<Program>> program = Program::load(store, config);
  if (!program)
    return program.takeError();
  llvm::Expected<Skeletons> skeletons = Skeletons::load(store, **program);
  if (!skeletons)
    return skeletons.takeError();
  return std::make_unique<const ContextAnalysis>(std::make_shared<const config::Config>(config),
                                                 std::move(*program), std::move(*skeletons));
}

ContextAnalysis::Result ContextAnalysis::load(store::Store& store, const ContextAnalysis& before,
                                              std::unique_ptr<const ProgramChange>& change) {
  llvm::Expected<std::unique_ptr<Program>> program = Program::load(store, before.config);
  if (!program)
    return program.takeError();
  auto found = std::make_unique<ProgramChange>(*before.program, **program);
  llvm::Expected<Skeletons> skeletons = Skeletons::load(store, **program, before.skeletons, *found);
  if (!skeletons)
    return skeletons.takeError();
  change = std::move(found);
  return std::make_unique<const ContextAnalysis>(std::move(*program), std::move(*skeletons), before,
                                                 *change);
}

} // namespace lockvet::program
