// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rules that a project writes itself, as path expressions in `.lockvet.yaml`. A function of the
// program and the configuration.

#pragma once

#include "analyzer/rules/rule.h"

namespace lockvet::path_rules {

/// One finding for each place where a matching path enters its end, with the best such path as its
/// witness; at the function where a path is a single one. Errors name the place in the
/// configuration. `only` are the rules that are asked for; empty: all.
llvm::Expected<rules::Findings> run(const program::Program& program, const config::Config& config,
                                    llvm::ArrayRef<std::string> only);

} // namespace lockvet::path_rules
