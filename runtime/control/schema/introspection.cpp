// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/schema/introspection.h"

namespace lockvet::runtime::control {

namespace {

// As JSON has the builtin types; the size of a file is an integer there.
Json builtin(std::string_view name, std::string_view json_type) {
  return {{"name", name}, {"meta-type", "builtin"}, {"json-type", json_type}};
}

} // namespace

Json Introspection::members_of(const Type& type) {
  Json members = Json::array();
  for (const Member& member : type.members) {
    Json info = {{"name", member.name}, {"type", refer(*member.type)}};
    // There is nothing that it stands for; it may be left out.
    if (!member.required)
      info["default"] = nullptr;
    members.push_back(std::move(info));
  }
  return members;
}

Json Introspection::describe(const Type& type) {
  switch (type.kind) {
  case TypeKind::string:
    return builtin(type.name, "string");
  case TypeKind::boolean:
    return builtin(type.name, "boolean");
  case TypeKind::integer:
  case TypeKind::size:
    return builtin(type.name, "int");
  case TypeKind::null:
    return builtin(type.name, "null");
  case TypeKind::any:
    return builtin(type.name, "value");
  case TypeKind::enumeration: {
    Json values = Json::array();
    Json members = Json::array();
    for (const std::string_view value : type.values) {
      values.push_back(value);
      members.push_back({{"name", value}});
    }
    return {{"name", type.name},
            {"meta-type", "enum"},
            {"members", std::move(members)},
            {"values", std::move(values)}};
  }
  case TypeKind::array:
    return {{"name", type.name}, {"meta-type", "array"}, {"element-type", refer(*type.element)}};
  case TypeKind::alternative: {
    Json members = Json::array();
    for (const Type* const one : type.alternatives)
      members.push_back({{"type", refer(*one)}});
    return {{"name", type.name}, {"meta-type", "alternate"}, {"members", std::move(members)}};
  }
  case TypeKind::object:
    break;
  }
  Json info = {{"name", type.name}, {"meta-type", "object"}, {"members", members_of(type)}};
  if (!type.tag.empty()) {
    info["tag"] = type.tag;
    info["variants"] = Json::array();
    for (const Variant& variant : type.variants)
      info["variants"].push_back({{"case", variant.tag}, {"type", refer(*variant.type)}});
  }
  return info;
}

std::string Introspection::refer(const Type& type) {
  // Before it is described, since it may refer to itself.
  if (known_.insert(type.name).second)
    infos_.push_back(describe(type));
  return std::string(type.name);
}

void Introspection::add_command(std::string_view name, const Type& arguments, const Type& returns) {
  infos_.push_back({{"name", name},
                    {"meta-type", "command"},
                    {"arg-type", refer(arguments)},
                    {"ret-type", refer(returns)}});
}

void Introspection::add_event(std::string_view name, const Type& data) {
  infos_.push_back({{"name", name}, {"meta-type", "event"}, {"arg-type", refer(data)}});
}

} // namespace lockvet::runtime::control
