// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The nodes and edges that a result mentions, each once: what DOT and the HTML page draw of it.

#pragma once

#include "vrc/command/result.h"
#include "vrc/graph/drawing.h"

namespace lockvet::output {

using graph::Drawing;

/// Results without nodes give an empty one.
Drawing drawingOf(const command::Result& result, const graph::Graph& graph);

} // namespace lockvet::output
