// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// GitHub workflow commands: lines that a runner turns into annotations on a pull request.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions

#include "analyzer/report/formats.h"
#include "analyzer/report/paths.h"
#include "analyzer/report/words.h"

namespace lockvet::report {

namespace {

/// The runner undoes exactly these; a property also ends at a colon or comma.
std::string escaped(llvm::StringRef text, bool property) {
  std::string result;
  for (const char c : text) {
    if (c == '%')
      result += "%25";
    else if (c == '\r')
      result += "%0D";
    else if (c == '\n')
      result += "%0A";
    else if (property && c == ':')
      result += "%3A";
    else if (property && c == ',')
      result += "%2C";
    else
      result += c;
  }
  return result;
}

std::string place(const Options& options, llvm::StringRef file, uint32_t line) {
  return relativeTo(file, options.root) + ":" + std::to_string(line);
}

} // namespace

void renderGitHub(llvm::ArrayRef<Entry> entries, const Options& options,
                  llvm::raw_ostream& stream) {
  for (const Entry* entry : inOrder(entries)) {
    if (!entry->isNew())
      continue;
    const rules::Finding& finding = entry->finding;
    const bool note = finding.severity == rules::Severity::Note;
    stream << "::" << (note ? "notice" : wordFor(finding.severity));
    stream << " file=" << escaped(printable(relativeTo(finding.file, options.root)), true);
    if (finding.line)
      stream << ",line=" << finding.line;
    if (finding.column)
      stream << ",col=" << finding.column;
    stream << ",title=" << escaped(printable(finding.rule), true) << "::";
    // An annotation has one place, so the witness goes into its text.
    std::string message = printable(finding.message);
    for (const rules::Step& step : finding.witness)
      message += "\n" + printable(place(options, step.file, step.line) + ": " + step.reason);
    stream << escaped(message, false) << '\n';
  }
}

} // namespace lockvet::report
