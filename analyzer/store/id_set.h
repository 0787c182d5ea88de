// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sets of ids as bytes: ascending runs of neighbours, each as (gap, length) in varints. Ids are
// given out in the order of first sight, so what one header says is one run in every unit that
// reads it.

#pragma once

#include "analyzer/store/rows.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace lockvet::store {

/// Takes any order, and repetitions.
std::string encodeIds(std::vector<Id> ids);

/// Calls for each run: the ids first, first + 1, ... first + count - 1. False if the bytes are no
/// id set.
bool forEachRun(llvm::StringRef bytes, llvm::function_ref<void(Id first, Id count)> callback);

/// A set that is being collected: one bit an id.
class IdBits {
public:
  void set(Id id) { setRun(id, 1); }
  void setRun(Id first, Id count);
  bool test(Id id) const { return id < bits_.size() && bits_[id]; }
  void clear() { bits_.clear(); }
  void forEach(llvm::function_ref<void(Id)> callback) const;

private:
  std::vector<bool> bits_;
};

} // namespace lockvet::store
