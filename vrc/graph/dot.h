// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Drawings in DOT, the language of Graphviz.

#pragma once

#include "llvm/Support/raw_ostream.h"
#include "vrc/graph/drawing.h"

namespace lockvet::graph {

/// Pointers are ellipses, what is only declared has a dashed border, what may happen is a dashed
/// edge. With `in_files` the nodes of one file stand in one frame.
void writeDot(const Drawing& drawing, const Graph& graph, bool in_files, llvm::raw_ostream& out);

} // namespace lockvet::graph
