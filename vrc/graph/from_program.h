// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The call graph of an indexed program, with the labels that rules see: those of markers, of
// capabilities, and of the configuration.

#pragma once

#include "analyzer/program/program.h"
#include "vrc/graph/graph.h"

namespace lockvet::graph {

/// A call through a pointer is two edges: from the caller to the slot, where it calls, and from the
/// slot to each function that can be in it, where that was put there. `Type` edges are the last
/// resort, from a slot that nothing is known to flow into to all functions of its type whose
/// address is taken. Functions and slots that nothing mentions are left out.
Graph fromProgram(const program::Program& program);

} // namespace lockvet::graph
