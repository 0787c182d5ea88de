// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An answer as one page for a browser, which needs nothing else: the drawing to walk in, witnesses
// to follow hop by hop, and the sources around each of them. The page itself is in vrc/output/page.

#pragma once

#include "vrc/output/output.h"

namespace lockvet::output {

void printHtml(const command::Answer& answer, const query::View& view, const Options& options,
               llvm::raw_ostream& out);

/// What the page is told, as JSON that may stand within a <script>:
///   command    as it was typed
///   text       the answer as text, where it is no graph
///   nodes      [{name, kind, file, line, labels, callers, callees}], those of the answer first
///   ofAnswer   how many are; leftOut: how many more the answer has
///   edges      [[from, to, kind, file, line]]
///   witnesses  [{title, hops: [{node, name, edge, file, line, reason}]}]; moreWitnesses: bool
///   sourcesCut whether there was no room for all lines; changed: [file] written to since the index
///   files      [path]; lines: for each file [[first line, text...]...]
/// Nodes, edges and files are indices; `callers` counts all there are, here or not.
void writePageData(const command::Answer& answer, const query::View& view, const Options& options,
                   llvm::raw_ostream& out);

} // namespace lockvet::output
