// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is waited for under one lock: forward from where it is held, along calls, as long as it
// stays held. Made by the lock order for one node at a time.

#pragma once

#include "analyzer/locks/lock_order.h"

#include <map>
#include <memory>

namespace lockvet::locks {

/// Which calls an analysis of the order follows: no guess of many, nothing that runs an event loop
/// or leaves the coroutine, and no lock's own functions.
class FollowedCalls {
public:
  FollowedCalls(const program::Program& program, const LockOperations& operations)
      : program_(program), operations_(operations), spread_(program) {}

  void forEachTarget(uint32_t call, llvm::function_ref<void(program::Target)> visit) const;
  /// How many functions a call can run; 0 where it is not followed.
  uint32_t choicesAt(uint32_t call) const;

private:
  const program::Program& program_;
  const LockOperations& operations_;
  program::TargetSpread spread_;
};

/// Where a node is held.
struct OrderRoot {
  Id function = kNoId;
  std::optional<uint32_t> entry; ///< of a lock
  program::Context context = program::kOutside;
  program::Assumptions assumptions;
  std::vector<std::pair<uint32_t, Holds>> calls; ///< under it
  PathId path = kNoPath;                         ///< of a lock, in the function's words
};

class OrderComponents;

/// A set of nodes for each function: what it, or anything that it calls, waits for. Only nodes that
/// can be in cycles are in it, and few functions lead to any.
class OrderReach {
public:
  OrderReach(const program::Program& program, const FollowedCalls& followed,
             const program::Callers& callers, const OrderSites& sites,
             const OrderComponents& components);

  /// A set of nodes, as bits.
  using Nodes = std::vector<uint64_t>;
  Nodes setOf(llvm::ArrayRef<uint32_t> nodes) const;
  bool has(const Nodes& nodes, uint32_t node) const {
    const uint32_t bit = bit_of_[node];
    return bit != kNone && (nodes[bit / 64] >> (bit % 64) & 1);
  }

  /// Does a function, or anything that it calls, wait for one of the nodes?
  bool leadsTo(Id function, const Nodes& nodes) const;

private:
  static constexpr uint32_t kNone = UINT32_MAX;

  std::vector<uint32_t> bit_of_; ///< by node
  size_t words_ = 0;
  std::vector<uint32_t> row_of_; ///< by function
  std::vector<uint64_t> bits_;   ///< by row
};

/// What bodies make of a lock that they are entered with, and which of their calls nothing follows
/// but the end of the program. Answers are remembered, for all searches.
class OrderBodies {
public:
  OrderBodies(const program::Program& program, const program::ContextGuards& guards,
              const Bodies& bodies, const LockEffects& effects, const OrderSites& sites,
              const PathTable& paths)
      : program_(program), guards_(guards), bodies_(bodies), effects_(effects), sites_(sites),
        paths_(paths) {}

  using HoldsAtCalls = llvm::DenseMap<uint32_t, Holds>;
  /// How a lock is held at the calls of a function; null where that is as at its entry.
  const HoldsAtCalls* holdsIn(Id function, uint32_t node, Hold hold, program::Context context);

  bool isLast(uint32_t call);
  /// Does a function's own body take or give back the lock?
  bool touches(Id function, uint32_t node) const;

private:
  std::unique_ptr<HoldsAtCalls> walk(Id function, uint32_t node, Hold hold,
                                     program::Context context) const;

  const program::Program& program_;
  const program::ContextGuards& guards_;
  const Bodies& bodies_;
  const LockEffects& effects_;
  const OrderSites& sites_;
  const PathTable& paths_;
  std::map<std::tuple<Id, uint32_t, Hold, program::Context>, std::unique_ptr<HoldsAtCalls>> holds_;
  llvm::DenseMap<Id, llvm::DenseSet<uint32_t>> last_calls_;
};

class OrderSearch {
public:
  OrderSearch(const program::Program& program, const program::ContextGuards& guards,
              OrderBodies& bodies, const OrderSites& sites, const FollowedCalls& followed,
              const OrderReach& reach, const llvm::DenseSet<uint32_t>& taken_again, uint32_t from,
              llvm::ArrayRef<uint32_t> wanted)
      : program_(program), guards_(guards), bodies_(bodies), sites_(sites), followed_(followed),
        reach_(reach), taken_again_(taken_again), from_(from), wanted_(reach.setOf(wanted)) {}

  /// The surest and then shortest edge to each wanted node from any of the roots.
  std::vector<OrderEdge> run(llvm::ArrayRef<OrderRoot> roots);

private:
  struct State {
    Id function = kNoId;
    program::Context context = program::kOutside;
    program::Assumptions assumptions;
    Hold hold = Hold::Unknown;
    uint32_t root = 0;
    std::optional<uint32_t> from; ///< no value in the root's own function
    OrderEdge::Step step;         ///< that leads here
    uint32_t choices = 1;
  };

  void visit(uint32_t state, program::EdgeKind most);
  void visitCall(uint32_t state, uint32_t call, Holds holds, program::EdgeKind most);
  void add(uint32_t from, uint32_t call, Holds holds, program::Target target, uint32_t choices);
  void found(uint32_t state, const OrderSite& site, Holds holds, uint32_t choices);

  const program::Program& program_;
  const program::ContextGuards& guards_;
  OrderBodies& bodies_;
  const OrderSites& sites_;
  const FollowedCalls& followed_;
  const OrderReach& reach_;
  const llvm::DenseSet<uint32_t>& taken_again_; ///< calls that take a lock that is held already
  uint32_t from_;
  OrderReach::Nodes wanted_;
  llvm::ArrayRef<OrderRoot> roots_;
  std::vector<State> states_;
  llvm::DenseSet<std::pair<Id, uint32_t>> seen_; ///< function and context
  std::map<uint32_t, OrderEdge> edges_;          ///< by node
};

} // namespace lockvet::locks
