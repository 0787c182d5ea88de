// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/lock_effects.h"

#include "analyzer/program/call_order.h"
#include "llvm/ADT/MapVector.h"

#include <set>

namespace lockvet::locks {

using program::Call;
using program::Context;
using program::FlagValue;
using program::Target;
using program::WalkState;

namespace {

/// What one function hands on of many locks is no longer a lock operation.
constexpr size_t kMostEffects = 8;

/// How far up effects are handed that are not clear.
constexpr unsigned kMostBlur = 2;

/// How far up it is handed that a lock without a name here is given back.
constexpr uint32_t kMostCallsUnnamed = 3;

/// A function whose effects do not come to rest is left as it is.
constexpr unsigned kMostRounds = 8;

/// Of a lock that is of several types: any may be meant, so that all is allowed that one allows.
const config::LockType kAnyType = [] {
  config::LockType type;
  type.name = "lock";
  type.kind = config::LockType::Kind::Coroutine;
  type.is_reentrant = type.allows_poll = type.allows_suspend = type.allows_block = true;
  return type;
}();

Effect combined(const Effect& one, const Effect& other) {
  Effect both;
  for (unsigned entry = 0; entry < kHolds; ++entry)
    both.by_entry[entry] = one.by_entry[entry] | other.by_entry[entry];
  return both;
}

/// First one, then the other.
Effect composed(const Effect& first, const Effect& second) {
  Effect both;
  for (unsigned entry = 0; entry < kHolds; ++entry)
    forEachOutcome(first.by_entry[entry],
                   [&](Hold between, FlagValue) { both.by_entry[entry] |= second.at(between); });
  return both;
}

bool isAssertion(Operation operation) {
  return operation == Operation::Assert || operation == Operation::AssertShared;
}

} // namespace

program::Assumptions withObject(program::Assumptions assumptions, llvm::StringRef path) {
  uint32_t index = 0;
  if (path.consume_front("$") && !path.consumeInteger(10, index) &&
      llvm::none_of(assumptions, [&](const auto& known) { return known.index == index; }))
    assumptions.push_back({index, true});
  return assumptions;
}

// --- a walk --------------------------------------------------------------------------------------

void LockWalk::run(Hold entry, program::Contexts contexts,
                   llvm::ArrayRef<program::ParameterCondition> assumptions, bool follows_flags) {
  llvm::SmallVector<WalkState, 2> start;
  for (Context context : {program::kInside, program::kOutside}) {
    if (!(contexts & context))
      continue;
    WalkState state;
    state.guard.context = context;
    state.held = static_cast<uint8_t>(entry);
    for (uint32_t flag = 0; flag < body_.parameters.size(); ++flag)
      for (const program::ParameterCondition& known : assumptions)
        if (body_.parameters[flag] == known.index)
          state.guard.setFlag(flag, program::flagValue(known.value));
    start.push_back(state);
  }
  outcomes_ = 0;
  program::BodyWalk(body_, *this, {.keeps_returns = true, .follows_flags = follows_flags})
      .run(start);
}

FlagValue LockWalk::answer(uint32_t position, Context context) const {
  const Call& call = program_.calls()[position];
  return call.kind == facts::CallKind::Direct ? guards_.answer(call.callee, context)
                                              : program::kUnknown;
}

void LockWalk::visitCall(uint32_t position, llvm::SmallVectorImpl<WalkState>& after) {
  const Call& call = program_.calls()[position];
  const WalkState before = after.front();
  visitHeld(position, static_cast<Hold>(before.held));
  if (call.kind == facts::CallKind::Direct &&
      (!guards_.returns(call.callee) ||
       !(guards_.exitsAt(call.callee, position) & before.guard.context))) {
    after.clear();
    return;
  }
  bool is_named = false;
  for (const LockEffect& effect : effects_.at(position)) {
    if (effect.path != path_ || (effect.is_assertion && ignores_assertions_))
      continue;
    is_named = true;
    llvm::SmallVector<WalkState, 4> next;
    for (const WalkState& state : after) {
      gave_back_unknown_ |=
          static_cast<Hold>(state.held) == Hold::Unknown && effect.effect.mayGiveBack();
      forEachOutcome(effect.effect.at(static_cast<Hold>(state.held)),
                     [&](Hold hold, FlagValue returned) {
                       WalkState changed = state;
                       changed.held = static_cast<uint8_t>(hold);
                       if (returned != program::kUnknown) {
                         changed.told_by = position;
                         changed.told = returned;
                       }
                       next.push_back(changed);
                     });
    }
    after.assign(next.begin(), next.end());
  }
  if (is_named)
    return;
  const bool may_give_back = lock_class_ != kNoPath && call.kind == facts::CallKind::Direct &&
                             effects_.mayGiveBackUnnamed(call.callee, lock_class_);
  const bool may_do_anything = effects_.isUnknownWith(position, path_);
  for (WalkState& state : after)
    if (may_do_anything || (may_give_back && isHeld(static_cast<Hold>(state.held))))
      state.held = static_cast<uint8_t>(Hold::Unknown);
}

void LockWalk::visitExit(const WalkState& state) {
  outcomes_ |= outcome(static_cast<Hold>(state.held), state.returned);
}

// --- effects of functions ------------------------------------------------------------------------

LockEffects::LockEffects(const program::Program& program, const program::ContextGuards& guards,
                         const program::Callers& callers, const Bodies& bodies,
                         const LockOperations& operations, PathTable& paths, const Known* known)
    : program_(program), guards_(guards), bodies_(bodies), operations_(operations), paths_(paths),
      order_(program::calleesFirst(program)) {
  // Callees first, so that most functions are looked at once.
  std::set<std::pair<uint32_t, Id>> work;
  auto addCallers = [&](Id callee) {
    for (uint32_t call : callers.of(callee)) {
      const Id caller = program.calls()[call].caller;
      work.insert({order_[caller], caller});
    }
  };
  for (const auto& [function, list] : operations.operations())
    if (std::vector<LockEffect> effects = effectsOfPrimitive(function); !effects.empty()) {
      effects_[function] = std::move(effects);
      if (!known)
        addCallers(function);
    }
  if (known)
    for (Id function : reuse(*known, callers))
      work.insert({order_[function], function});
  llvm::DenseMap<Id, unsigned> rounds;
  forgetCalls();
  while (!work.empty()) {
    const Id function = work.begin()->second;
    work.erase(work.begin());
    if (++rounds[function] <= kMostRounds && analyze(function))
      addCallers(function);
  }
  forgetCalls();
}

std::vector<LockEffect> LockEffects::effectsOfPrimitive(Id function) const {
  llvm::MapVector<PathId, LockEffect> by_path;
  for (const LockOperation& operation : operations_.operationsOf(function)) {
    // What a function asserts may be what it does: its body tells.
    if (isAssertion(operation.operation) && operations_.isPrimitive(function))
      continue;
    const Effect effect = effectOf(operation.operation, operation.succeeds_with);
    auto [entry, is_new] = by_path.insert({operation.path, {}});
    LockEffect& known = entry->second;
    if (is_new)
      known = {operation.path,
               {paths_.isGlobal(operation.path) ? operation.path : kNoPath, operation.type},
               effect,
               isAssertion(operation.operation)};
    else
      known.effect = composed(known.effect, effect);
  }
  std::vector<LockEffect> effects;
  for (auto& [path, effect] : by_path)
    effects.push_back(effect);
  return effects;
}

LockEffect LockEffects::inCaller(const LockEffect& effect, size_t call) const {
  const llvm::ArrayRef<PathArgument> arguments = bodies_.argumentsOf(call);
  LockEffect result = effect;
  result.path = paths_.toCaller(effect.path, arguments);
  if (paths_.isGlobal(effect.path) || result.path == kNoPath)
    return result;
  const PathArgument* handed = paths_.argumentOf(effect.path, arguments);
  if (!handed)
    return result;
  // A wrapper made on the spot knows the kind of what is in it.
  if (handed->function != kNoId)
    for (const LockEffect& inner : of(handed->function))
      result.lock.type = inner.lock.type;
  if (result.path == handed->path)
    result.lock.name = handed->path_class;
  if (paths_.isGlobal(result.path)) {
    result.lock.name = result.path;
    if (const config::LockType* type = operations_.typeOfGlobal(result.path))
      result.lock.type = type;
  }
  return result;
}

llvm::ArrayRef<LockEffect> LockEffects::at(size_t position) const {
  uint32_t& index = list_of_call_[position];
  if (index == kNotAsked) {
    List effects = effectsAt(position);
    index = effects.empty() ? 0 : static_cast<uint32_t>(lists_.size());
    if (!effects.empty())
      lists_.push_back(std::make_unique<const List>(std::move(effects)));
  }
  return *lists_[index];
}

bool LockEffects::isUnknownWith(size_t position, PathId path) const {
  const Call& call = program_.calls()[position];
  if (call.kind != facts::CallKind::Indirect)
    return false;
  bool has_target = false;
  program_.forEachTarget(call, [&](Target) { has_target = true; });
  return !has_target &&
         llvm::any_of(bodies_.argumentsOf(position),
                      [&](const PathArgument& handed) { return handed.path == path; });
}

void LockEffects::forgetCalls() const {
  list_of_call_.assign(program_.calls().size(), kNotAsked);
  lists_.clear();
  lists_.push_back(std::make_unique<const List>());
}

LockEffects::List LockEffects::effectsAt(size_t position) const {
  const Call& call = program_.calls()[position];
  List result;
  if (call.kind == facts::CallKind::Direct || call.kind == facts::CallKind::Implicit) {
    for (const LockEffect& effect : of(call.callee))
      if (LockEffect mine = inCaller(effect, position); mine.path != kNoPath)
        result.push_back(mine);
    return result;
  }
  bool is_first = true;
  program_.forEachTarget(call, [&](Target target) {
    llvm::ArrayRef<LockEffect> effects = of(target.function);
    if (std::exchange(is_first, false)) {
      for (const LockEffect& effect : effects)
        if (LockEffect mine = inCaller(effect, position); mine.path != kNoPath)
          result.push_back(mine);
      return;
    }
    // What one of them does not do is not done for sure.
    llvm::erase_if(result, [&](LockEffect& mine) {
      for (const LockEffect& effect : effects)
        if (const LockEffect other = inCaller(effect, position); other.path == mine.path) {
          mine.effect = combined(mine.effect, other.effect);
          if (!(other.lock == mine.lock))
            mine.lock.type = &kAnyType;
          return false;
        }
      return true;
    });
  });
  return result;
}

/// Most bodies leave a lock as they find it, whatever their flags say: those are told first.
Effect LockEffects::effectOfBodies(Id function, PathId path, PathId lock_class,
                                   llvm::ArrayRef<program::ParameterCondition> assumptions,
                                   bool& gives_back) const {
  Effect effect;
  auto walkAll = [&](llvm::ArrayRef<Hold> entries, bool follows_flags) {
    for (Hold entry : entries) {
      Outcomes& outcomes = effect.by_entry[static_cast<unsigned>(entry)];
      outcomes = 0;
      for (const Body& body : bodies_.of(function)) {
        LockWalk walk(program_, guards_, *this, body, path, lock_class);
        walk.ignoreAssertions();
        walk.run(entry, program::kEither, assumptions, follows_flags);
        outcomes |= walk.outcomes();
        gives_back |= walk.gaveBackUnknown();
      }
    }
  };
  walkAll({Hold::Unknown, Hold::Free, Hold::Shared, Hold::Exclusive}, /*follows_flags=*/false);
  if (effect.isIdentity())
    return effect;
  walkAll({Hold::Unknown, Hold::Free, Hold::Shared, Hold::Shared2, Hold::Shared3, Hold::Exclusive,
           Hold::Exclusive2, Hold::Exclusive3, Hold::Exclusive4},
          /*follows_flags=*/true);
  return effect;
}

/// "State::State"; with the arguments of templates, too.
bool LockEffects::isConstructor(Id function) const {
  const program::Function& it = program_.function(function);
  auto [outer, inner] = it.qualified_name.rsplit("::");
  outer = outer.split('<').first;
  const size_t end = outer.rfind("::");
  return !inner.empty() && inner == (end == llvm::StringRef::npos ? outer : outer.substr(end + 2));
}

/// Which classes of locks are given back under names that end here; true if that changed.
bool LockEffects::findUnnamed(Id function) {
  llvm::SmallVector<Unnamed, 1> unnamed;
  auto add = [&](PathId lock_class, uint32_t calls) {
    const bool is_own = llvm::any_of(touched_[function], [&](const Touched& lock) {
      return lock.lock.name == lock_class && !lock.gives_back;
    });
    if (lock_class != kNoPath && calls <= kMostCallsUnnamed && !is_own &&
        paths_.text(lock_class).contains("::") && llvm::none_of(unnamed, [&](const Unnamed& known) {
          return known.lock_class == lock_class;
        }))
      unnamed.push_back({lock_class, calls});
  };
  for (const Touched& lock : touched_[function])
    if (lock.gives_back && paths_.isLocal(lock.path))
      add(lock.lock.name, 0);
  for (const Call& call : program_.callsOf(function)) {
    if (call.kind != facts::CallKind::Direct)
      continue;
    for (const LockEffect& effect : of(call.callee))
      if (effect.effect.mayGiveBack() && !effect.effect.mayTake() &&
          inCaller(effect, program_.indexOf(call)).path == kNoPath)
        add(effect.lock.name, 0);
    if (auto found = given_back_unnamed_.find(call.callee); found != given_back_unnamed_.end())
      for (const Unnamed& lock : llvm::SmallVector<Unnamed, 1>(found->second))
        add(lock.lock_class, lock.calls + 1);
  }
  auto found = given_back_unnamed_.find(function);
  if (found == given_back_unnamed_.end() ? unnamed.empty() : found->second == unnamed)
    return false;
  given_back_unnamed_[function] = std::move(unnamed);
  return true;
}

/// Brings a function's effects up to date; true if they changed.
bool LockEffects::analyze(Id function) {
  llvm::MapVector<PathId, LockClass> touched;
  llvm::DenseSet<PathId> taken, given_back;
  llvm::DenseMap<PathId, unsigned> blurs;
  // What was known of its calls may have changed since.
  for (const Call& call : program_.callsOf(function))
    list_of_call_[program_.indexOf(call)] = kNotAsked;
  for (const Call& call : program_.callsOf(function))
    for (const LockEffect& effect : at(program_.indexOf(call))) {
      touched.insert({effect.path, effect.lock});
      if (effect.effect.mayTake())
        taken.insert(effect.path);
      if (effect.effect.mayGiveBack())
        given_back.insert(effect.path);
      unsigned& blur = blurs[effect.path];
      blur = std::max<unsigned>(blur, effect.blur);
    }
  auto& known = touched_[function];
  known.clear();
  for (const auto& [path, lock] : touched)
    known.push_back({path, lock, given_back.contains(path) && !taken.contains(path)});
  if (operations_.isPrimitive(function))
    return false;
  const bool unnamed_changed = findUnnamed(function);
  const bool is_constructor = isConstructor(function);
  std::vector<LockEffect> effects;
  for (LockEffects::Touched& touch : known) {
    if (paths_.isLocal(touch.path) || effects.size() >= kMostEffects)
      continue;
    // Who makes an object that takes a lock of an argument's keeps it in the object, under a name
    // that is not known here; its destructor gives it back by that name.
    if (is_constructor && paths_.isOfParameter(touch.path))
      continue;
    const PathId path = touch.path;
    const bool takes = taken.contains(path);
    LockEffect result{path, touch.lock,
                      effectOfBodies(function, path, touch.lock.name,
                                     withObject({}, paths_.text(path)), touch.gives_back),
                      false, static_cast<uint8_t>(blurs[path])};
    // What only gives back does it for something that was taken: a guard's end, of a guard.
    if (result.effect.isUnclear() && !takes)
      result.effect =
          effectOfBodies(function, path, touch.lock.name, {{0, true}}, touch.gives_back);
    if (result.effect.isUnclear()) {
      // What decides whether a function takes a lock decides, most of the time, whether it gives
      // it back, in words that this analysis does not follow.
      result.effect =
          takes && given_back.contains(path) ? result.effect.balanced() : result.effect.blurred();
      ++result.blur;
    }
    // Somebody else may have given it back before this function ends.
    if (touch.lock.type && touch.lock.type->is_unowned && takes)
      result.effect = result.effect.unsettled();
    // What some function far down is not clear about would be unclear of everything, if it were
    // handed on.
    if (result.blur > kMostBlur)
      continue;
    if (!result.effect.isIdentity())
      effects.push_back(result);
  }
  // A function that only says what it asserts, and does nothing else, is believed.
  if (effects.empty())
    effects = effectsOfPrimitive(function);
  auto found = effects_.find(function);
  if (found == effects_.end() ? effects.empty() : found->second == effects)
    return unnamed_changed;
  effects_[function] = std::move(effects);
  return true;
}

} // namespace lockvet::locks
