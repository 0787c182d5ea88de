// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// JSON values, as QMP, command lines and configuration files come to. Values that their receivers
// own; they need no lock. Nothing throws: what can't be parsed is no value.

#ifndef LOCKVET_RUNTIME_CONTROL_JSON_JSON_H
#define LOCKVET_RUNTIME_CONTROL_JSON_JSON_H

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace lockvet::runtime::control {

using Json = nlohmann::json;

// Nothing if the text is not one JSON value.
inline std::optional<Json> parse_json(std::string_view text) {
  Json value = Json::parse(text, nullptr, false);
  if (value.is_discarded())
    return std::nullopt;
  return value;
}

// In one line. What is no UTF-8, such as in a file's name, is replaced.
inline std::string to_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A member of an object, or nullptr.
inline const Json* find_member(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_JSON_JSON_H
