// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// People's own questions to a store, in SQL. Opens the file anew and read-only, so that no
// statement can change it, whatever it says. Touches no other state; any thread may call it.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <atomic>
#include <string>
#include <vector>

namespace lockvet::store {

struct SqlTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows; ///< NULL is ""
};

/// Runs one statement. It ends with an error when `stop` is set. `parameters` are bound to ?1,
/// ?2...
llvm::Expected<SqlTable> runSql(llvm::StringRef store, llvm::StringRef sql,
                                const std::vector<std::string>& parameters,
                                const std::atomic<bool>* stop);

} // namespace lockvet::store
