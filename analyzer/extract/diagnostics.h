// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Collects what the compiler says while it parses one unit: its thread-safety warnings, which are
// facts, and its errors, which are the reason why a unit's facts may be incomplete.

#pragma once

#include "clang/Basic/Diagnostic.h"

#include <string>
#include <vector>

namespace lockvet::extract {

class DiagnosticCollector : public clang::DiagnosticConsumer {
public:
  struct Note {
    std::string message;
    clang::SourceLocation location;
  };
  struct Warning {
    std::string group;
    std::string message;
    clang::SourceLocation location;
    std::vector<Note> notes;
  };

  void HandleDiagnostic(clang::DiagnosticsEngine::Level level,
                        const clang::Diagnostic& info) override;

  const std::vector<Warning>& warnings() const { return warnings_; }
  /// "file:line:column: message" of the first error; "" if there was none.
  const std::string& firstError() const { return first_error_; }
  /// Arguments that the driver does not know.
  const std::vector<std::string>& unknownArguments() const { return unknown_arguments_; }

private:
  std::vector<Warning> warnings_;
  std::string first_error_;
  std::vector<std::string> unknown_arguments_;
  bool last_was_collected_ = false;
};

} // namespace lockvet::extract
