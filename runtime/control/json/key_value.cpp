// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/json/key_value.h"

#include <utility>
#include <vector>

namespace lockvet::runtime::control {

namespace {

// As many as JSON that comes over QMP may have.
constexpr size_t most_depth = 64;

std::unexpected<std::string> wrong(std::string_view what, std::string_view item) {
  std::string text = "'";
  text += item;
  text += what;
  return std::unexpected(std::move(text));
}

std::vector<std::string_view> split(std::string_view key) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t dot = key.find('.');
    parts.push_back(key.substr(0, dot));
    if (dot == std::string_view::npos)
      return parts;
    key.remove_prefix(dot + 1);
  }
}

// Takes a value from the front of the text, and the comma behind it.
std::string take_value(std::string_view& text) {
  std::string value;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    value += text.substr(0, comma);
    if (comma == std::string_view::npos) {
      text = {};
      break;
    }
    text.remove_prefix(comma + 1);
    if (!text.starts_with(','))
      break;
    value += ',';
    text.remove_prefix(1);
  }
  return value;
}

std::expected<void, std::string> put(Json& into, std::string_view key, std::string value) {
  const std::vector<std::string_view> parts = split(key);
  if (parts.size() > most_depth)
    return wrong("' has more than 64 parts.", key);
  Json* at = &into;
  for (const std::string_view& part : parts) {
    if (part.empty())
      return wrong("' is no key: a part of it is empty.", key);
    if (!at->is_object())
      return wrong("' has members, and is given a value as well.", key);
    // By its name, since an index would make an array of it.
    Json& member = (*at)[std::string(part)];
    if (&part != &parts.back() && member.is_null())
      member = Json::object();
    at = &member;
  }
  if (at->is_object())
    return wrong("' has members, and is given a value as well.", key);
  *at = std::move(value);
  return {};
}

} // namespace

std::expected<ParsedArgument, std::string> parse_argument(std::string_view text,
                                                          std::string_view implied_key) {
  if (text.starts_with('{')) {
    auto value = parse_json(text);
    if (!value)
      return wrong("' begins as JSON does, and is none.", text);
    return ParsedArgument{std::move(*value), JsonSource::typed};
  }
  Json object = Json::object();
  for (bool first = true; !text.empty(); first = false) {
    const size_t end = text.find_first_of("=,");
    std::string_view key = text.substr(0, end);
    if (end != std::string_view::npos && text[end] == '=')
      text.remove_prefix(end + 1);
    else if (first && !implied_key.empty())
      key = implied_key;
    else
      return wrong("' has no value: 'key=value' is wanted.", key);
    if (auto done = put(object, key, take_value(text)); !done)
      return std::unexpected(std::move(done.error()));
  }
  return ParsedArgument{std::move(object), JsonSource::text};
}

} // namespace lockvet::runtime::control
