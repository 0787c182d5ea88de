// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A store in a directory of its own, and SQL answers as text, for tests of the store.

#pragma once

#include "analyzer/facts/fragment.h"
#include "analyzer/store/store.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace lockvet::store::test {

class StoreTest : public ::testing::Test {
protected:
  StoreTest();
  ~StoreTest() override;

  Store openForIndexing() { return llvm::cantFail(Store::openForIndexing(path_)); }

  /// Rows of a query over the closed or committed store: columns joined by '|', NULL as "NULL".
  std::vector<std::string> query(const std::string& sql) const;

  std::string directory_;
  std::string path_;
};

UnitIdentity identity(uint64_t number, const std::string& file);

/// A unit that reads `file` and says `fragments`.
facts::UnitFacts unitOf(const std::string& file, const std::vector<facts::Fragment>& fragments);

/// `void <name>(void)` defined in `file` at `line`, calling what `callees` names.
facts::Fragment functionFragment(const std::string& file, const std::string& name, uint32_t line,
                                 const std::vector<std::string>& callees = {});

/// Puts it in a transaction of its own.
void put(Store& store, const UnitIdentity& identity, const facts::UnitFacts& unit);

} // namespace lockvet::store::test
