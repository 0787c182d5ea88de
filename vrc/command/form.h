// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The forms that an answer can be shown in, and the words for them: `--json` behind any command,
// `--format json` of a program. What a form looks like is the faces' business (vrc/output).

#pragma once

#include "vrc/command/arguments.h"

namespace lockvet::command {

enum class Form : uint8_t { Text, Json, Dot, Svg, Html };

/// "text", "json" and so on, in the order of the forms.
std::vector<std::string> formWords();
std::optional<Form> formNamed(llvm::StringRef word);

/// An option for each form, which every command takes.
llvm::ArrayRef<Option> formOptions();
/// The form that a command line asks for, if any; an error if it asks for two.
llvm::Expected<std::optional<Form>> formOf(const Arguments& arguments);

} // namespace lockvet::command
