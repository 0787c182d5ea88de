// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Labels that no declaration carries in its tokens: from the configuration's names, regular
// expressions, macros and registrars, from statements in bodies, and the built-in list of functions
// that block. Used once, by the loader.

#pragma once

#include "analyzer/program/program.h"
#include "llvm/ADT/StringMap.h"

namespace lockvet::program {

/// The functions of libc and POSIX that block the calling thread, by name.
llvm::ArrayRef<llvm::StringRef> blockingFunctions();

class LabelRules {
public:
  explicit LabelRules(const config::Config& config) : config_(config) {}

  /// The macros that the configuration gives a meaning, and those that are called like a marker.
  std::vector<std::string> macros() const;
  /// The label of one of them, valid as long as the configuration.
  llvm::StringRef labelOfMacro(llvm::StringRef macro) const;

  /// Adds markers for rules by name and regular expression, for what is registered, for statements
  /// and for blocking functions.
  void apply(const Program& program, llvm::ArrayRef<Function> functions, llvm::StringSaver& saver,
             std::vector<Marker>& markers) const;

private:
  const config::Config& config_;
};

} // namespace lockvet::program
