// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/entry_points.h"

#include "llvm/ADT/STLExtras.h"

namespace lockvet::infer {

bool EntryPoints::isStart(Id function) const {
  std::optional<program::Way> way = contexts_.wayInto(function, program::kOutside);
  return way && way->calls.empty() &&
         (way->kind == program::RootKind::Main || way->kind == program::RootKind::Configured ||
          way->kind == program::RootKind::Registered);
}

bool isOptional(const program::Program& program, const program::ContextGuards& guards,
                uint32_t call, llvm::function_ref<bool(uint32_t call)> matters) {
  llvm::ArrayRef<program::ParameterCondition> conditions = guards.conditions(call);
  if (conditions.empty())
    return false;
  for (uint32_t calling : program.exactCallsTo(program.calls()[call].caller))
    for (const program::KnownArgument& argument : guards.arguments(calling))
      if (!argument.parameter &&
          llvm::any_of(conditions,
                       [&](const auto& condition) {
                         return condition.index == argument.index &&
                                condition.value != argument.value;
                       }) &&
          matters(calling))
        return true;
  return false;
}

} // namespace lockvet::infer
