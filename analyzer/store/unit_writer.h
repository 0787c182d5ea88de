// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Puts units into the store, takes them out, and collects what no unit says any more. Owned by a
// Store that is open for indexing; everything here needs an open transaction.

#pragma once

#include "analyzer/store/connection.h"
#include "analyzer/store/fragment_writer.h"
#include "analyzer/store/garbage.h"
#include "analyzer/store/id_set.h"
#include "analyzer/store/keys.h"
#include "analyzer/store/store.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <vector>

namespace lockvet::store {

class UnitWriter {
public:
  static llvm::Expected<std::unique_ptr<UnitWriter>> open(Connection& connection);

  UnitWriter(const UnitWriter&) = delete;
  UnitWriter& operator=(const UnitWriter&) = delete;

  llvm::Expected<PutOutcome> put(const UnitIdentity& identity, const facts::UnitFacts& unit);
  llvm::Error remove(const facts::Hash& command);
  llvm::Error refreshFile(const FileRow& file);

  /// Deletes what replaced and removed units have left behind.
  llvm::Error collectGarbage();

  /// The transaction is over. What was cached of a rolled back one is wrong.
  llvm::Error ended(bool committed);

private:
  struct Pending {
    facts::Hash hash;
    facts::Fragment fragment;
  };
  struct OldUnit {
    Id id = kNoId;
    std::string fragments;
    std::string inputs;
  };

  UnitWriter(Connection& connection, Keys keys) : connection_(connection), keys_(std::move(keys)) {}
  llvm::Error prepare();
  llvm::Expected<bool> lookUpFragments(const facts::UnitFacts& unit, std::vector<Id>& known,
                                       std::vector<Pending>& pending);
  llvm::Expected<OldUnit> findOld(const facts::Hash& command);
  void letGo(const OldUnit& old);
  llvm::Error setUnlinked();

  Connection& connection_;
  Keys keys_;
  std::unique_ptr<FragmentWriter> fragments_;
  Mentions written_; ///< in this transaction: alive
  Left left_;
  bool unlinked_ = false; ///< said so in this transaction
  Statement find_, add_, update_, remove_, refresh_, unlink_;
};

} // namespace lockvet::store
