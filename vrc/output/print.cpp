// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/output/html.h"
#include "vrc/output/output.h"

namespace lockvet::output {

llvm::Error print(const command::Answer& answer, const query::View& view, const Options& options,
                  llvm::raw_ostream& out) {
  switch (answer.form.value_or(options.form)) {
  case command::Form::Text:
    printText(answer.result, view.graph, options, out);
    break;
  case command::Form::Json:
    printJson(answer.result, view.graph, out);
    break;
  case command::Form::Dot:
    printDot(answer.result, view.graph, out);
    break;
  case command::Form::Svg:
    return printSvg(answer.result, view.graph, out);
  case command::Form::Html:
    printHtml(answer, view, options, out);
    break;
  }
  return llvm::Error::success();
}

} // namespace lockvet::output
