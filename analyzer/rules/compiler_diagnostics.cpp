// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/witness.h"

#include <set>
#include <tuple>

namespace lockvet::rules {

using namespace program;

void addCompilerDiagnostics(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  std::set<std::tuple<Id, uint32_t, uint32_t, std::string>> reported;
  for (const Diagnostic& diagnostic : program.diagnostics()) {
    // A header's diagnostic is every unit's that reads it.
    if (!reported
             .insert({diagnostic.place.file, diagnostic.place.line, diagnostic.place.column,
                      diagnostic.message})
             .second)
      continue;
    Finding finding;
    finding.rule = diagnostic.group.str();
    finding.message = diagnostic.message;
    if (diagnostic.function != kNoId) {
      finding.function = program.function(diagnostic.function).qualified_name.str();
      finding.identity.push_back(program.function(diagnostic.function).usr.str());
    }
    finding.identity.push_back(diagnostic.message);
    if (diagnostic.place.file != kNoId)
      finding.file = program.file(diagnostic.place.file).str();
    finding.line = diagnostic.place.line;
    finding.column = diagnostic.place.column;
    finding.witness.push_back(
        stepAt(program, diagnostic.function, diagnostic.place, "the compiler warns here"));
    for (const Diagnostic::Note& note : diagnostic.notes)
      finding.witness.push_back(stepAt(program, diagnostic.function, note.place, note.message));
    findings.push_back(std::move(finding));
  }
}

} // namespace lockvet::rules
