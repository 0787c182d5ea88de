// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "llvm/Support/FormatVariadic.h"
#include "vrc/output/html.h"
#include "vrc/output/output.h"

namespace lockvet::output {

llvm::Error print(const command::Answer& answer, const query::View& view, const Options& options,
                  llvm::raw_ostream& out) {
  switch (answer.form.value_or(options.form)) {
  case command::Form::Text:
    printText(answer.result, view.graph, options, out);
    // Not in the other forms, which programs read.
    if (const std::optional<command::Timing>& took = answer.timing)
      out << llvm::formatv("wall {0:f3} s, user {1:f3} s, system {2:f3} s\n", took->wall,
                           took->user, took->system);
    break;
  case command::Form::Json:
    printJson(answer.result, view.graph, out);
    break;
  case command::Form::Dot:
    printDot(answer.result, view.graph, out);
    break;
  case command::Form::Svg:
    return printSvg(answer.result, view, options, out);
  case command::Form::Html:
    printHtml(answer, view, options, out);
    break;
  }
  return llvm::Error::success();
}

} // namespace lockvet::output
