// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/configured_names.h"

namespace lockvet::program {

namespace {

/// "std::lock_guard::lock_guard" of "std::lock_guard<std::mutex>::lock_guard".
std::string withoutArguments(llvm::StringRef name) {
  std::string result;
  unsigned depth = 0;
  for (char letter : name) {
    depth += letter == '<';
    if (depth == 0)
      result += letter;
    depth -= letter == '>' && depth > 0;
  }
  return result;
}

} // namespace

ConfiguredNames::ConfiguredNames(const Program& program) : program_(program) {
  for (Id function = 1; function < program.functions().size(); ++function)
    if (const llvm::StringRef name = program.function(function).qualified_name; name.contains('<'))
      instances_[withoutArguments(name)].push_back(function);
}

llvm::ArrayRef<Id> ConfiguredNames::functions(llvm::StringRef name) const {
  auto found = instances_.find(name);
  return found != instances_.end() ? llvm::ArrayRef<Id>(found->second) : program_.named(name);
}

} // namespace lockvet::program
