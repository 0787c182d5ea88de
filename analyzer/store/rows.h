// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of the store as plain structs: what the reader hands to the linker and the rules, and what
// they hand back. Texts in them belong to the store and live as long as each field says.

#pragma once

#include "analyzer/facts/fragment.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lockvet::store {

/// A key of a row. Keys are small and dense, so that they can index arrays; they are stable while
/// their row lives, and may be given to another row after it died.
using Id = uint32_t;
inline constexpr Id kNoId = 0;

struct Place {
  Id file = kNoId; ///< kNoId for compiler built-ins
  uint32_t line = 0;
  uint32_t column = 0;

  bool operator==(const Place&) const = default;
};

/// A file that some unit read. The stamp (size, mtime, inode) is of the moment when its content had
/// that hash; inode 0 says that the stamp is not to be trusted.
struct FileRow {
  Id id = kNoId;
  llvm::StringRef path; ///< valid during the call
  facts::Hash content{};
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  uint64_t inode = 0;
};

struct FunctionRow {
  Id id = kNoId;
  llvm::StringRef usr; ///< these four are valid during the call
  llvm::StringRef name;
  llvm::StringRef qualified_name;
  llvm::StringRef mangled_name;
  Id type = kNoId; ///< Reader::text() has it
  facts::Linkage linkage = facts::Linkage::External;
  bool is_noreturn = false;
  bool is_builtin = false;
  bool is_pure = false;
  bool is_implicit = false;
};

struct SlotRow {
  Id id = kNoId;
  facts::SlotKind kind = facts::SlotKind::Field;
  llvm::StringRef key; ///< these two are valid during the call
  llvm::StringRef name;
  Id type = kNoId; ///< kNoId where it is not a function pointer
  Place place;
  Id function = kNoId;
  Id slot = kNoId;
  uint32_t index = 0;
};

struct DeclarationRow {
  Id fragment = kNoId;
  Id function = kNoId;
  Place place;
  uint32_t end_line = 0;
  bool is_definition = false;
  bool in_system_header = false;
};

/// Exactly one of `function` and `slot` is set.
struct MarkerRow {
  Id fragment = kNoId;
  Id function = kNoId;
  Id slot = kNoId;
  llvm::StringRef label; ///< valid as long as the reader
  facts::MarkerOrigin origin = facts::MarkerOrigin::Annotation;
  Place place;
};

struct OverrideRow {
  Id fragment = kNoId;
  Id method = kNoId;
  Id base = kNoId;
};

/// `sequence` is the index in the fragment: the one that the fragment's skeleton uses.
struct CallSiteRow {
  Id fragment = kNoId;
  uint32_t sequence = 0;
  facts::CallKind kind = facts::CallKind::Direct;
  Id caller = kNoId;
  Id callee = kNoId; ///< Direct, Implicit, Virtual
  Id slot = kNoId;   ///< Indirect
  Id type = kNoId;   ///< Indirect: always set (taken from the slot where the call says no other)
  Place place;
};

struct FlowRow {
  Id fragment = kNoId;
  facts::FlowForm form = facts::FlowForm::Assignment;
  Id holder = kNoId;
  Id from_function = kNoId;
  Id from_slot = kNoId;
  Id to_slot = kNoId;
  Place place;
};

struct NoteRow {
  std::string message;
  Place place;
};

struct DiagnosticRow {
  Id fragment = kNoId;
  llvm::StringRef group;   ///< valid as long as the reader
  llvm::StringRef message; ///< valid during the call, as the notes are
  Id function = kNoId;
  Place place;
  llvm::ArrayRef<NoteRow> notes;
};

/// The bytes are those of facts::serialize(Skeleton), with every function index in it (its own, and
/// its arguments') replaced by the function's Id. Its calls are sequences of the same fragment.
/// A function has as many skeletons as there are different bodies of it in the program.
struct SkeletonRow {
  Id fragment = kNoId;
  Id function = kNoId;
  llvm::StringRef bytes; ///< valid during the call
};

struct UnitRow {
  Id id = kNoId;
  facts::Hash command{}; ///< identity: of directory, file and command line
  llvm::StringRef file;  ///< these five are valid during the call
  llvm::StringRef directory;
  llvm::StringRef reason;
  llvm::StringRef fragments; ///< an encoded IdSet (id_set.h), as the next
  llvm::StringRef inputs;
  facts::UnitStatus status = facts::UnitStatus::Parsed;
  double seconds = 0;
  facts::Hash digest{}; ///< of its inputs as it read them (input_digest.h)
  uint64_t limits = 0;  ///< UnitIdentity::limits of the attempt
};

/// `function` can be in `slot`.
struct SlotTarget {
  Id slot = kNoId;
  Id function = kNoId;

  auto operator<=>(const SlotTarget&) const = default;
};

/// A virtual call of `method` can land in `target`. A method without a row is its own only target;
/// one with rows is its own target only where a row says so.
struct VirtualTarget {
  Id method = kNoId;
  Id target = kNoId;

  auto operator<=>(const VirtualTarget&) const = default;
};

} // namespace lockvet::store
