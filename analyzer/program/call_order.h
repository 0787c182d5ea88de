// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An order of all functions in which, but for recursion, callees come before their callers: whoever
// hands something up the call graph in this order visits most functions once. A pure function.

#pragma once

#include "analyzer/program/program.h"

#include <vector>

namespace lockvet::program {

/// The place of each function in that order, by Id: a depth-first postorder over every kind of edge
/// but guesses on types, from functions in the order of their ids.
std::vector<uint32_t> calleesFirst(const Program& program);

} // namespace lockvet::program
