// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/held_locks.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <utility>

namespace lockvet::locks {

using program::Call;
using program::Context;
using program::Contexts;
using program::EdgeKind;
using program::Labels;
using program::Target;

namespace {

/// What is asked about that happens under a lock. Behind the first two lies a whole event loop.
constexpr Labels kEnds = program::kPolls | program::kDrains | program::kSuspends;

/// Ways to one function that differ in what they hand over; beyond these they are not told apart.
constexpr size_t kMostVariants = 4;

/// A way on which pointers could have held more combinations of functions than these is a guess.
/// A block driver's function is one of some thirty; what an object's last reference runs is
/// anybody's.
constexpr uint32_t kMostChoices = 128;
/// What is held for a moment, by a thread or a coroutine, is held near to what goes wrong.
constexpr uint32_t kMostChoicesOfLocal = 16;
constexpr uint32_t kMostFolders = 4;

/// Is it one of several calls of which one happens, as in `(write ? up_write : up_read)(lock)`?
bool isChoice(const Bodies& bodies, const Call& call, uint32_t position) {
  for (const Body& body : bodies.of(call.caller)) {
    if (body.fragment != call.fragment)
      continue;
    for (const program::Block& block : body.blocks)
      for (size_t index = 0; index < block.events.size(); ++index) {
        const program::Event& event = block.events[index];
        if (event.kind == facts::EventKind::Call && event.call != facts::kNone &&
            body.positionOf(event.call) == position)
          return event.is_alternative ||
                 (index + 1 < block.events.size() && block.events[index + 1].is_alternative);
      }
  }
  return false;
}

template <typename Set> bool isSubset(const Set& part, const Set& whole) {
  return llvm::all_of(part, [&](const auto& one) { return llvm::is_contained(whole, one); });
}

} // namespace

uint32_t mostChoices(const config::LockType* type) {
  return type && type->kind == config::LockType::Kind::Graph ? kMostChoices : kMostChoicesOfLocal;
}

Labels forbiddenUnder(const config::LockType* type, Context context) {
  using Kind = config::LockType::Kind;
  const Kind kind = type ? type->kind : Kind::Thread;
  Labels forbidden = program::kPolls | program::kDrains;
  if (kind == Kind::Spin)
    forbidden |= program::kSuspends | program::kBlocking;
  else if (kind == Kind::Thread && context == program::kInside)
    forbidden |= program::kSuspends;
  if (type && type->allows_poll)
    forbidden &= ~(program::kPolls | program::kDrains);
  if (type && type->allows_suspend)
    forbidden &= ~program::kSuspends;
  if (type && type->allows_block)
    forbidden &= ~program::kBlocking;
  return forbidden;
}

HeldLocks::HeldLocks(const program::Program& program, const program::ContextGuards& guards,
                     const program::ContextInference& contexts, const program::Callers& callers,
                     const Bodies& bodies, const LockOperations& operations,
                     const LockEffects& effects, PathTable& paths)
    : program_(program), guards_(guards), contexts_(contexts), bodies_(bodies),
      operations_(operations), effects_(effects), paths_(paths), spread_(program),
      callback_flows_(program, bodies), awaited_(program, bodies) {
  std::vector<Id> waits, suspensions, blocking;
  for (Id function = 1; function < program.functions().size(); ++function) {
    const Labels labels = program.function(function).labels;
    if (labels & (program::kPolls | program::kDrains))
      waits.push_back(function);
    if (labels & program::kSuspends)
      suspensions.push_back(function);
    if (labels & program::kBlocking)
      blocking.push_back(function);
  }
  for (const Call& call : program.calls())
    followed_.push_back(isFollowed(call));
  auto passes = [&](uint32_t call, Id target) {
    return !(program.function(target).labels & (program::kPolls | program::kDrains)) &&
           followed_[call];
  };
  reaching_wait_ = callers.reaching(waits, [&](uint32_t call, Id) { return followed_[call]; });
  reaching_suspension_ = callers.reaching(suspensions, passes);
  reaching_block_ = callers.reaching(blocking, passes);
  lock_reach_.emplace(program, callers, operations, effects, paths, followed_);
  addRoots();
  addBeginnings();
  // Sure ways first: what is reached by direct calls keeps that way.
  for (EdgeKind most : {EdgeKind::Implicit, EdgeKind::Virtual, EdgeKind::Flow})
    for (uint32_t next = 0; next < entries_.size(); ++next)
      visit(next, most);
}

/// Does a way through the call say that something can happen, and not only that nothing forbids it?
bool HeldLocks::isFollowed(const Call& call) const {
  return spread_.foldersOf(call) <= kMostFolders && !bodies_.isOfWrapper(call.slot) &&
         !(program_.function(call.caller).labels & program::kOpaque);
}

Contexts HeldLocks::contextsOf(Id function) const {
  const Labels labels = program_.function(function).labels;
  if (labels & program::kMixedFn)
    return program::kEither;
  if (labels & program::kCoroutineFn)
    return program::kInside;
  if (labels & program::kNoCoroutineFn)
    return program::kOutside;
  Contexts contexts = 0;
  for (Context context : {program::kInside, program::kOutside})
    if (contexts_.isReached(function, context))
      contexts |= context;
  return contexts == 0 ? Contexts(program::kOutside) : contexts;
}

void HeldLocks::addRoots() {
  for (Id function = 1; function < program_.functions().size(); ++function) {
    if (operations_.isPrimitive(function))
      continue;
    llvm::ArrayRef<Requirement> requirements = operations_.requirementsOf(function);
    llvm::ArrayRef<LockEffects::Touched> touched = effects_.touchedBy(function);
    if (requirements.empty() && touched.empty())
      continue;
    const Contexts contexts = contextsOf(function);
    auto root = [&](HeldEntry entry) {
      entry.function = function;
      entry.assumptions = withObject({}, paths_.text(entry.path));
      for (Context context : {program::kInside, program::kOutside})
        if (contexts & context) {
          entry.context = context;
          add(entry);
        }
    };
    for (const Requirement& requirement : requirements) {
      HeldEntry entry;
      entry.path = requirement.path;
      entry.hold = holdOf(requirement.kind);
      entry.origin = HeldEntry::Origin::Required;
      entry.requirement = &requirement;
      entry.lock = {paths_.isGlobal(requirement.path) ? requirement.path : kNoPath,
                    requirement.type};
      root(entry);
    }
    for (const LockEffects::Touched& lock : touched) {
      if (llvm::any_of(requirements,
                       [&](const Requirement& known) { return known.path == lock.path; }))
        continue;
      HeldEntry entry;
      entry.path = lock.path;
      entry.lock = lock.lock;
      root(entry);
    }
  }
}

/// What an event loop, a thread or a new coroutine runs finds no lock held that belongs to
/// coroutines. Locks of threads are another matter: a main loop may hold one all the time.
void HeldLocks::addBeginnings() {
  for (const program::Registration& registration : program_.registrations().all()) {
    if (registration.context == config::Registrar::Context::Unknown ||
        !program_.registrations().isOnlyRegistered(registration.function))
      continue;
    for (const auto& [path, type] : operations_.globals()) {
      if (type->kind != config::LockType::Kind::Graph &&
          type->kind != config::LockType::Kind::Coroutine)
        continue;
      HeldEntry entry;
      entry.function = registration.function;
      entry.context = registration.context == config::Registrar::Context::Coroutine
                          ? program::kInside
                          : program::kOutside;
      entry.path = path;
      entry.lock = {path, type};
      entry.hold = Hold::Free;
      entry.origin = HeldEntry::Origin::Begins;
      if (operations_.requirementsOf(entry.function).empty() &&
          isOfInterest(entry.function, entry, path))
        add(entry);
    }
  }
}

void HeldLocks::add(HeldEntry entry) {
  auto note = [&](uint32_t index) {
    const bool is_root = entries_[index].origin != HeldEntry::Origin::Handed;
    if (entry.origin == HeldEntry::Origin::Handed && !is_root &&
        llvm::none_of(incoming_[index], [&](const Incoming& known) {
          return known.from == entry.from && known.call == entry.call;
        }))
      incoming_[index].push_back({entry.from, entry.call, entry.edge});
  };
  auto& siblings =
      known_[{entry.function, entry.path, entry.lock.name,
              static_cast<uint16_t>((static_cast<unsigned>(entry.hold) << 3) |
                                    (entry.is_of_either_mode ? 4U : 0U) | entry.context)}];
  for (uint32_t sibling : siblings) {
    // A way that assumes nothing can do all that one with assumptions can.
    const HeldEntry& known = entries_[sibling];
    const bool is_covered = isSubset(known.assumptions, entry.assumptions) &&
                            isSubset(known.callbacks, entry.callbacks);
    if (is_covered) {
      note(sibling);
      return;
    }
  }
  if (siblings.size() >= kMostVariants)
    entry.assumptions = withObject({}, paths_.text(entry.path));
  if (siblings.size() > kMostVariants)
    return;
  const auto index = static_cast<uint32_t>(entries_.size());
  siblings.push_back(index);
  entries_.push_back(entry);
  incoming_.emplace_back();
  note(index);
  holds_.emplace_back();
  is_walked_.push_back(false);
  followed_up_to_.push_back(0);
}

bool HeldLocks::touches(Id function, PathId path) const {
  return llvm::any_of(effects_.touchedBy(function),
                      [&](const LockEffects::Touched& lock) { return lock.path == path; });
}

const HeldLocks::HoldsAtCalls* HeldLocks::holdsIn(uint32_t index) {
  if (!is_walked_[index]) {
    is_walked_[index] = true;
    const HeldEntry& entry = entries_[index];
    if (touches(entry.function, entry.path)) {
      holds_[index] = std::make_unique<HoldsAtCalls>();
      auto walkAll = [&](bool follows_flags) {
        holds_[index]->clear();
        for (const Body& body : bodies_.of(entry.function)) {
          HoldsWalk walk(program_, guards_, effects_, body, entry.path, entry.lock.name);
          walk.run(entry.hold, entry.context, entry.assumptions, follows_flags);
          for (const auto& [call, holds] : walk.holds)
            (*holds_[index])[call] |= holds;
        }
      };
      walkAll(false);
      // Only where it is held on some ways and not on others can flags tell more.
      if (llvm::any_of(*holds_[index], [](const auto& at) {
            return (at.second & kUnheld) && (at.second & kAnyHeld);
          }))
        walkAll(true);
    }
  }
  return holds_[index].get();
}

/// Does the function give back a lock of the same kind that it did not take? That may be this one,
/// under another name.
bool HeldLocks::mayBeGivenBack(const HeldEntry& entry) const {
  return entry.lock.name != kNoPath &&
         llvm::any_of(effects_.touchedBy(entry.function), [&](const LockEffects::Touched& lock) {
           return lock.gives_back && lock.path != entry.path && lock.lock.name == entry.lock.name;
         });
}

void HeldLocks::visit(uint32_t index, EdgeKind most) {
  const auto least =
      static_cast<EdgeKind>(std::exchange(followed_up_to_[index], static_cast<uint8_t>(most) + 1));
  if (least > most || mayBeGivenBack(entries_[index]))
    return;
  const HoldsAtCalls* holds_at = holdsIn(index);
  const Context context = entries_[index].context;
  const Hold hold = entries_[index].hold;
  if (!holds_at && hold == Hold::Unknown)
    return;
  for (const Call& call : program_.callsOf(entries_[index].function)) {
    const auto position = static_cast<uint32_t>(program_.indexOf(call));
    // What a call has run elsewhere, and waits for, comes with the weakest kind of edges.
    if (most < EdgeKind::Flow && (edgeOf(call) < least || edgeOf(call) > most))
      continue;
    const Holds holds = holds_at ? holds_at->lookup(position) : bit(hold);
    if (holds == 0 || holds == bit(Hold::Unknown) ||
        !guards_.isFeasible(position, context, entries_[index].assumptions))
      continue;
    visitAwaited(index, position, holds, most);
    if (const Id target = callback_flows_.target(call, entries_[index].callbacks);
        target != kNoId) {
      if (EdgeKind::Flow <= most)
        visitTarget(index, position, holds, {target, EdgeKind::Flow}, entries_[index].choices);
      continue;
    }
    const uint32_t choices = entries_[index].choices * spread_.targetsOf(call);
    if (choices == 0 || choices > mostChoices(entries_[index].lock.type) || !followed_[position])
      continue;
    program_.forEachTarget(call, [&](Target target) {
      // What is only ever scheduled is run by an event loop, and not by whoever scheduled it.
      if (target.function != kNoId && target.kind >= least && target.kind <= most &&
          !(target.kind == EdgeKind::Flow &&
            program_.registrations().isOnlyRegistered(target.function)))
        visitTarget(index, position, holds, target, choices);
    });
  }
}

/// Notes what a rule may ask about; true if the way ends there.
bool HeldLocks::record(uint32_t index, uint32_t call, Holds holds, Target target) {
  const Id callee = target.function;
  const HeldEntry& entry = entries_[index];
  LockEvent event{index, call, holds, callee, target.kind, std::nullopt, std::nullopt, 0};
  bool ends = operations_.isPrimitive(callee);
  auto note = [&] {
    const uint64_t what = (uint64_t{callee} << 32) |
                          (event.operation ? 1 + static_cast<unsigned>(*event.operation) : 0) |
                          (event.requirement ? 16 + static_cast<unsigned>(*event.requirement) : 0);
    if (recorded_.insert({(uint64_t{index} << 32) | call, what}).second)
      events_.push_back(event);
  };
  const llvm::ArrayRef<PathArgument> arguments = bodies_.argumentsOf(call);
  for (const LockOperation& operation : operations_.operationsOf(callee))
    // Of two elements of an array nobody knows here whether they are one.
    if (entry.path != kElsewhere && !paths_.isAmbiguous(entry.path) &&
        paths_.toCaller(operation.path, arguments) == entry.path &&
        !(releases(operation.operation) && isChoice(bodies_, program_.calls()[call], call))) {
      event.operation = operation.operation;
      note();
    }
  event.operation.reset();
  for (const Requirement& requirement : operations_.requirementsOf(callee))
    if (entry.path != kElsewhere && paths_.toCaller(requirement.path, arguments) == entry.path) {
      event.requirement = requirement.kind;
      note();
      // It says itself what it has; but who says that it reads may well be called by a writer.
      ends |= requirement.kind != Requirement::Kind::Shared || !(holds & kAnyExclusive);
    }
  event.requirement.reset();
  const Labels labels = program_.function(callee).labels;
  event.labels = labels & forbiddenUnder(entry.lock.type, entry.context);
  if (event.labels && (holds & kAnyHeld))
    note();
  return ends || (labels & kEnds) || event.labels;
}

void HeldLocks::visitTarget(uint32_t index, uint32_t call, Holds holds, Target target,
                            uint32_t choices) {
  if (record(index, call, holds, target))
    return;
  // On some ways it is held and on some not: what decides may well be asked again later.
  if ((holds & kUnheld) && holds != bit(Hold::Free))
    return;
  const Id callee = target.function;
  const HeldEntry& caller = entries_[index];
  const Labels labels = program_.function(callee).labels;
  if (!(labels & program::kMixedFn) &&
      ((caller.context == program::kInside && (labels & program::kNoCoroutineFn)) ||
       (caller.context == program::kOutside && (labels & program::kCoroutineFn))))
    return;
  // A lock of the program may go by two names: its own, and that of a parameter.
  const llvm::ArrayRef<PathArgument> arguments = bodies_.argumentsOf(call);
  for (PathId path :
       {paths_.toCallee(caller.path, arguments), paths_.globalByArgument(caller.path, arguments)})
    hand(index, call, holds, target, path, choices);
}

/// The target is entered with the lock, which it knows as `path`.
void HeldLocks::hand(uint32_t index, uint32_t call, Holds holds, Target target, PathId path,
                     uint32_t choices) {
  const HeldEntry& caller = entries_[index];
  const Hold hold = weakest(holds);
  if (path == kNoPath || (hold == Hold::Free && path == kElsewhere) ||
      !isOfInterest(target.function, caller, path))
    return;
  HeldEntry entry;
  entry.function = target.function;
  entry.context = caller.context;
  entry.assumptions =
      withObject(guards_.assumptionsAt(call, caller.assumptions), paths_.text(path));
  entry.callbacks = callback_flows_.at(call, caller.callbacks, target.function);
  entry.path = path;
  entry.lock = caller.lock;
  entry.hold = hold;
  entry.is_of_either_mode =
      caller.is_of_either_mode || ((holds & kAnyShared) && (holds & kAnyExclusive));
  entry.origin = HeldEntry::Origin::Handed;
  entry.call = call;
  entry.from = index;
  entry.edge = target.kind;
  entry.choices = choices;
  add(std::move(entry));
}

/// What a call has run elsewhere, and waits for, runs under what the caller holds; it knows no lock
/// by a name but those that have one everywhere.
void HeldLocks::visitAwaited(uint32_t index, uint32_t call, Holds holds, EdgeKind most) {
  if (most < EdgeKind::Flow || ((holds & kUnheld) && holds != bit(Hold::Free)))
    return;
  for (const AwaitedCallbacks::Awaited& awaited : awaited_.at(program_.calls()[call]))
    for (Context context : {program::kInside, program::kOutside}) {
      if (!(awaited.contexts & context))
        continue;
      HeldEntry entry;
      entry.function = awaited.function;
      entry.context = context;
      entry.path = paths_.isGlobal(entries_[index].path) ? entries_[index].path : kElsewhere;
      entry.lock = entries_[index].lock;
      entry.hold = weakest(holds);
      if ((entry.hold == Hold::Free && entry.path == kElsewhere) ||
          !isOfInterest(awaited.function, entry, entry.path))
        continue;
      entry.origin = HeldEntry::Origin::Handed;
      entry.call = call;
      entry.from = index;
      entry.edge = EdgeKind::Flow;
      entry.choices = entries_[index].choices;
      add(std::move(entry));
    }
}

bool HeldLocks::isOfInterest(Id function, const HeldEntry& entry, PathId path) {
  if (isHeld(entry.hold) || entry.hold == Hold::Unknown) {
    const Labels forbidden = forbiddenUnder(entry.lock.type, entry.context);
    if (((forbidden & program::kPolls) && reaching_wait_[function]) ||
        ((forbidden & program::kSuspends) && reaching_suspension_[function]) ||
        ((forbidden & program::kBlocking) && reaching_block_[function]))
      return true;
  }
  return path != kElsewhere && lock_reach_->isReached(function, entry.path, entry.lock.name);
}

} // namespace lockvet::locks
