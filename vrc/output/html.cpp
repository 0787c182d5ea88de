// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/output/html.h"

#include "vrc/output/page_text.h"
#include "vrc/output/utf8.h"

namespace lockvet::output {

namespace {

/// A text between tags or in an attribute.
std::string escaped(llvm::StringRef text) {
  std::string result;
  llvm::raw_string_ostream out(result);
  llvm::printHTMLEscaped(utf8(text), out);
  return result;
}

} // namespace

void printHtml(const command::Answer& answer, const query::View& view, const Options& options,
               llvm::raw_ostream& out) {
  llvm::StringRef rest = kPageHtml;
  while (true) {
    auto [before, after] = rest.split("{{");
    out << before;
    if (after.empty())
      return;
    auto [name, behind] = after.split("}}");
    if (name == "title")
      out << escaped(answer.line);
    else if (name == "css")
      out << kPageCss;
    else if (name == "dagre")
      out << kDagre;
    else if (name == "script")
      out << kPageScript;
    else if (name == "data")
      writePageData(answer, view, options, out);
    rest = behind;
  }
}

} // namespace lockvet::output
