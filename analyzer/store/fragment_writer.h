// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes one fragment's facts as rows, with its local indices turned into keys. Owned by the
// Store's UnitWriter; needs an open transaction.

#pragma once

#include "analyzer/facts/fragment.h"
#include "analyzer/store/connection.h"
#include "analyzer/store/id_set.h"
#include "analyzer/store/keys.h"
#include "analyzer/store/rows.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace lockvet::store {

/// Ids of symbols, slots and files.
struct Mentions {
  IdBits functions, slots, files;

  void clear();
  /// Adds what a fragment's `mentions` column says; false if it is damaged.
  bool add(llvm::StringRef bytes);
};

class FragmentWriter {
public:
  static llvm::Expected<FragmentWriter> open(Connection& connection, Keys& keys);

  /// Gives the new fragment's id. What it mentions is added to `mentions`.
  llvm::Expected<Id> write(const facts::Hash& hash, const facts::Fragment& fragment,
                           Mentions& mentions);

private:
  FragmentWriter(Connection& connection, Keys& keys) : connection_(connection), keys_(keys) {}
  llvm::Error prepare();
  llvm::Error resolve(const facts::Fragment& fragment);
  llvm::Error resolveSlot(const facts::Fragment& fragment, uint32_t index);
  std::string takeMentions(Mentions& mentions);

  llvm::Error writeDeclarations(Id id, const facts::Fragment& fragment);
  llvm::Error writeMarkers(Id id, const facts::Fragment& fragment);
  llvm::Error writeCalls(Id id, const facts::Fragment& fragment);
  llvm::Error writeFlows(Id id, const facts::Fragment& fragment);
  llvm::Error writeDiagnostics(Id id, const facts::Fragment& fragment);
  llvm::Error writeSkeleton(Id id, facts::Skeleton skeleton);

  Id file(const facts::Location& location) const { return at(files_, location.file); }
  Key fileKey(const facts::Location& location) const { return {file(location)}; }
  static Id at(const std::vector<Id>& ids, uint32_t index) {
    return index < ids.size() ? ids[index] : kNoId;
  }

  Connection& connection_;
  Keys& keys_;
  std::vector<Id> files_, functions_, slots_; ///< of the fragment at hand, by local index
  Statement declaration_, marker_, macro_, override_, call_, flow_, diagnostic_, note_, skeleton_;
};

} // namespace lockvet::store
