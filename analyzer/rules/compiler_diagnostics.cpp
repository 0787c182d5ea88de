// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/witness.h"

#include <set>
#include <tuple>

namespace lockvet::rules {

using namespace program;

namespace {

/// The marker of a callee that a message objects to: the one whose capability it names. Members
/// have other names at the call; there a callee's only requirement must be it.
const Marker* requirementOf(const Program& program, Id callee, llvm::StringRef message) {
  const bool is_exclusion = message.starts_with("cannot call function");
  const Marker* only = nullptr;
  bool is_only = true;
  for (const Marker& marker : program.markersOf(callee)) {
    auto [kind, capability] = marker.label.split(':');
    if (is_exclusion ? kind != "excludes" : kind != "requires" && kind != "requires_shared")
      continue;
    if (message.contains(("'" + capability + "'").str()))
      return &marker;
    is_only = is_only && (!only || only->label == marker.label);
    only = &marker;
  }
  return is_only ? only : nullptr;
}

/// Where the callee that the compiler objects to says what it wants.
void addRequirement(const Program& program, const Diagnostic& diagnostic,
                    std::vector<Step>& witness) {
  if (diagnostic.function == kNoId)
    return;
  for (const Call& call : program.callsOf(diagnostic.function)) {
    if (call.callee == kNoId || call.place.file != diagnostic.place.file ||
        call.place.line != diagnostic.place.line)
      continue;
    const Function& callee = program.function(call.callee);
    if (!llvm::StringRef(diagnostic.message).contains(("function '" + callee.name + "'").str()))
      continue;
    if (const Marker* marker = requirementOf(program, call.callee, diagnostic.message)) {
      const bool is_exclusion = marker->label.starts_with("excludes");
      witness.push_back(stepAt(program, call.callee, marker->place,
                               callee.qualified_name.str() + "() says here that the lock must " +
                                   (is_exclusion ? "not be held" : "be held")));
      return;
    }
  }
}

} // namespace

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
    addRequirement(program, diagnostic, finding.witness);
    for (const Diagnostic::Note& note : diagnostic.notes)
      finding.witness.push_back(stepAt(program, diagnostic.function, note.place, note.message));
    findings.push_back(std::move(finding));
  }
}

} // namespace lockvet::rules
