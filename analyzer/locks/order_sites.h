// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where functions begin to wait: for a lock, by its class, or for the end of a thread. What takes
// a lock that its caller hands over is a site of the caller's. Computed once for the lock order;
// then only read.

#pragma once

#include "analyzer/locks/lock_effects.h"
#include "analyzer/locks/wait_operations.h"

#include <vector>

namespace lockvet::locks {

/// Something that one thread waits for and another one can keep.
struct OrderNode {
  enum class Kind : uint8_t {
    Lock,   ///< a lock of a class
    Thread, ///< the end of a thread
    Signal  ///< a condition, semaphore, event or completion
  };
  Kind kind = Kind::Lock;
  LockClass lock;         ///< Lock; of a Signal, the name of its class
  Id entry = kNoId;       ///< Thread: the function that it runs
  bool is_shared = false; ///< Lock: something takes it to read

  bool operator==(const OrderNode&) const = default;
};

/// A call that begins to wait.
struct OrderSite {
  uint32_t call = 0; ///< position in Program::calls()
  Id target = kNoId; ///< what it runs
  program::EdgeKind edge = program::EdgeKind::Direct;
  uint32_t node = 0;
  bool is_shared = false;
  PathId path = kNoPath; ///< of a lock, in the words of the function around the call
  std::optional<uint32_t> released =
      std::nullopt; ///< the lock that is given back while this is waited for
};

class OrderSites {
public:
  OrderSites(const program::Program& program, const program::Callers& callers, const Bodies& bodies,
             const LockOperations& operations, const LockEffects& effects, PathTable& paths,
             const config::Config& config);

  llvm::ArrayRef<OrderNode> nodes() const { return nodes_; }
  llvm::ArrayRef<OrderSite> of(Id function) const {
    auto found = sites_.find(function);
    return found == sites_.end() ? llvm::ArrayRef<OrderSite>()
                                 : llvm::ArrayRef<OrderSite>(found->second);
  }
  const llvm::DenseMap<Id, llvm::SmallVector<OrderSite, 1>>& all() const { return sites_; }

  /// All calls, as positions in Program::calls(), that end the wait for a Signal.
  llvm::ArrayRef<uint32_t> signalsOf(uint32_t node) const {
    auto found = signals_.find(node);
    return found == signals_.end() ? llvm::ArrayRef<uint32_t>()
                                   : llvm::ArrayRef<uint32_t>(found->second);
  }

  /// The node of a lock as a function knows it; no value where its class has no name, or where
  /// nobody waits for it.
  std::optional<uint32_t> nodeOf(Id function, PathId path, PathId name) const;

private:
  /// A lock that a function takes, in its own words, where only its callers know which it is.
  struct Open {
    PathId path = kNoPath;
    const config::LockType* type = nullptr;
    bool is_shared = false;

    bool operator==(const Open&) const = default;
  };
  using WorkItem = std::pair<Id, Open>;

  void findWrapped();
  void addLocks(const program::Callers& callers);
  void addThreads(const WaitOperations& waits);
  void addSignals(const WaitOperations& waits);
  void addAtCall(uint32_t call, Id target, program::EdgeKind edge, const Open& taken);
  void addSite(Id function, OrderSite site);
  uint32_t nodeFor(const OrderNode& node);
  PathId className(Id function, PathId path, PathId name) const;
  bool asksFirst(Id function, PathId path) const;
  bool isWrapped(Id function, PathId path) const;

  const program::Program& program_;
  const Bodies& bodies_;
  const LockOperations& operations_;
  const LockEffects& effects_;
  PathTable& paths_;
  std::vector<OrderNode> nodes_;
  llvm::DenseMap<PathId, uint32_t> lock_nodes_;                      ///< by class
  llvm::DenseMap<Id, uint32_t> thread_nodes_;                        ///< by entry
  llvm::DenseMap<PathId, uint32_t> signal_nodes_;                    ///< by class
  llvm::DenseMap<uint32_t, llvm::SmallVector<uint32_t, 2>> signals_; ///< by node
  llvm::DenseMap<Id, llvm::SmallVector<OrderSite, 1>> sites_;
  llvm::DenseMap<Id, llvm::SmallVector<Open, 1>> open_;
  llvm::DenseSet<std::pair<Id, uint32_t>> wrapped_; ///< parameters that hold any kind of lock
  std::vector<WorkItem> work_;
};

} // namespace lockvet::locks
