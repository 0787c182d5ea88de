// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/target_spread.h"

#include "llvm/ADT/SmallSet.h"
#include "llvm/Support/Path.h"

namespace lockvet::program {

TargetSpread::TargetSpread(const Program& program) : program_(program) {
  llvm::DenseMap<llvm::StringRef, uint32_t> folders;
  for (llvm::StringRef file : program.files())
    folder_of_file_.push_back(
        folders.try_emplace(llvm::sys::path::parent_path(file), folders.size()).first->second);
}

TargetSpread::Spread TargetSpread::spreadOf(const Call& call) const {
  if (call.kind == facts::CallKind::Direct || call.kind == facts::CallKind::Implicit)
    return {1, 1};
  // A call of an unknown expression has neither and no targets.
  auto [entry, is_new] = known_.try_emplace({call.callee, call.slot});
  if (is_new) {
    llvm::SmallSet<uint32_t, 8> folders;
    Spread spread;
    program_.forEachTarget(call, [&](Target target) {
      ++spread.targets;
      if (target.function != kNoId)
        folders.insert(folder_of_file_[program_.function(target.function).place.file]);
    });
    spread.folders = static_cast<uint32_t>(folders.size());
    entry->second = spread;
  }
  return entry->second;
}

uint32_t TargetSpread::foldersOf(const Call& call) const {
  return spreadOf(call).folders;
}

uint32_t TargetSpread::targetsOf(const Call& call) const {
  return spreadOf(call).targets;
}

} // namespace lockvet::program
