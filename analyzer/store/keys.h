// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From identities to keys, for the writer: texts, files, functions, slots and fragments that the
// store has, or gets now. Looked up in memory first and then in the file, one row at a time, so
// that a small change to a large store reads little. Owned by the Store's UnitWriter.

#pragma once

#include "analyzer/facts/fragment.h"
#include "analyzer/store/connection.h"
#include "analyzer/store/rows.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Error.h"

#include <utility>

namespace lockvet::store {

/// Of a slot, what a fragment says by index, as keys.
struct SlotReferences {
  Id file = kNoId;
  Id function = kNoId;
  Id slot = kNoId;
};

class Keys {
public:
  static llvm::Expected<Keys> open(Connection& connection);

  llvm::Expected<Id> text(llvm::StringRef value);
  /// kNoId for "": no type.
  llvm::Expected<Id> optionalText(llvm::StringRef value);
  /// A file that is mentioned.
  llvm::Expected<Id> file(llvm::StringRef path);
  /// A file that was read; the store then knows its content.
  llvm::Expected<Id> inputFile(const facts::InputFile& input);
  /// Brings the function's row up to date with what is said last.
  llvm::Expected<Id> function(const facts::Function& function);
  llvm::Expected<Id> slot(const facts::Slot& slot, const SlotReferences& references);
  /// kNoId if there is none.
  llvm::Expected<Id> findFragment(const facts::Hash& hash);
  llvm::Expected<Id> addFragment(const facts::Hash& hash, llvm::StringRef mentions);

  /// After rows were deleted, or a transaction was rolled back.
  llvm::Error forget();

private:
  using MapKey = std::pair<uint64_t, uint64_t>;
  struct Known {
    Id id = kNoId;
    uint64_t attributes = 0; ///< hash of the other columns, to notice a change
  };

  explicit Keys(Connection& connection) : connection_(connection) {}
  llvm::Error prepare();
  llvm::Error readLastIds();
  llvm::Expected<Known> findFile(llvm::StringRef path);

  Connection& connection_;
  llvm::DenseMap<MapKey, Id> texts_;
  llvm::DenseMap<MapKey, Known> files_;
  llvm::DenseMap<MapKey, Known> functions_;
  llvm::DenseMap<MapKey, Known> slots_;
  llvm::DenseMap<MapKey, Id> fragments_;
  Id last_text_ = 0, last_file_ = 0, last_function_ = 0, last_slot_ = 0, last_fragment_ = 0;

  Statement find_text_, add_text_;
  Statement find_file_, add_file_, update_file_;
  Statement find_function_, add_function_, update_function_;
  Statement find_slot_, add_slot_, update_slot_;
  Statement find_fragment_, add_fragment_;
};

} // namespace lockvet::store
