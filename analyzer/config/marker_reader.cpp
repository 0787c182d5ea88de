// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/config/marker_reader.h"

#include "analyzer/config/yaml_values.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace lockvet::config {

using llvm::Error;
using llvm::SMLoc;
using llvm::StringRef;

namespace {

constexpr StringRef kMarkerKeys[] = {"marker", "lock", "spelling", "pointer", "place", "on", "header"};
constexpr StringRef kWords[] = {"coroutine_fn", "coroutine_mixed_fn", "no_coroutine_fn",
                                "main_loop",    "io_or_gs",           "io",
                                "requires",     "requires_shared",    "excludes"};
constexpr size_t kFirstOfContexts = 3;
constexpr size_t kFirstOfLocks = 6;
constexpr StringRef kPlaces[] = {"name", "end", "body"};
constexpr StringRef kDeclarations[] = {"declarations", "everywhere"};

} // namespace

llvm::ArrayRef<StringRef> markerWords() {
  return kWords;
}

Error readMarker(YamlReader& reader, const YamlValue& item, std::vector<MarkerSpelling>& markers) {
  MarkerSpelling marker;
  size_t which = 0;
  SMLoc marker_at = item.where;
  SMLoc lock_at, place_at;
  auto read = [&](StringRef key, SMLoc key_at, const YamlValue& value) -> Error {
    auto choice = [&](llvm::ArrayRef<StringRef> words, StringRef kind, size_t& into) -> Error {
      llvm::Expected<size_t> chosen = readChoice(reader, value, kind, words);
      if (!chosen)
        return chosen.takeError();
      into = *chosen;
      return Error::success();
    };
    size_t chosen = 0;
    if (key == "marker") {
      marker_at = value.where;
      Error failed = choice(kWords, "marker", which);
      if (!failed)
        marker.marker = kWords[which].str();
      return failed;
    }
    if (key == "place" || key == "on") {
      const bool is_place = key == "place";
      Error failed = is_place ? choice(kPlaces, "place", chosen)
                              : choice(kDeclarations, "set of declarations", chosen);
      if (!failed && is_place) {
        place_at = value.where;
        marker.position = static_cast<MarkerSpelling::Position>(chosen);
      } else if (!failed) {
        marker.is_everywhere = chosen == 1;
      }
      return failed;
    }
    auto text = reader.string(value);
    if (!text)
      return text.takeError();
    if (key == "lock")
      lock_at = key_at;
    (key == "lock"      ? marker.lock
     : key == "pointer" ? marker.pointer
     : key == "header"  ? marker.header
                        : marker.spelling) = std::move(*text);
    return Error::success();
  };
  if (Error failed = reader.mapping(item, kMarkerKeys, read))
    return failed;
  if (marker.marker.empty())
    return reader.error(item.where, "this marker lacks the key 'marker': which one it spells");
  if (marker.spelling.empty())
    return reader.error(item.where, "this marker lacks the key 'spelling': how it is written");
  if (which < kFirstOfLocks && !marker.lock.empty())
    return reader.error(lock_at, llvm::formatv("'{0}' is about no lock", marker.marker));
  if (marker.position == MarkerSpelling::Position::Body &&
      (which < kFirstOfContexts || which >= kFirstOfLocks))
    return reader.error(place_at, llvm::formatv("'{0}' is no statement; only main_loop, io_or_gs "
                                                "and io can be",
                                                marker.marker));
  if (llvm::any_of(markers, [&](const MarkerSpelling& other) {
        return other.marker == marker.marker && other.lock == marker.lock;
      }))
    return reader.error(marker_at, llvm::formatv("'{0}' is spelled twice", marker.marker));
  markers.push_back(std::move(marker));
  return Error::success();
}

} // namespace lockvet::config
