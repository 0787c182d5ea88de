// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shows answers: as text for people, JSON for programs, DOT and SVG as drawings, HTML to follow in
// a browser. What is shown depends on the answer, the graph it is about and, for HTML, the sources.

#pragma once

#include "llvm/Support/raw_ostream.h"
#include "vrc/command/session.h"

#include <chrono>

namespace lockvet::output {

// An initialiser may leave out what has a default, and nothing else: -Wextra.
// NOLINTBEGIN(readability-redundant-member-init)

struct Options {
  command::Form form = command::Form::Text; ///< where the command line does not say
  std::string directory = {};               ///< absolute; paths below it are shown relative to it
  std::string store = {}; ///< what was asked, to tell which sources have changed; "": none
  bool with_colour = false;
  std::chrono::milliseconds drawing_time = std::chrono::minutes(1); ///< what Graphviz may take
};

// NOLINTEND(readability-redundant-member-init)

/// In the form that the answer asks for. `view` is what its session sees.
llvm::Error print(const command::Answer& answer, const query::View& view, const Options& options,
                  llvm::raw_ostream& out);

void printText(const command::Result& result, const graph::Graph& graph, const Options& options,
               llvm::raw_ostream& out);

/// One JSON value on one line. Functions are objects with name, file and line; paths are arrays of
/// hops, each with the function, and the kind and place of the edge that leads to it.
void printJson(const command::Result& result, const graph::Graph& graph, llvm::raw_ostream& out);

/// A graph of what the result mentions. Results without nodes give an empty one.
void printDot(const command::Result& result, const graph::Graph& graph, llvm::raw_ostream& out);

/// The same as drawn by Graphviz; an error where that is not installed, or takes too long.
llvm::Error printSvg(const command::Result& result, const query::View& view, const Options& options,
                     llvm::raw_ostream& out);

} // namespace lockvet::output
