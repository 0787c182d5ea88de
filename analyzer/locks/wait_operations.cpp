// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/wait_operations.h"

#include "analyzer/program/configured_names.h"

namespace lockvet::locks {

static_assert(config::LockType::kThis == facts::Argument::kObject,
              "the configuration's `this` is the object of a method");

WaitOperations waitOperations(const program::Program& program, const config::Config& config) {
  WaitOperations operations;
  const program::ConfiguredNames names(program);
  for (const config::WaitOperation& wait : config.waits)
    for (program::Id function : names.functions(wait.function))
      operations[function] = &wait;
  return operations;
}

const PathArgument* argumentAt(llvm::ArrayRef<PathArgument> arguments, uint32_t index) {
  for (const PathArgument& argument : arguments)
    if (argument.index == index && argument.path != kNoPath && argument.part == kNoPath)
      return &argument;
  return nullptr;
}

} // namespace lockvet::locks
