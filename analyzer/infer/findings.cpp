// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/findings.h"

#include "analyzer/infer/words.h"

namespace lockvet::infer {

namespace {

rules::Finding findingAbout(const program::Program& program, const Marking& marking,
                            program::Place place) {
  rules::Finding finding;
  const Subject& subject = marking.subject;
  if (subject.function != kNoId)
    finding.function = program.function(subject.function).qualified_name.str();
  if (place.file != kNoId)
    finding.file = program.file(place.file).str();
  finding.line = place.line;
  finding.column = place.column;
  finding.identity = {subject.function != kNoId ? program.function(subject.function).usr.str()
                                                : program.slot(subject.slot).key.str(),
                      wordFor(marking.kind).str(), marking.lock};
  return finding;
}

} // namespace

rules::Finding findingOf(const program::Program& program, const Missing& missing) {
  const Subject& subject = missing.marking.subject;
  rules::Finding finding =
      findingAbout(program, missing.marking,
                   subject.function != kNoId ? program.function(subject.function).place
                                             : program.slot(subject.slot).place);
  finding.rule = kMissingMarker.str();
  finding.severity = rules::Severity::Note;
  finding.message = subjectWords(program, subject) + " lacks a marker (" +
                    markingWords(missing.marking) + "): " + missing.because;
  finding.witness = missing.reason;
  return finding;
}

rules::Finding findingOf(const program::Program& program, const Conflict& conflict) {
  rules::Finding finding = findingAbout(program, conflict.marking, conflict.place);
  finding.rule = kMarkerConflict.str();
  finding.severity = rules::Severity::Warning;
  finding.message = conflict.message;
  finding.witness = conflict.reason;
  return finding;
}

} // namespace lockvet::infer
