// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shows results: as text for people, JSON for programs, DOT for Graphviz. Pure functions of the
// result and the graph it is about.

#pragma once

#include "llvm/Support/raw_ostream.h"
#include "vrc/command/result.h"

namespace lockvet::output {

struct TextOptions {
  std::string directory; ///< absolute; paths below it are shown relative to it
  bool with_colour = false;
};

void printText(const command::Result& result, const graph::Graph& graph, const TextOptions& options,
               llvm::raw_ostream& out);

/// One JSON value on one line. Functions are objects with name, file and line; paths are arrays of
/// hops, each with the function, and the kind and place of the edge that leads to it.
void printJson(const command::Result& result, const graph::Graph& graph, llvm::raw_ostream& out);

/// A graph of what the result mentions. Results without nodes give an empty one.
void printDot(const command::Result& result, const graph::Graph& graph, llvm::raw_ostream& out);

} // namespace lockvet::output
