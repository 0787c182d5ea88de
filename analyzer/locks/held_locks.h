// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which locks are held at which calls, top-down over the program: from where a lock is taken, or is
// said to be held, along calls, until something happens under it that a rule may ask about. Each
// hold comes with the way that leads to it. Computed once; then only read.

#pragma once

#include "analyzer/locks/awaited_callbacks.h"
#include "analyzer/locks/callback_flows.h"
#include "analyzer/locks/lock_reach.h"
#include "analyzer/program/contexts.h"
#include "analyzer/program/target_spread.h"

#include <memory>
#include <optional>
#include <unordered_map>

namespace lockvet::locks {

/// A function is entered, in a context, with a lock held so (or known not to be held).
struct HeldEntry {
  enum class Origin : uint8_t {
    Required, ///< an attribute or the configuration says so
    Own,      ///< at entry nothing is known; the function takes or gives back the lock itself
    Begins,   ///< an event loop, a thread or a new coroutine runs it, and holds no such lock
    Handed    ///< a caller holds it, or has given it back
  };

  Id function = kNoId;
  program::Context context = program::kOutside;
  program::Assumptions assumptions;
  PathId path = kNoPath; ///< in the function's words
  LockClass lock;
  Hold hold = Hold::Unknown;
  Origin origin = Origin::Own;
  const Requirement* requirement = nullptr; ///< Required
  uint32_t call = 0;                        ///< Handed: the first call that was found to lead here
  uint32_t from = 0;                        ///< Handed: that caller's entry
  program::EdgeKind edge = program::EdgeKind::Direct;
  /// Functions that parameters are known to hold.
  Callbacks callbacks;
  /// Handed: the lock is held in the other mode as well, on other ways to the same call.
  bool is_of_either_mode = false;
  /// Handed: how many ways the pointers and virtual calls on this one could have gone.
  uint32_t choices = 1;
};

/// Something that a rule may ask about happens under a lock, or without it.
struct LockEvent {
  uint32_t entry = 0; ///< index into entries()
  uint32_t call = 0;
  Holds holds = 0; ///< how the lock is held at the call, by all ways through the body
  Id target = kNoId;
  program::EdgeKind edge = program::EdgeKind::Direct;
  std::optional<Operation> operation;           ///< the target does that to the lock
  std::optional<Requirement::Kind> requirement; ///< the target requires that of the lock
  program::Labels labels = 0; ///< what the target does that must not happen under the lock
};

/// How many combinations of functions the pointers on a way may have held, for a lock of a type.
uint32_t mostChoices(const config::LockType* type);

/// What must not happen while a lock of a type is held, in a context.
program::Labels forbiddenUnder(const config::LockType* type, program::Context context);

class HeldLocks {
public:
  HeldLocks(const program::Program& program, const program::ContextGuards& guards,
            const program::ContextInference& contexts, const program::Callers& callers,
            const Bodies& bodies, const LockOperations& operations, const LockEffects& effects,
            PathTable& paths);

  llvm::ArrayRef<HeldEntry> entries() const { return entries_; }
  llvm::ArrayRef<LockEvent> events() const { return events_; }

  /// How the lock is held at each call of a body that does something to it.
  using HoldsAtCalls = llvm::DenseMap<uint32_t, Holds>;

  /// How an entry's lock is held at the calls of its function; null where that is as at entry.
  const HoldsAtCalls* holdsAt(uint32_t entry) const { return holds_[entry].get(); }

  /// The entry that a way starts at, and the calls from there, the event's own last.
  struct Way {
    uint32_t root = 0;
    std::vector<uint32_t> calls;
    std::vector<program::EdgeKind> edges;
    std::vector<Id> targets;   ///< of each call
    Hold hold = Hold::Unknown; ///< how the lock is held at the first
  };
  /// One for each call with which a root sets off the event, the shortest of the surest kind.
  std::vector<Way> waysTo(const LockEvent& event) const;

  /// Where an entry's function takes the lock, or with `is_held` false gives it back, before a
  /// call: the position of that call, if there is one.
  std::optional<uint32_t> changedAt(uint32_t entry, uint32_t before_call, bool is_held) const;

private:
  struct Key {
    Id function;
    PathId path;
    PathId lock;
    uint16_t rest; ///< hold, mode and context
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    size_t operator()(const Key& key) const {
      return llvm::hash_combine(key.function, key.path, key.lock, key.rest);
    }
  };
  void addRoots();
  void addBeginnings();
  program::Contexts contextsOf(Id function) const;
  /// An entry that is there already, under the same or fewer assumptions, is reached one way more.
  struct Incoming {
    uint32_t from = 0;
    uint32_t call = 0;
    program::EdgeKind edge = program::EdgeKind::Direct;
  };
  void add(HeldEntry entry);
  void findWays(const LockEvent& event, program::EdgeKind most, std::vector<Way>& ways) const;
  void visit(uint32_t entry, program::EdgeKind most);
  void visitTarget(uint32_t entry, uint32_t call, Holds holds, program::Target target,
                   uint32_t choices);
  void visitAwaited(uint32_t entry, uint32_t call, Holds holds, program::EdgeKind most);
  bool record(uint32_t entry, uint32_t call, Holds holds, program::Target target);
  const HoldsAtCalls* holdsIn(uint32_t entry);
  bool isOfInterest(Id function, const HeldEntry& entry, PathId path);
  bool touches(Id function, PathId path) const;
  bool isFollowed(const program::Call& call) const;
  void hand(uint32_t entry, uint32_t call, Holds holds, program::Target target, PathId path,
            uint32_t choices);
  bool mayBeGivenBack(const HeldEntry& entry) const;

  const program::Program& program_;
  const program::ContextGuards& guards_;
  const program::ContextInference& contexts_;
  const Bodies& bodies_;
  const LockOperations& operations_;
  const LockEffects& effects_;
  PathTable& paths_;
  program::TargetSpread spread_;
  CallbackFlows callback_flows_;
  AwaitedCallbacks awaited_;
  std::vector<HeldEntry> entries_;
  std::vector<llvm::SmallVector<Incoming, 1>> incoming_; ///< by entry; none of roots
  std::vector<LockEvent> events_;
  std::vector<std::unique_ptr<HoldsAtCalls>> holds_; ///< by entry; null where it is the same at all
  std::vector<bool> is_walked_;
  /// By entry: kinds of edges less than this were followed.
  std::vector<uint8_t> followed_up_to_;
  std::unordered_map<Key, llvm::SmallVector<uint32_t, 1>, KeyHash> known_;
  std::vector<bool> followed_; ///< by call
  std::vector<bool> reaching_wait_;
  std::vector<bool> reaching_suspension_;
  std::vector<bool> reaching_block_;
  std::optional<LockReach> lock_reach_;
  llvm::DenseSet<std::pair<uint64_t, uint64_t>> recorded_;
};

} // namespace lockvet::locks
