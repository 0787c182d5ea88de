// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What functions say of locks, by capability attributes or by the configuration's lock types: which
// they take, give back, need, and must not find held. Computed once; then only read.

#pragma once

#include "analyzer/config/config.h"
#include "analyzer/locks/hold.h"
#include "analyzer/locks/lock_path.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

namespace lockvet::locks {

using program::Id;
using program::kNoId;

struct LockOperation {
  Operation operation = Operation::Acquire;
  PathId path = kNoPath;                  ///< in the function's own frame
  const config::LockType* type = nullptr; ///< null: the configuration knows nothing of it
  bool succeeds_with = true;              ///< of those that try
  bool is_configured = false;             ///< the configuration says so, and not an attribute
};

/// A capability that a function needs, or must not find held.
struct Requirement {
  enum class Kind : uint8_t { Exclusive, Shared, Excluded };
  Kind kind = Kind::Shared;
  PathId path = kNoPath;
  const program::Marker* marker = nullptr; ///< null: the configuration says so
  const config::LockType* type = nullptr;  ///< null: the configuration knows nothing of it
};

/// How a lock is held where a function has what it needs.
constexpr Hold holdOf(Requirement::Kind kind) {
  switch (kind) {
  case Requirement::Kind::Exclusive:
    return Hold::Exclusive;
  case Requirement::Kind::Shared:
    return Hold::Shared;
  case Requirement::Kind::Excluded:
    return Hold::Free;
  }
  return Hold::Unknown;
}

class LockOperations {
public:
  LockOperations(const program::Program& program, const config::Config& config, PathTable& paths);

  llvm::ArrayRef<LockOperation> operationsOf(Id function) const {
    auto found = operations_.find(function);
    return found == operations_.end() ? llvm::ArrayRef<LockOperation>()
                                      : llvm::ArrayRef<LockOperation>(found->second);
  }
  llvm::ArrayRef<Requirement> requirementsOf(Id function) const {
    auto found = requirements_.find(function);
    return found == requirements_.end() ? llvm::ArrayRef<Requirement>()
                                        : llvm::ArrayRef<Requirement>(found->second);
  }
  /// Is what a function does to locks what it says, whatever its body looks like?
  bool isPrimitive(Id function) const { return primitives_.contains(function); }

  /// The type of a lock that has but one instance; null if none is configured.
  const config::LockType* typeOfGlobal(PathId path) const { return globals_.lookup(path); }

  /// Locks that have but one instance, and are configured.
  const llvm::DenseMap<PathId, const config::LockType*>& globals() const { return globals_; }

  const llvm::DenseMap<Id, llvm::SmallVector<LockOperation, 1>>& operations() const {
    return operations_;
  }
  const llvm::DenseMap<Id, llvm::SmallVector<Requirement, 1>>& requirements() const {
    return requirements_;
  }

private:
  void readMarkers(const program::Program& program, const config::Config& config, PathTable& paths);
  void readConfiguration(const program::Program& program, const config::Config& config,
                         PathTable& paths);

  llvm::DenseMap<Id, llvm::SmallVector<LockOperation, 1>> operations_;
  llvm::DenseMap<Id, llvm::SmallVector<Requirement, 1>> requirements_;
  llvm::DenseSet<Id> primitives_;
  llvm::DenseMap<PathId, const config::LockType*> globals_;
};

} // namespace lockvet::locks
