// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/schema/conform.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <limits>
#include <utility>

namespace lockvet::runtime::control {

namespace {

using Result = std::expected<Json, std::string>;

// By appending: g++ 12 warns of overlaps that there are not where temporaries are added to.
std::unexpected<std::string> wrong(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts)
    text += part;
  return std::unexpected(std::move(text));
}

template <typename Number> std::optional<Number> parse_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

// The whole of a value is called by its type.
std::string member_path(const std::string& path, std::string_view name) {
  std::string text = path;
  if (!text.empty())
    text += '.';
  text += name;
  return text;
}

class Conforming {
public:
  explicit Conforming(JsonSource source) : source_(source) {}

  Result conform(const Type& type, const Json& value, const std::string& path) const;

private:
  bool is_text() const { return source_ == JsonSource::text; }
  static std::unexpected<std::string> mismatch(const Type& type, const Json& value,
                                               const std::string& path, std::string_view wanted);
  Result boolean(const Type& type, const Json& value, const std::string& path) const;
  Result integer(const Type& type, const Json& value, const std::string& path) const;
  Result size(const Type& type, const Json& value, const std::string& path) const;
  static Result enumeration(const Type& type, const Json& value, const std::string& path);
  Result array(const Type& type, const Json& value, const std::string& path) const;
  Result object(const Type& type, const Json& value, const std::string& path) const;
  Result alternative(const Type& type, const Json& value, const std::string& path) const;

