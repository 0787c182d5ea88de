// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/completion.h"

#include "analyzer/infer/words.h"
#include "analyzer/rules/witness.h"
#include "llvm/ADT/STLExtras.h"

#include <map>

namespace lockvet::infer {

using program::Declaration;
using program::Marker;
using program::Place;
using program::Program;

namespace {

/// The marker's label in the facts.
std::string labelOf(const Marking& marking) {
  std::string label = wordFor(marking.kind).str();
  return isOfLock(marking.kind) ? label + ":" + marking.lock : label;
}

/// What a marker of a function says, where inference knows it.
std::optional<Marking> markingOf(const Marker& marker) {
  if (marker.function == kNoId || marker.fragment == kNoId ||
      (marker.origin != facts::MarkerOrigin::Annotation &&
       marker.origin != facts::MarkerOrigin::Capability))
    return std::nullopt;
  auto [word, lock] = marker.label.split(':');
  std::optional<MarkerKind> kind = markerNamed(word);
  if (!kind || isOfLock(*kind) == lock.empty() || lock.starts_with("!"))
    return std::nullopt;
  return Marking{*kind, {marker.function, kNoId}, lock.str()};
}

} // namespace

std::vector<Place> placesLacking(const Program& program, const Spellings& spellings,
                                 const Marking& marking) {
  const Id function = marking.subject.function;
  const std::string label = labelOf(marking);
  struct Known {
    bool is_definition = false;
    bool has_marker = false;
  };
  std::map<std::tuple<Id, uint32_t, uint32_t>, Known> places;
  for (const Declaration& declaration : program.declarationsOf(function)) {
    if (declaration.place.file == kNoId)
      continue;
    Known& known =
        places[{declaration.place.file, declaration.place.line, declaration.place.column}];
    known.is_definition |= declaration.is_definition;
    known.has_marker |= llvm::any_of(program.markersOf(function), [&](const Marker& marker) {
      return marker.fragment == declaration.fragment && marker.label == label;
    });
  }
  // A declaration in the definition's own file is no header that others read.
  const bool has_header = llvm::any_of(places, [&](const auto& place) {
    return !place.second.is_definition && llvm::any_of(places, [&](const auto& other) {
      return other.second.is_definition && std::get<0>(other.first) != std::get<0>(place.first);
    });
  });
  const config::MarkerSpelling& entry = spellings.entryFor(marking);
  const bool is_statement = entry.position == Position::Body;
  const bool on_definitions = !has_header || entry.is_everywhere || is_statement;
  std::vector<Place> result;
  for (const auto& [where, known] : places)
    if (!known.has_marker && (known.is_definition ? on_definitions : !is_statement))
      result.push_back({std::get<0>(where), std::get<1>(where), std::get<2>(where)});
  return result;
}

/// A lock that only the marker's own file knows cannot be named in a header.
void inferCompletions(const Input& input, const MarkerKinds& kinds, Inference& inference) {
  const Program& program = input.program;
  const Spellings spellings(input.config);
  std::map<std::string, std::set<Id>> files_of_lock;
  for (const Marker& marker : program.markers())
    if (const llvm::StringRef lock = marker.label.split(':').second; !lock.empty())
      files_of_lock[lock.str()].insert(marker.place.file);
  std::set<Marking> seen;
  for (const Marker& marker : program.markers()) {
    std::optional<Marking> marking = markingOf(marker);
    if (!marking || !kinds.contains(marking->kind) || !seen.insert(*marking).second ||
        program.function(marking->subject.function).is_of_system)
      continue;
    // A statement of one body says nothing of declarations.
    if (spellings.entryFor(*marking).position == Position::Body)
      continue;
    std::vector<Place> places = placesLacking(program, spellings, *marking);
    // Within a file the compiler hands a lock's marker on from one declaration to the next.
    if (isOfLock(marking->kind))
      llvm::erase_if(places, [&](const Place& place) { return place.file == marker.place.file; });
    if (places.empty() || (isOfLock(marking->kind) && files_of_lock[marking->lock].size() == 1))
      continue;
    Missing missing;
    missing.marking = std::move(*marking);
    missing.because = "another declaration of it says so";
    missing.place = marker.place;
    missing.reason.push_back(
        rules::stepAt(program, marker.function, marker.place,
                      subjectWords(program, missing.marking.subject) +
                          " is marked here: " + markingWords(missing.marking)));
    inference.missing.push_back(std::move(missing));
  }
}

} // namespace lockvet::infer
