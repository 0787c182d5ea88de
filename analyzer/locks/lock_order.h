// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In which order locks are taken, by class over the whole program: what is waited for while
// something is held, and where two threads that do it can wait for each other for ever. Owned by
// the lock analysis; computed when it is first asked for.

#pragma once

#include "analyzer/locks/gate_locks.h"
#include "analyzer/locks/held_locks.h"
#include "analyzer/locks/order_sites.h"

#include <map>
#include <set>
#include <vector>

namespace lockvet::locks {

/// While `from` is held, or before the thread `from` ends or the signal `from` is given, `to` is
/// waited for.
struct OrderEdge {
  /// One call of the way from the function that holds `from` to where `to` is waited for.
  struct Step {
    uint32_t call = 0; ///< position in Program::calls()
    Id target = kNoId;
    program::EdgeKind edge = program::EdgeKind::Direct;
  };

  uint32_t from = 0;
  uint32_t to = 0;
  Id function = kNoId; ///< that holds `from`, or gives the signal
  /// Index into HeldLocks::entries(): of `from`, where that is a lock; before a signal, of `to`.
  std::optional<uint32_t> entry;
  std::vector<Step> way;
  bool holds_shared = false; ///< `from` is held to read
  bool takes_shared = false; ///< `to` is taken to read
  uint32_t choices = 1;      ///< how many ways the pointers on this one could have gone
  /// Where one function does both: whether it is known by which names which objects the two locks
  /// are members of, and whether these are the same.
  std::optional<bool> of_one_object;
  Gates gates; ///< held before `from` was taken

  program::EdgeKind weakest() const;
};

/// Each edge ends where the next begins, and the last where the first does.
struct OrderCycle {
  std::vector<OrderEdge> edges;
};

struct OrderRoot;

class LockOrder {
public:
  LockOrder(const program::Program& program, const program::ContextGuards& guards,
            const program::Callers& callers, const Bodies& bodies, const LockOperations& operations,
            const LockEffects& effects, const HeldLocks& held, PathTable& paths,
            const config::Config& config)
      : program_(program), guards_(guards), callers_(callers), bodies_(bodies),
        operations_(operations), effects_(effects), held_(held), paths_(paths),
        sites_(program, callers, bodies, operations, effects, paths, config),
        gates_(program, callers, held, sites_, effects.calleeOrder()) {}

  llvm::ArrayRef<OrderNode> nodes() const { return sites_.nodes(); }

  /// All cycles that no lock or thread keeps from happening: the shortest through each edge.
  std::vector<OrderCycle> cycles() const;

private:
  /// By the nodes that they lead from and to: the best place for each set of gates.
  using Edges = std::map<std::pair<uint32_t, uint32_t>, std::vector<OrderEdge>>;

  Edges edges() const;
  std::vector<OrderEdge> signalEdges() const;
  static bool isKnown(const Edges& edges, uint32_t from, uint32_t to, const Gates& gates);
  Gates gatesAt(const OrderRoot& root, uint32_t call) const;
  bool isOfManyObjects(uint32_t node) const;
  std::optional<bool> relationOf(const OrderEdge& edge) const;
  bool areStacked(const std::vector<const OrderEdge*>& edges) const;
  bool isKeptApart(const std::vector<const OrderEdge*>& edges) const;
  bool areOfOneRecord(const std::vector<const OrderEdge*>& edges) const;
  std::optional<OrderCycle> meeting(llvm::ArrayRef<const std::vector<OrderEdge>*> places) const;

  const program::Program& program_;
  const program::ContextGuards& guards_;
  const program::Callers& callers_;
  const Bodies& bodies_;
  const LockOperations& operations_;
  const LockEffects& effects_;
  const HeldLocks& held_;
  const PathTable& paths_;
  OrderSites sites_;
  GateLocks gates_;
  mutable std::set<uint32_t> nested_; ///< nodes of which one is taken under another
};

} // namespace lockvet::locks