  const JsonSource source_;
};

std::unexpected<std::string> Conforming::mismatch(const Type& type, const Json& value,
                                                  const std::string& path,
                                                  std::string_view wanted) {
  std::string found = to_text(value);
  if (found.size() > 60)
    found = found.substr(0, 60) + "...";
  return wrong(
      {"'", path.empty() ? type.name : path, "' must be ", wanted, ", and is ", found, "."});
}

Result Conforming::conform(const Type& type, const Json& value, const std::string& path) const {
  switch (type.kind) {
  case TypeKind::string:
    return value.is_string() ? Result(value) : mismatch(type, value, path, "a string");
  case TypeKind::boolean:
    return boolean(type, value, path);
  case TypeKind::integer:
    return integer(type, value, path);
  case TypeKind::size:
    return size(type, value, path);
  case TypeKind::null:
    return value.is_null() ? Result(value) : mismatch(type, value, path, "null");
  case TypeKind::any:
    return value;
  case TypeKind::enumeration:
    return enumeration(type, value, path);
  case TypeKind::array:
    return array(type, value, path);
  case TypeKind::object:
    return object(type, value, path);
  case TypeKind::alternative:
    return alternative(type, value, path);
  }
  return value;
}

Result Conforming::boolean(const Type& type, const Json& value, const std::string& path) const {
  if (value.is_boolean())
    return value;
  if (is_text() && value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    // As QEMU's qapi_bool_parse() takes them.
    for (const std::string_view yes : {"on", "yes", "true", "y"})
      if (text == yes)
        return true;
    for (const std::string_view no : {"off", "no", "false", "n"})
      if (text == no)
        return false;
    return mismatch(type, value, path, "'on' or 'off'");
  }
  return mismatch(type, value, path, "true or false");
}

Result Conforming::integer(const Type& type, const Json& value, const std::string& path) const {
  if (value.is_number_unsigned() && value.get<uint64_t>() > std::numeric_limits<int64_t>::max())
    return mismatch(type, value, path, "an integer of 64 bits");
  if (value.is_number_integer())
    return value;
  if (is_text() && value.is_string())
    if (const auto number = parse_number<int64_t>(value.get_ref<const std::string&>()))
      return *number;
  return mismatch(type, value, path, "an integer");
}

Result Conforming::size(const Type& type, const Json& value, const std::string& path) const {
  if (value.is_number_unsigned())
    return value;
  // A value that was made by a program may be signed.
  if (value.is_number_integer() && value.get<int64_t>() >= 0)
    return value.get<uint64_t>();
  if (is_text() && value.is_string())
    if (const auto bytes = parse_size(value.get_ref<const std::string&>()))
      return *bytes;
  return mismatch(type, value, path,
                  is_text() ? "a size such as 512, 64K, 10M, 2G or 1T"
                            : "a number that is not "
                              "negative");
}

Result Conforming::enumeration(const Type& type, const Json& value, const std::string& path) {
  if (value.is_string() && std::find(type.values.begin(), type.values.end(),
                                     value.get_ref<const std::string&>()) != type.values.end())
    return value;
  std::string wanted = "one of ";
  for (const std::string_view one : type.values) {
    if (one != type.values.front())
      wanted += ", ";
    wanted += one;
  }
  return mismatch(type, value, path, wanted);
}

Result Conforming::array(const Type& type, const Json& value, const std::string& path) const {
  Json items = value;
  // A list that came as text has its numbers for names.
  if (is_text() && value.is_object()) {
    items = Json::array();
    for (size_t number = 0; number < value.size(); ++number) {
      const Json* const item = find_member(value, std::to_string(number));
      if (item == nullptr)
        return wrong({"'", path, "' is a list, whose items are called ", path, ".0 and so on."});
      items.push_back(*item);
    }
  }
  if (!items.is_array())
    return mismatch(type, value, path, "a list");
  for (size_t number = 0; number < items.size(); ++number) {
    auto item = conform(*type.element, items[number], member_path(path, std::to_string(number)));
    if (!item)
      return item;
    items[number] = std::move(*item);
  }
  return items;
}

Result Conforming::object(const Type& type, const Json& value, const std::string& path) const {
  if (!value.is_object())
    return mismatch(type, value, path, "an object");
  std::vector<const Member*> members;
  for (const Member& member : type.members)
    members.push_back(&member);
  std::string_view kind = type.name;
  const Json* const tag = type.tag.empty() ? nullptr : find_member(value, type.tag);
  if (tag != nullptr && tag->is_string()) {
    for (const Variant& variant : type.variants) {
      if (variant.tag != tag->get_ref<const std::string&>())
        continue;
      kind = variant.type->name;
      for (const Member& member : variant.type->members)
        members.push_back(&member);
    }
  }
  Json result = Json::object();
  for (const Member* const member : members) {
    const Json* const found = find_member(value, member->name);
    const std::string name = member_path(path, member->name);
    if (found == nullptr) {
      if (member->required)
        return wrong({"'", name, "' is missing."});
      continue;
    }
    auto conforming = conform(*member->type, *found, name);
    if (!conforming)
      return conforming;
    result[std::string(member->name)] = std::move(*conforming);
  }
  for (const auto& [name, unused] : value.items()) {
    if (result.contains(name))
      continue;
    std::string known;
    for (const Member* const member : members) {
      known += known.empty() ? "" : ", ";
      known += member->name;
    }
    return wrong({"'", member_path(path, name), "' is not supported; ", kind, " has ",
                  known.empty() ? std::string_view("no members") : std::string_view(known), "."});
  }
  return result;
}

Result Conforming::alternative(const Type& type, const Json& value, const std::string& path) const {
  std::string wanted;
  for (const Type* const one : type.alternatives) {
    const bool fits =
        one->kind == TypeKind::object  ? value.is_object()
        : one->kind == TypeKind::array ? value.is_array() || (is_text() && value.is_object())
        : one->kind == TypeKind::null
            // An empty string stands for it where there is no other way to say it.
            ? value.is_null() ||
                  (is_text() && value.is_string() && value.get_ref<const std::string&>().empty())
            : value.is_string();
    if (fits)
      return one->kind == TypeKind::null ? Result(Json()) : conform(*one, value, path);
    wanted += wanted.empty() ? "" : " or ";
    wanted += one->name;
  }
  return mismatch(type, value, path, wanted);
}

} // namespace

std::optional<uint64_t> parse_size(std::string_view text) {
  constexpr std::string_view units = "KMGT";
  unsigned shift = 0;
  if (!text.empty()) {
    const size_t unit = units.find(text.back());
    if (unit != std::string_view::npos) {
      shift = 10 * (static_cast<unsigned>(unit) + 1);
      text.remove_suffix(1);
    }
  }
  const auto number = parse_number<uint64_t>(text);
  // As far as offsets of files go.
  if (!number || *number > (uint64_t{1} << 62) >> shift)
    return std::nullopt;
  return *number << shift;
}

std::expected<Json, std::string> conform(const Type& type, const Json& value, JsonSource source) {
  return Conforming(source).conform(type, value, {});
}

} // namespace lockvet::runtime::control
