// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One store: a SQLite file with the facts of a tree (docs/schema.md). One process at a time may
// index into it (IndexLock); any number may read meanwhile. A Store is for one thread at a time.
// What is written becomes visible, and safe against any kill, with commit().

#pragma once

#include "analyzer/facts/fragment.h"
#include "analyzer/store/findings.h"
#include "analyzer/store/reader.h"
#include "analyzer/store/rows.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>
#include <string>
#include <vector>

namespace lockvet::store {

/// Which unit it is. Two units with equal `command` are one.
struct UnitIdentity {
  facts::Hash command{}; ///< of directory, file and normalized command line
  std::string directory;
  std::string file; ///< absolute, normalized
  uint64_t limits =
      0; ///< what the attempt was limited to; a unit that hit it is tried again with more
};

enum class PutOutcome : uint8_t {
  Stored,
  MissingFragments ///< nothing was written: a fragment came without bytes, and the store lacks it
};

/// A unit came with bytes that are no fragment, or not the one that they are said to be.
class BadFragmentError : public llvm::ErrorInfo<BadFragmentError> {
public:
  static char ID;

  explicit BadFragmentError(std::string message) : message_(std::move(message)) {}
  void log(llvm::raw_ostream& out) const override { out << message_; }
  std::error_code convertToErrorCode() const override { return llvm::inconvertibleErrorCode(); }

private:
  std::string message_;
};

/// How many rows a write of derived rows touched.
struct DerivedChange {
  size_t inserted = 0;
  size_t deleted = 0;
};

class Store {
public:
  /// For the indexer: makes the file if there is none, and takes the index lock until destruction.
  static llvm::Expected<Store> openForIndexing(llvm::StringRef path);
  /// For everyone else.
  static llvm::Expected<Store> openReadOnly(llvm::StringRef path);
  /// For `check`, which reads and then writes findings. Does not take the index lock.
  static llvm::Expected<Store> openForFindings(llvm::StringRef path);

  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store(); ///< rolls an open transaction back

  llvm::StringRef path() const;
  Reader& reader();

  /// Between these two several reads see one state of the store, whoever writes meanwhile.
  /// Keep it short: a writer cannot commit meanwhile.
  llvm::Error beginReading();
  llvm::Error endReading();

  /// Starts a transaction. Everything down to commit() needs one.
  llvm::Error begin();

  /// Puts a unit in place of the one with the same command. Fails with a
  /// BadFragmentError, and nothing of the unit written, on bytes that are no fragment.
  llvm::Expected<PutOutcome> putUnit(const UnitIdentity& identity, const facts::UnitFacts& unit);
  llvm::Error removeUnit(const facts::Hash& command);

  /// The file was touched, but still has the content that the store knows.
  llvm::Error refreshFile(const FileRow& file);

  /// Drops what no unit says any more (fragments, then functions, slots and files that nothing
  /// mentions), so that each committed state is free of garbage, and commits.
  llvm::Error commit();

  /// Whether the derived rows fit the facts: putUnit and removeUnit say no, setLinked says yes.
  llvm::Expected<bool> isLinked();
  llvm::Error setLinked();
  /// Another number each time that facts were linked; 0 if they are not. Whoever keeps something
  /// made from a store knows by it whether that is still good.
  llvm::Expected<int64_t> linkStamp();

  /// Take the whole set, in any order; touch only the rows that differ.
  llvm::Expected<DerivedChange> writeSlotTargets(std::vector<SlotTarget> targets);
  llvm::Expected<DerivedChange> writeVirtualTargets(std::vector<VirtualTarget> targets);

  /// Builds the indexes that a fresh store does without while it is filled. Its own transaction;
  /// call it at the end of a run, outside begin() and commit(). Cheap when they are there.
  llvm::Error finish();

  /// Replaces the findings of the last check. Its own transaction.
  llvm::Error writeFindings(llvm::ArrayRef<Finding> findings);

private:
  struct State;
  static llvm::Expected<Store> openExisting(llvm::StringRef path, bool writable);
  explicit Store(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

} // namespace lockvet::store
