// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What facts talk about: places in files, functions, and slots (whatever can hold a function
// value). Plain values, owned by the Fragment that mentions them; no locks, no contexts.

#pragma once

#include <cstdint>
#include <string>

namespace lockvet::facts {

/// Marks an index that points nowhere.
inline constexpr uint32_t kNone = UINT32_MAX;

/// A place in a source file. Macro expansions are located where the user wrote the macro.
struct Location {
  uint32_t file = kNone; ///< index into Fragment::files; kNone for compiler built-ins
  uint32_t line = 0;     ///< 1-based; 0 where there is no place
  uint32_t column = 0;   ///< 1-based, in bytes

  bool operator==(const Location&) const = default;
};

enum class Linkage : uint8_t {
  External, ///< one entity in the whole program
  Internal, ///< static, or in an anonymous namespace: one entity a file
  None      ///< local: lambdas, methods of local classes
};

/// A function, method, constructor, lambda's call operator or template instantiation.
struct Function {
  /// Identity over the whole program: Clang's USR, and for everything that is not visible outside
  /// its file "@" and the path of the file it is declared in, since Clang's USR has only its name.
  std::string usr;
  std::string name;           ///< "preadv", "operator()", "~Guard"
  std::string qualified_name; ///< "ns::File::preadv"; lambdas are "outer()::lambda:LINE"
  std::string mangled_name;   ///< the linker's name
  std::string type;           ///< canonical function type, such as "int (void *)"
  Linkage linkage = Linkage::External;
  bool is_noreturn = false;
  bool is_builtin = false;  ///< known to the compiler without a declaration in a file
  bool is_pure = false;     ///< a pure virtual method: no virtual call lands in it
  bool is_implicit = false; ///< written by the compiler: nobody can put a marker on it
};

enum class SlotKind : uint8_t {
  Field,         ///< Record::field, shared by all objects of that record
  Global,        ///< variable with static storage outside functions
  Local,         ///< variable inside a function (static ones, too)
  Parameter,     ///< parameter `index` of `function`
  Return,        ///< what `function` returns
  SlotParameter, ///< parameter `index` of whatever function `slot` holds
  SlotReturn     ///< what the function that `slot` holds returns
};

/// Something that can hold a function value. Arrays, and pointers to function pointers, share the
/// slot of the variable or field that they stand in.
struct Slot {
  SlotKind kind = SlotKind::Field;
  std::string key;           ///< identity over the whole program
  std::string name;          ///< "BlockDriver::bdrv_open", or the variable's name
  std::string type;          ///< canonical function type it points to; "" where it is not one
  Location location;         ///< where it is declared
  uint32_t function = kNone; ///< Parameter, Return: whose; Local: the function around it
  uint32_t slot = kNone;     ///< SlotParameter, SlotReturn: whose
  uint32_t index = 0;        ///< Parameter, SlotParameter: 0-based
};

} // namespace lockvet::facts
