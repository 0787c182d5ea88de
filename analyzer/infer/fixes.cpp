// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/fixes.h"

#include "analyzer/infer/completion.h"
#include "analyzer/infer/declarator.h"
#include "analyzer/infer/pointer_places.h"
#include "llvm/ADT/STLExtras.h"

namespace lockvet::infer {

using program::Place;
using program::Program;

namespace {

/// The lock in the words of one declaration: parameters may be called differently in each. Facts
/// do not tell whether a member is behind a pointer, so that only the first step can be written.
std::optional<std::string> lockAt(llvm::StringRef lock, const Declarator& declarator) {
  lock = lock.split('@').first;
  constexpr llvm::StringLiteral kArrow = "->";
  lock.consume_front("this->");
  uint32_t index = 0;
  if (!lock.consume_front("$"))
    return lock.contains(kArrow) ? std::nullopt : std::optional(lock.str());
  if (lock.consumeInteger(10, index))
    return std::nullopt;
  std::optional<Declarator::Parameter> parameter = declarator.parameter(index);
  if (!parameter || lock.drop_front(std::min(lock.size(), kArrow.size())).contains(kArrow))
    return std::nullopt;
  if (!lock.consume_front(kArrow))
    return parameter->name;
  return parameter->name + (parameter->is_pointer ? "->" : ".") + lock.str();
}

constexpr llvm::StringLiteral kNoDeclaration = "a macro writes the declaration";

class Planner {
public:
  Planner(const Program& program, const config::Config& config, const IncludedHeaders& headers,
          llvm::ArrayRef<Missing> missing)
      : program_(program), spellings_(config), headers_(headers), words_(spellings_.words()),
        pointers_(program, missing, texts_) {}

  llvm::Error add(const Marking& marking, llvm::function_ref<bool(llvm::StringRef)> may_edit,
                  Fixes& fixes) {
    std::vector<rules::FixIt>& insertions = fixes.insertions.emplace_back();
    bool is_wanted = false;
    std::string& obstacle = fixes.obstacles.emplace_back();
    llvm::Expected<std::vector<NamedPlace>> places = placesOf(marking, may_edit, obstacle);
    if (!places)
      return places.takeError();
    is_wanted = !obstacle.empty();
    for (const NamedPlace& place : *places) {
      if (place.place.file == kNoId || !may_edit(program_.file(place.place.file)))
        continue;
      is_wanted = true;
      const std::string path = program_.file(place.place.file).str();
      llvm::Expected<llvm::StringRef> text = texts_.of(path);
      if (!text)
        return text.takeError();
      if (std::optional<rules::FixIt> fix = insertAt(marking, place, path, *text, obstacle))
        insertions.push_back(std::move(*fix));
    }
    fixes.unwritten += !obstacle.empty();
    fixes.is_elsewhere.push_back(!is_wanted);
    return llvm::Error::success();
  }

  llvm::Error finish(Fixes& fixes) {
    for (auto& [path, edits] : edits_) {
      llvm::Expected<llvm::StringRef> text = texts_.of(path);
      if (!text)
        return text.takeError();
      std::vector<DeclarationEdit> list;
      for (auto& [where, edit] : edits)
        list.push_back(std::move(edit));
      ChangedFile file{path, text->str(), ""};
      file.after = applyEdits(file.before, std::move(list), words_);
      if (file.after != file.before)
        fixes.files.push_back(std::move(file));
    }
    return llvm::Error::success();
  }

private:
  llvm::Expected<std::vector<NamedPlace>>
  placesOf(const Marking& marking, llvm::function_ref<bool(llvm::StringRef)> may_edit,
           std::string& obstacle) {
    if (marking.subject.slot != kNoId) {
      // Of what is not to be edited nothing need be said.
      const Place place = program_.slot(marking.subject.slot).place;
      if (place.file == kNoId || !may_edit(program_.file(place.file)))
        return std::vector<NamedPlace>();
      if (spellings_.entryFor(marking).pointer.empty()) {
        obstacle = "pointers have no such marker here";
        return std::vector<NamedPlace>();
      }
      return pointers_.of(marking, may_edit, obstacle);
    }
    std::vector<NamedPlace> places;
    for (const Place& place : placesLacking(program_, spellings_, marking))
      places.push_back({place, program_.function(marking.subject.function).name.str()});
    return places;
  }

  std::optional<rules::FixIt> insertAt(const Marking& marking, const NamedPlace& named_place,
                                       const std::string& path, llvm::StringRef text,
                                       std::string& obstacle) {
    const auto& [place, name] = named_place;
    const config::MarkerSpelling& entry = spellings_.entryFor(marking);
    if (!headers_.isReadWith(place.file, entry.header)) {
      obstacle = "the file does not include " + entry.header;
      return std::nullopt;
    }
    std::optional<size_t> name_at = offsetOf(text, place.line, place.column);
    std::optional<Declarator> declarator;
    if (name_at)
      declarator = Declarator::find(text, *name_at, name);
    std::optional<std::string> lock = declarator ? lockAt(marking.lock, *declarator) : std::nullopt;
    std::optional<Spelling> spelling = lock ? spellings_.spelled(marking, *lock) : std::nullopt;
    if (!spelling) {
      obstacle = declarator ? "the lock has no name there" : kNoDeclaration;
      return std::nullopt;
    }
    // In front of the name neither parameters nor members are known yet.
    const llvm::StringRef named = marking.lock;
    if (named.starts_with("$") || named.starts_with("this->"))
      spelling->position = Position::End;
    DeclarationEdit& edit = edits_[path][{place.line, place.column}];
    edit.line = place.line;
    edit.column = place.column;
    edit.name = name;
    std::optional<Insertion> insertion = insertionOf(text, edit, *spelling, words_);
    if (!insertion) {
      obstacle = kNoDeclaration;
      return std::nullopt;
    }
    // One typedef may stand for several pointers.
    if (llvm::none_of(edit.markers,
                      [&](const Spelling& other) { return other.text == spelling->text; }))
      edit.markers.push_back(std::move(*spelling));
    const llvm::StringRef before = text.take_front(insertion->at);
    return rules::FixIt{path, static_cast<uint32_t>(1 + before.count('\n')),
                        static_cast<uint32_t>(before.size() - (before.rfind('\n') + 1) + 1),
                        insertion->text};
  }

  const Program& program_;
  Spellings spellings_;
  const IncludedHeaders& headers_;
  std::vector<Spelling> words_;
  SourceTexts texts_;
  PointerPlaces pointers_;
  std::map<std::string, std::map<std::pair<uint32_t, uint32_t>, DeclarationEdit>> edits_;
};

} // namespace

llvm::Expected<Fixes> planFixes(const Program& program, const config::Config& config,
                                const IncludedHeaders& headers, llvm::ArrayRef<Missing> missing,
                                llvm::function_ref<bool(llvm::StringRef)> may_edit) {
  Fixes fixes;
  Planner planner(program, config, headers, missing);
  for (const Missing& each : missing)
    if (llvm::Error error = planner.add(each.marking, may_edit, fixes))
      return std::move(error);
  if (llvm::Error error = planner.finish(fixes))
    return std::move(error);
  return fixes;
}

} // namespace lockvet::infer
