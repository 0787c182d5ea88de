// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The linker's tables: two columns each, brought up to date by difference, since linking a small
// change gives nearly the rows that are there. Needs an open transaction.

#pragma once

#include "analyzer/store/connection.h"
#include "analyzer/store/store.h"
#include "llvm/Support/Error.h"

#include <utility>
#include <vector>

namespace lockvet::store {

using IdPair = std::pair<Id, Id>;

/// Names of a table and of its two columns, which are its key.
struct PairTable {
  const char* table;
  const char* first;
  const char* second;
};

inline constexpr PairTable kSlotTargets{"slot_target", "slot_id", "function_id"};
inline constexpr PairTable kVirtualTargets{"virtual_target", "method_id", "target_id"};

/// `wanted` may be in any order and have repetitions.
llvm::Expected<DerivedChange> replacePairs(Connection& connection, const PairTable& table,
                                           std::vector<IdPair> wanted);

} // namespace lockvet::store
