// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/features.h"

#include <algorithm>
#include <cstring>

namespace lockvet::runtime::qcow2 {

namespace {

constexpr size_t entry_bytes = 48;
constexpr size_t name_bytes = 46;

const FeatureName* find(std::span<const FeatureName> names, FeatureName::Kind kind, unsigned bit) {
  const auto found = std::ranges::find_if(
      names, [&](const FeatureName& name) { return name.kind == kind && name.bit == bit; });
  return found == names.end() ? nullptr : &*found;
}

// What stands in a message: an image's own text must not change the terminal.
std::string printable(std::string_view text) {
  std::string result(text);
  for (char& letter : result)
    if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f)
      letter = '?';
  return result;
}

} // namespace

std::vector<FeatureName> known_feature_names() {
  using Kind = FeatureName::Kind;
  return {{Kind::incompatible, 0, "dirty bit"},
          {Kind::incompatible, 1, "corrupt bit"},
          {Kind::incompatible, 2, "external data file"},
          {Kind::incompatible, 3, "compression type"},
          {Kind::incompatible, 4, "extended L2 entries"},
          {Kind::compatible, 0, "lazy refcounts"},
          {Kind::autoclear, 0, "bitmaps"},
          {Kind::autoclear, 1, "raw external data"}};
}

Result<std::vector<FeatureName>> parse_feature_names(std::span<const std::byte> payload) {
  if (payload.size() % entry_bytes != 0)
    return malformed("the feature name table has " + std::to_string(payload.size()) +
                     " bytes, which is no multiple of " + std::to_string(entry_bytes));
  std::vector<FeatureName> names;
  for (; !payload.empty(); payload = payload.subspan(entry_bytes)) {
    const auto kind = std::to_integer<uint8_t>(payload[0]);
    const auto bit = std::to_integer<uint8_t>(payload[1]);
    // Kinds that came later are no concern of ours.
    if (kind > 2 || bit > 63)
      continue;
    const char* const text = reinterpret_cast<const char*>(payload.data() + 2);
    names.push_back(
        {static_cast<FeatureName::Kind>(kind), bit, std::string(text, strnlen(text, name_bytes))});
  }
  return names;
}

std::vector<std::byte> serialize_feature_names(std::span<const FeatureName> names) {
  std::vector<std::byte> payload(names.size() * entry_bytes);
  std::byte* entry = payload.data();
  for (const FeatureName& name : names) {
    entry[0] = static_cast<std::byte>(name.kind);
    entry[1] = static_cast<std::byte>(name.bit);
    std::memcpy(entry + 2, name.name.data(), std::min(name.name.size(), name_bytes));
    entry += entry_bytes;
  }
  return payload;
}

Result<> refuse_unsupported(uint64_t incompatible, std::span<const FeatureName> names_in_image) {
  const std::vector<FeatureName> known = known_feature_names();
  std::string list;
  unsigned count = 0;
  for (unsigned bit = 0; bit < 64; ++bit) {
    if (((incompatible & ~supported_incompatible_features) >> bit & 1) == 0)
      continue;
    list += count++ == 0 ? "" : ", ";
    const FeatureName* name = find(known, FeatureName::Kind::incompatible, bit);
    if (name == nullptr)
      name = find(names_in_image, FeatureName::Kind::incompatible, bit);
    list += name == nullptr ? "one without a name" : "'" + printable(name->name) + "'";
    list += " (bit " + std::to_string(bit) + ")";
  }
  if (count == 0)
    return {};
  return fail(std::errc::not_supported,
              "the image needs " +
                  std::string(count == 1 ? "an incompatible feature that is"
                                         : "incompatible features that are") +
                  " not supported: " + list);
}

} // namespace lockvet::runtime::qcow2
