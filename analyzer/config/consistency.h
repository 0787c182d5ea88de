// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is wrong with single values of a configuration that are well-formed YAML, and with two that
// do not go together. Free functions over values; each answer is a clause for a message, or empty.

#pragma once

#include "analyzer/config/config.h"

#include <string>

namespace lockvet::config {

/// Whether a regular expression is one, and one that can be compiled in reasonable space.
std::string wrongWithRegex(llvm::StringRef regex);

/// Whether a word can be the name of a label, a rule, or a macro.
std::string wrongWithLabel(llvm::StringRef label);
std::string wrongWithRule(llvm::StringRef rule);
std::string wrongWithMacro(llvm::StringRef macro);

/// Whether a label rule says what one before it says, or the contrary.
std::string contradiction(const LabelRule& rule, llvm::ArrayRef<LabelRule> before);

} // namespace lockvet::config
