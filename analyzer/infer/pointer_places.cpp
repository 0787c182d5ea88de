// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/pointer_places.h"

#include "analyzer/infer/declarator.h"
#include "analyzer/infer/marker_edits.h"
#include "llvm/ADT/STLExtras.h"

#include <set>

namespace lockvet::infer {

using namespace program;

namespace {

/// The name as it stands in the text: of a member without its record.
std::string nameOf(const Slot& slot) {
  return (slot.name.contains("::") ? slot.name.rsplit("::").second : slot.name).str();
}

Place placeAt(Id file, llvm::StringRef text, size_t at) {
  const llvm::StringRef before = text.take_front(at);
  return {file, static_cast<uint32_t>(1 + before.count('\n')),
          static_cast<uint32_t>(at - (before.rfind('\n') + 1) + 1)};
}

llvm::StringRef wordAt(llvm::StringRef text, size_t at) {
  size_t end = at;
  while (end < text.size() && isOfName(text[end]))
    ++end;
  return text.slice(at, end);
}

} // namespace

PointerPlaces::PointerPlaces(const Program& program, llvm::ArrayRef<Missing> missing,
                             SourceTexts& texts)
    : program_(program), texts_(texts) {
  for (const Missing& each : missing)
    missing_.insert(each.marking);
}

llvm::Expected<std::vector<NamedPlace>> PointerPlaces::of(const Marking& marking, MayEdit may_edit,
                                                          std::string& obstacle) {
  const Slot& slot = program_.slot(marking.subject.slot);
  const bool is_parameter = slot.kind == facts::SlotKind::Parameter;
  // Clang's attributes for data go on members and variables.
  if (isOfLock(marking.kind)) {
    if (!is_parameter)
      return std::vector<NamedPlace>{{slot.place, nameOf(slot)}};
    obstacle = "a parameter cannot say which lock guards it";
    return std::vector<NamedPlace>();
  }
  llvm::Expected<std::optional<NamedPlace>> type = onTypedef(marking, may_edit);
  if (!type)
    return type.takeError();
  if (*type)
    return std::vector<NamedPlace>{std::move(**type)};
  if (is_parameter)
    return onParameter(marking, obstacle);
  return std::vector<NamedPlace>{{slot.place, nameOf(slot)}};
}

llvm::Expected<std::vector<NamedPlace>> PointerPlaces::onParameter(const Marking& marking,
                                                                   std::string& obstacle) {
  const Slot& slot = program_.slot(marking.subject.slot);
  std::vector<NamedPlace> places;
  std::set<std::pair<Id, uint32_t>> seen;
  for (const Declaration& declaration : program_.declarationsOf(slot.function)) {
    if (declaration.place.file == kNoId ||
        !seen.insert({declaration.place.file, declaration.place.line}).second ||
        llvm::any_of(program_.markers(), [&](const Marker& marker) {
          return marker.slot == marking.subject.slot && marker.fragment == declaration.fragment &&
                 marker.label == wordFor(marking.kind);
        }))
      continue;
    llvm::Expected<llvm::StringRef> text = texts_.of(program_.file(declaration.place.file).str());
    if (!text)
      return text.takeError();
    std::optional<size_t> at = offsetOf(*text, declaration.place.line, declaration.place.column);
    std::optional<Declarator> declarator;
    if (at)
      declarator = Declarator::find(*text, *at, program_.function(slot.function).name);
    std::optional<size_t> name =
        declarator ? declarator->parameterNameAt(slot.index) : std::nullopt;
    if (name)
      places.push_back({placeAt(declaration.place.file, *text, *name), wordAt(*text, *name).str()});
    else
      obstacle = "the parameter has no name there";
  }
  return places;
}

/// All pointers that are written with a typedef have to be for the marker.
llvm::Expected<std::optional<NamedPlace>> PointerPlaces::onTypedef(const Marking& marking,
                                                                   MayEdit may_edit) {
  llvm::Expected<std::optional<std::string>> type = typeNameOf(marking.subject.slot);
  if (!type)
    return type.takeError();
  if (!*type)
    return std::nullopt;
  llvm::Expected<bool> fits = fitsAll(marking, **type);
  if (!fits)
    return fits.takeError();
  if (!*fits)
    return std::nullopt;
  return findTypedef(**type, program_.slot(marking.subject.slot).place.file, may_edit);
}

llvm::Expected<std::optional<std::string>> PointerPlaces::typeNameOf(Id id) {
  auto [entry, is_new] = type_names_.try_emplace(id);
  const Slot& slot = program_.slot(id);
  if (!is_new || slot.place.file == kNoId)
    return entry->second;
  llvm::Expected<llvm::StringRef> text = texts_.of(program_.file(slot.place.file).str());
  if (!text)
    return text.takeError();
  std::optional<size_t> at = offsetOf(*text, slot.place.line, slot.place.column);
  if (!at)
    return entry->second;
  const std::string name = nameOf(slot);
  if (std::optional<Declarator> declarator = Declarator::find(*text, *at, name))
    if (std::optional<llvm::StringRef> type = declarator->typeName())
      entry->second = type->str();
  return entry->second;
}

/// A pointer that nothing goes into says nothing against it.
llvm::Expected<bool> PointerPlaces::fitsAll(const Marking& marking, llvm::StringRef type) {
  const Id function_type = program_.slot(marking.subject.slot).type;
  for (Id id = 1; id < program_.slots().size(); ++id) {
    const Slot& slot = program_.slot(id);
    if (slot.type != function_type || slot.kind == facts::SlotKind::Return)
      continue;
    Marking same = marking;
    same.subject.slot = id;
    if (missing_.contains(same) || hasMarker(same) || program_.slotTargets(id).empty())
      continue;
    llvm::Expected<std::optional<std::string>> other = typeNameOf(id);
    if (!other)
      return other.takeError();
    if (*other == type)
      return false;
  }
  return true;
}

bool PointerPlaces::hasMarker(const Marking& marking) const {
  return program_.slot(marking.subject.slot).labels & labelNamed(wordFor(marking.kind));
}

/// In the pointer's own file, or in the one other file that has a typedef of that name.
llvm::Expected<std::optional<NamedPlace>> PointerPlaces::findTypedef(llvm::StringRef name, Id near,
                                                                     MayEdit may_edit) {
  std::optional<NamedPlace> found;
  std::vector<Id> files = {near};
  for (Id file = 1; file < program_.files().size(); ++file)
    if (file != near)
      files.push_back(file);
  for (Id file : files) {
    if (program_.file(file).empty() || !may_edit(program_.file(file)))
      continue;
    llvm::Expected<llvm::StringRef> text = texts_.of(program_.file(file).str());
    if (!text)
      return text.takeError();
    std::optional<NamedPlace> here = typedefIn(file, *text, name);
    if (!here)
      continue;
    if (found)
      return std::nullopt;
    found = std::move(here);
    if (file == near)
      break;
  }
  return found;
}

std::optional<NamedPlace> PointerPlaces::typedefIn(Id file, llvm::StringRef text,
                                                   llvm::StringRef name) const {
  for (size_t at = text.find(name); at != llvm::StringRef::npos; at = text.find(name, at + 1)) {
    std::optional<Declarator> declarator = Declarator::find(text, at, name);
    if (!declarator || !declarator->openBracket())
      continue;
    const llvm::StringRef before = text.take_front(at);
    const size_t start = before.find_last_of(";}{");
    const llvm::StringRef head = before.drop_front(start == llvm::StringRef::npos ? 0 : start + 1);
    if (head.contains("typedef "))
      return NamedPlace{placeAt(file, text, at), name.str()};
  }
  return std::nullopt;
}

} // namespace lockvet::infer
