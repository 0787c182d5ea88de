// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/fixes.h"

#include "analyzer/infer/completion.h"
#include "analyzer/infer/declarator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"

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

class Planner {
public:
  Planner(const Program& program, const config::Config& config)
      : program_(program), spellings_(config), words_(spellings_.words()) {}

  llvm::Error add(const Marking& marking, llvm::function_ref<bool(llvm::StringRef)> may_edit,
                  Fixes& fixes) {
    std::vector<rules::FixIt>& insertions = fixes.insertions.emplace_back();
    bool is_wanted = false, is_left_out = false;
    const bool is_written =
        marking.subject.slot == kNoId || !spellings_.entryFor(marking).pointer.empty();
    for (const Place& place :
         is_written ? placesLacking(program_, spellings_, marking) : std::vector<Place>()) {
      if (place.file == kNoId || !may_edit(program_.file(place.file)))
        continue;
      is_wanted = true;
      const std::string path = program_.file(place.file).str();
      llvm::Expected<llvm::StringRef> text = textOf(path);
      if (!text)
        return text.takeError();
      std::optional<rules::FixIt> fix = insertAt(marking, place, path, *text);
      if (fix)
        insertions.push_back(std::move(*fix));
      else
        is_left_out = true;
    }
    fixes.unwritten += is_wanted && is_left_out;
    fixes.is_elsewhere.push_back(!is_wanted);
    return llvm::Error::success();
  }

  void finish(Fixes& fixes) {
    for (auto& [path, edits] : edits_) {
      std::vector<DeclarationEdit> list;
      for (auto& [where, edit] : edits)
        list.push_back(std::move(edit));
      ChangedFile file{path, texts_[path], ""};
      file.after = applyEdits(file.before, std::move(list), words_);
      if (file.after != file.before)
        fixes.files.push_back(std::move(file));
    }
  }

private:
  llvm::Expected<llvm::StringRef> textOf(const std::string& path) {
    auto [entry, is_new] = texts_.try_emplace(path);
    if (is_new) {
      auto buffer = llvm::MemoryBuffer::getFile(path);
      if (!buffer)
        return llvm::createStringError("cannot read '" + path +
                                       "': " + buffer.getError().message());
      entry->second = (*buffer)->getBuffer().str();
    }
    return llvm::StringRef(entry->second);
  }

  /// The name as it stands in the text: of a pointer without its record.
  std::string nameOf(const Subject& subject) const {
    if (subject.function != kNoId)
      return program_.function(subject.function).name.str();
    const llvm::StringRef name = program_.slot(subject.slot).name;
    return (name.contains("::") ? name.rsplit("::").second : name).str();
  }

  std::optional<rules::FixIt> insertAt(const Marking& marking, const Place& place,
                                       const std::string& path, llvm::StringRef text) {
    const std::string name = nameOf(marking.subject);
    std::optional<size_t> name_at = offsetOf(text, place.line, place.column);
    std::optional<Declarator> declarator;
    if (name_at)
      declarator = Declarator::find(text, *name_at, name);
    std::optional<std::string> lock = declarator ? lockAt(marking.lock, *declarator) : std::nullopt;
    std::optional<Spelling> spelling = lock ? spellings_.spelled(marking, *lock) : std::nullopt;
    if (!spelling)
      return std::nullopt;
    // In front of the name neither parameters nor members are known yet.
    const llvm::StringRef named = marking.lock;
    spelling->is_end |= named.starts_with("$") || named.starts_with("this->");
    DeclarationEdit& edit = edits_[path][{place.line, place.column}];
    edit.line = place.line;
    edit.column = place.column;
    edit.name = name;
    std::optional<Insertion> insertion = insertionOf(text, edit, *spelling, words_);
    if (!insertion)
      return std::nullopt;
    edit.markers.push_back(std::move(*spelling));
    const llvm::StringRef before = text.take_front(insertion->at);
    return rules::FixIt{path, static_cast<uint32_t>(1 + before.count('\n')),
                        static_cast<uint32_t>(before.size() - (before.rfind('\n') + 1) + 1),
                        insertion->text};
  }

  const Program& program_;
  Spellings spellings_;
  std::vector<Spelling> words_;
  std::map<std::string, std::string> texts_;
  std::map<std::string, std::map<std::pair<uint32_t, uint32_t>, DeclarationEdit>> edits_;
};

} // namespace

llvm::Expected<Fixes> planFixes(const Program& program, const config::Config& config,
                                llvm::ArrayRef<Missing> missing,
                                llvm::function_ref<bool(llvm::StringRef)> may_edit) {
  Fixes fixes;
  Planner planner(program, config);
  for (const Missing& each : missing)
    if (llvm::Error error = planner.add(each.marking, may_edit, fixes))
      return std::move(error);
  planner.finish(fixes);
  return fixes;
}

} // namespace lockvet::infer
