// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What arguments of commands and options can be: a schema in tables, in the manner of QEMU's QAPI.
// Parsing, error messages and the answer to query-qmp-schema come from these tables and from
// nothing else. Constants; they need no lock.

#ifndef LOCKVET_RUNTIME_CONTROL_SCHEMA_TYPE_H
#define LOCKVET_RUNTIME_CONTROL_SCHEMA_TYPE_H

#include <span>
#include <string_view>

namespace lockvet::runtime::control {

struct Type;

enum class TypeKind {
  string,
  boolean,
  // Signed, of 64 bits.
  integer,
  // Bytes, unsigned; as text also such as 64K.
  size,
  null,
  any,
  enumeration,
  array,
  object,
  // One of several kinds of JSON, which it is told apart by.
  alternative,
};

struct Member {
  std::string_view name;
  const Type* type;
  bool required = false;
};

// Which members an object has besides, if its tag says so.
struct Variant {
  std::string_view tag;
  const Type* type;
};

struct Type {
  TypeKind kind;
  // As query-qmp-schema has it.
  std::string_view name;
  // Of an enumeration.
  std::span<const std::string_view> values = {};
  // Of an object.
  std::span<const Member> members = {};
  std::string_view tag = {};
  std::span<const Variant> variants = {};
  // Of an array.
  const Type* element = nullptr;
  std::span<const Type* const> alternatives = {};
};

inline constexpr Type string_type{.kind = TypeKind::string, .name = "str"};
inline constexpr Type boolean_type{.kind = TypeKind::boolean, .name = "bool"};
inline constexpr Type integer_type{.kind = TypeKind::integer, .name = "int"};
inline constexpr Type size_type{.kind = TypeKind::size, .name = "size"};
inline constexpr Type null_type{.kind = TypeKind::null, .name = "null"};
inline constexpr Type any_type{.kind = TypeKind::any, .name = "any"};
inline constexpr Type empty_type{.kind = TypeKind::object, .name = "empty"};
inline constexpr Type strings_type{
    .kind = TypeKind::array, .name = "[str]", .element = &string_type};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_SCHEMA_TYPE_H
