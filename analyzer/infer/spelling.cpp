// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/spelling.h"

#include "llvm/ADT/STLExtras.h"

namespace lockvet::infer {

namespace {

constexpr llvm::StringLiteral kLock = "{lock}";

config::MarkerSpelling defaultFor(MarkerKind kind) {
  config::MarkerSpelling entry;
  entry.marker = wordFor(kind).str();
  auto attribute = [](llvm::StringRef name) {
    return ("__attribute__((" + name + "({lock})))").str();
  };
  switch (kind) {
  case MarkerKind::CoroutineFn:
  case MarkerKind::MixedFn:
  case MarkerKind::NoCoroutineFn:
    entry.spelling = entry.pointer = entry.marker;
    entry.is_everywhere = true;
    return entry;
  case MarkerKind::MainLoop:
  case MarkerKind::IoOrGs:
  case MarkerKind::Io:
    entry.spelling = entry.pointer = "__attribute__((annotate(\"" + entry.marker + "\")))";
    entry.is_everywhere = true;
    return entry;
  case MarkerKind::Requires:
    entry.spelling = attribute("requires_capability");
    entry.pointer = attribute("guarded_by");
    break;
  case MarkerKind::RequiresShared:
    entry.spelling = attribute("requires_shared_capability");
    entry.pointer = attribute("guarded_by");
    break;
  case MarkerKind::Excludes:
    entry.spelling = attribute("locks_excluded");
    break;
  }
  return entry;
}

unsigned rankOf(llvm::StringRef marker) {
  std::optional<MarkerKind> kind = markerNamed(marker);
  return kind ? static_cast<unsigned>(*kind) : kMarkerKinds;
}

} // namespace

Spellings::Spellings(const config::Config& config) : entries_(config.markers) {
  for (unsigned kind = 0; kind < kMarkerKinds; ++kind)
    entries_.push_back(defaultFor(static_cast<MarkerKind>(kind)));
}

const config::MarkerSpelling& Spellings::entryFor(const Marking& marking) const {
  const llvm::StringRef lock = llvm::StringRef(marking.lock).split('@').first;
  const config::MarkerSpelling* general = nullptr;
  for (const config::MarkerSpelling& entry : entries_) {
    if (entry.marker != wordFor(marking.kind))
      continue;
    if (entry.lock == lock)
      return entry;
    if (entry.lock.empty() && !general)
      general = &entry;
  }
  // Each kind has a default, so that there is always a general one.
  return general ? *general : entries_.back();
}

std::optional<Spelling> Spellings::spelled(const Marking& marking, llvm::StringRef lock) const {
  const config::MarkerSpelling& entry = entryFor(marking);
  Spelling spelling;
  spelling.text = marking.subject.slot != kNoId ? entry.pointer : entry.spelling;
  if (spelling.text.empty())
    return std::nullopt;
  for (size_t at = spelling.text.find(kLock); at != std::string::npos;
       at = spelling.text.find(kLock, at + lock.size()))
    spelling.text.replace(at, kLock.size(), lock);
  spelling.position = entry.position;
  spelling.rank = rankOf(entry.marker);
  return spelling;
}

std::vector<Spelling> Spellings::words() const {
  std::vector<Spelling> words;
  for (const config::MarkerSpelling& entry : entries_)
    for (const std::string& text : {entry.spelling, entry.pointer})
      if (!text.empty() && entry.position == Position::Name)
        words.push_back({text, Position::Name, rankOf(entry.marker)});
  return words;
}

} // namespace lockvet::infer
