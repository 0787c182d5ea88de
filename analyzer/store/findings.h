// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The findings of the last `check`, kept in the store so that they can be asked for in SQL. Plain
// values: the store does not know the rules, and whoever runs them hands the result over as this.

#pragma once

#include "analyzer/store/connection.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lockvet::store {

struct WitnessStep {
  std::string function;
  std::string file;
  uint32_t line = 0;
  uint32_t column = 0;
  std::string reason;
};

struct Finding {
  std::string rule;
  std::string severity; ///< as reports print it, as is `confidence`
  std::string message;
  std::string function;
  std::string file;
  uint32_t line = 0;
  uint32_t column = 0;
  std::string fingerprint;
  std::string confidence;
  std::vector<WitnessStep> witness;
};

/// Replaces the table. Needs an open transaction.
llvm::Error replaceFindings(Connection& connection, llvm::ArrayRef<Finding> findings);

} // namespace lockvet::store
