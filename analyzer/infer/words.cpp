// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/words.h"

#include "analyzer/rules/witness.h"

namespace lockvet::infer {

using program::EdgeKind;
using program::Marker;
using program::Program;
using rules::Step;

std::string lockWords(llvm::StringRef lock) {
  lock = lock.split('@').first;
  if (lock.consume_front("this->"))
    return lock.str();
  uint32_t index = 0;
  if (!lock.consume_front("$") || lock.consumeInteger(10, index))
    return lock.str();
  const std::string argument = "argument " + std::to_string(index + 1);
  return lock.consume_front("->") ? lock.str() + " of " + argument : argument;
}

std::string markingWords(const Marking& marking) {
  switch (marking.kind) {
  case MarkerKind::CoroutineFn:
  case MarkerKind::MixedFn:
  case MarkerKind::NoCoroutineFn:
  case MarkerKind::MainLoop:
  case MarkerKind::IoOrGs:
  case MarkerKind::Io:
    return wordFor(marking.kind).str();
  case MarkerKind::Requires:
    return "requires " + lockWords(marking.lock);
  case MarkerKind::RequiresShared:
    return "requires " + lockWords(marking.lock) + " (shared)";
  case MarkerKind::Excludes:
    return "excludes " + lockWords(marking.lock);
  }
  return "";
}

std::string subjectWords(const Program& program, const Subject& subject) {
  return subject.function != kNoId ? program.function(subject.function).qualified_name.str() + "()"
                                   : program.slot(subject.slot).name.str();
}

Marking markingOf(const Need& need, const locks::PathTable& paths) {
  Marking marking{need.kind, need.subject, ""};
  if (need.path != locks::kNoPath) {
    marking.kind = need.is_exclusive ? MarkerKind::Requires : MarkerKind::RequiresShared;
    marking.lock = paths.text(need.path).str();
  }
  return marking;
}

namespace {

/// The marker that a need stands in; null where the configuration says it.
const Marker* markerOf(const Program& program, const Need& need, const locks::PathTable& paths) {
  const Id function = need.subject.function;
  for (const Marker& marker : function != kNoId ? program.markersOf(function) : program.markers()) {
    if (marker.slot != need.subject.slot)
      continue;
    const bool is_it =
        need.path == locks::kNoPath
            ? program::labelNamed(marker.label) == program::labelNamed(wordFor(need.kind))
            : marker.label.split(':').second == paths.text(need.path);
    if (is_it)
      return &marker;
  }
  return nullptr;
}

Step stepOf(const Program& program, const Needs& needs, const locks::PathTable& paths,
            uint32_t index) {
  const Need& need = needs.all()[index];
  switch (need.source) {
  case Need::Source::Called: {
    const Subject& callee = needs.all()[need.from].subject;
    return rules::callStep(program, program.calls()[need.call], callee.function, EdgeKind::Direct);
  }
  case Need::Source::Holds:
    return rules::stepAt(program, kNoId, placeOf(program, needs, index),
                         subjectWords(program, need.subject) + " holds " +
                             subjectWords(program, needs.all()[need.from].subject));
  case Need::Source::Observed:
    return rules::stepAt(program, need.subject.function, need.place, need.observation);
  case Need::Source::Marked:
    break;
  }
  const Marker* marker = markerOf(program, need, paths);
  program::Place place;
  if (marker)
    place = marker->place;
  else if (need.subject.function != kNoId)
    place = program.function(need.subject.function).place;
  else
    place = program.slot(need.subject.slot).place;
  return rules::stepAt(program, need.subject.function, place,
                       subjectWords(program, need.subject) +
                           " is marked: " + markingWords(markingOf(need, paths)));
}

} // namespace

program::Place placeOf(const Program& program, const Needs& needs, uint32_t index) {
  const Need& need = needs.all()[index];
  switch (need.source) {
  case Need::Source::Called:
    return program.calls()[need.call].place;
  case Need::Source::Holds: {
    // Where the function itself is put in; or, if it comes from another pointer, where that is.
    const program::Flow* best = nullptr;
    for (const program::Flow& flow : program.flows())
      if (flow.to_slot == need.subject.slot &&
          (!best || flow.from_function == needs.all()[need.from].subject.function))
        best = &flow;
    return best ? best->place : program.slot(need.subject.slot).place;
  }
  case Need::Source::Observed:
    return need.place;
  case Need::Source::Marked:
    break;
  }
  return {};
}

std::string becauseOf(const Program& program, const Needs& needs, const locks::PathTable& paths,
                      uint32_t index) {
  const Need& need = needs.all()[index];
  if (need.source == Need::Source::Observed)
    return "it " + need.observation;
  if (need.source == Need::Source::Marked)
    return "it says so";
  const Need& from = needs.all()[need.from];
  const Marking marking = markingOf(from, paths);
  const std::string name = subjectWords(program, from.subject);
  const std::string what = isOfLock(marking.kind) ? name + ", which " + markingWords(marking)
                                                  : markingWords(marking) + " " + name;
  if (need.source == Need::Source::Holds)
    return "it holds " + what;
  return (from.subject.slot == kNoId ? "it calls " : "it calls through ") + what;
}

std::vector<Step> stepsTo(const Program& program, const Needs& needs, const locks::PathTable& paths,
                          uint32_t index) {
  std::vector<Step> steps;
  for (;; index = needs.all()[index].from) {
    steps.push_back(stepOf(program, needs, paths, index));
    const Need::Source source = needs.all()[index].source;
    if (source == Need::Source::Marked || source == Need::Source::Observed)
      return steps;
  }
}

} // namespace lockvet::infer
