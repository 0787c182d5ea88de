// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/context_guards.h"

#include "analyzer/facts/serialize.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

#include <algorithm>
#include <set>
#include <utility>

namespace lockvet::program {

using facts::ConditionKind;
using facts::EventKind;
using facts::kNone;

namespace {

/// What is known at a point on one way through a body: the context, and the values of flags. Two
/// bits a flag: unknown, false, true.
struct State {
  Context context = kInside;
  uint64_t flags = 0;

  auto operator<=>(const State&) const = default;
};

enum FlagValue : uint8_t { kUnknown = 0, kFalse = 1, kTrue = 2 };

/// Flags beyond these are not followed; ways beyond these forget their flags. Both are far above
/// what people write, and keep the analysis linear.
constexpr uint32_t kMaxFlags = 32;
constexpr size_t kMaxStates = 256;

FlagValue flagOf(const State& state, uint32_t flag) {
  return flag >= kMaxFlags ? kUnknown : static_cast<FlagValue>((state.flags >> (2 * flag)) & 3);
}

void setFlag(State& state, uint32_t flag, FlagValue value) {
  if (flag >= kMaxFlags)
    return;
  state.flags &= ~(uint64_t{3} << (2 * flag));
  state.flags |= uint64_t{value} << (2 * flag);
}

/// The flags that have one known value in both.
uint64_t agreement(uint64_t a, uint64_t b) {
  const uint64_t different = a ^ b;
  uint64_t mask = (different | (different >> 1)) & 0x5555'5555'5555'5555ULL;
  return a & ~(mask | (mask << 1));
}

} // namespace

class GuardAnalysis {
public:
  GuardAnalysis(store::Store& store, const Program& program, ContextGuards& guards)
      : store_(store), program_(program), guards_(guards) {}

  llvm::Error run(const config::Config& config);

private:
  llvm::Error scan();
  void scanBody(const store::SkeletonRow& row, const facts::Skeleton& skeleton);
  llvm::Error analyze(Id function);
  void analyzeBody(Id function, Id fragment, const facts::Skeleton& skeleton);
  bool canReturn(const Call& call, Context context) const;
  void execute(const facts::Block& block, std::set<State>& states);
  void follow(const facts::Block& block, const std::set<State>& states);
  bool isPredicateCall(uint32_t sequence) const;
  const Call* callAt(uint32_t sequence) const;

  store::Store& store_;
  const Program& program_;
  ContextGuards& guards_;
  llvm::SetVector<Id> work_;
  llvm::DenseSet<Id> depends_on_parameter_;

  // Of the body under analysis.
  llvm::DenseMap<uint32_t, size_t> call_of_sequence_;
  llvm::DenseMap<uint32_t, std::set<State>> waiting_;
  llvm::DenseMap<size_t, Contexts> reached_;
  llvm::DenseMap<size_t, uint64_t> flags_; ///< what all ways to a call agree on
  Contexts exits_ = 0;
  std::optional<size_t> deciding_;
};

const Call* GuardAnalysis::callAt(uint32_t sequence) const {
  auto found = call_of_sequence_.find(sequence);
  return found == call_of_sequence_.end() ? nullptr : &program_.calls()[found->second];
}

bool GuardAnalysis::isPredicateCall(uint32_t sequence) const {
  const Call* call = callAt(sequence);
  return call && guards_.isPredicate(call->callee);
}

/// What is marked no_coroutine_fn is as good as an assertion: whoever calls it in any case is one,
/// too, and what is wrong is where a coroutine comes in.
bool GuardAnalysis::canReturn(const Call& call, Context context) const {
  if (program_.isNoCoroutineFn(call.callee) && !program_.isMixedFn(call.callee))
    return context == kOutside;
  return guards_.exits(call.callee) & context;
}

void GuardAnalysis::execute(const facts::Block& block, std::set<State>& states) {
  for (const facts::Event& event : block.events) {
    std::set<State> after;
    for (State state : states) {
      switch (event.kind) {
      case EventKind::Call:
        if (const Call* call = callAt(event.call)) {
          const size_t position = program_.indexOf(*call);
          const Contexts before =
              std::exchange(reached_[position], reached_[position] | state.context);
          uint64_t& flags = flags_[position];
          flags = before == 0 ? state.flags : agreement(flags, state.flags);
          if (guards_.isPredicate(call->callee)) {
            if (!deciding_)
              deciding_ = program_.indexOf(*call);
          } else if (call->kind == facts::CallKind::Direct && !canReturn(*call, state.context)) {
            if (!deciding_)
              deciding_ = position;
            continue; // the callee is for the other context: it does not come back
          }
        }
        break;
      case EventKind::SetFlag:
        setFlag(state, event.variable,
                !event.has_constant ? kUnknown : (event.constant ? kTrue : kFalse));
        break;
      case EventKind::SetCall:
        if (isPredicateCall(event.call))
          setFlag(state, event.variable,
                  (state.context == kInside) != event.negated ? kTrue : kFalse);
        else
          setFlag(state, event.variable, kUnknown);
        break;
      case EventKind::Return:
        break;
      }
      after.insert(state);
    }
    states = std::move(after);
  }
}

void GuardAnalysis::follow(const facts::Block& block, const std::set<State>& states) {
  auto go = [&](size_t successor, const State& state) {
    if (block.successors[successor] != kNone)
      waiting_[block.successors[successor]].insert(state);
  };
  for (const State& state : states) {
    if (block.condition == ConditionKind::Call && isPredicateCall(block.operand)) {
      go(state.context == kInside ? 0 : 1, state);
    } else if (block.condition == ConditionKind::Variable) {
      const FlagValue value = flagOf(state, block.operand);
      for (FlagValue assumed : {kTrue, kFalse}) {
        if (value != kUnknown && value != assumed)
          continue;
        State refined = state;
        setFlag(refined, block.operand, assumed);
        go(assumed == kTrue ? 0 : 1, refined);
      }
    } else {
      for (size_t successor = 0; successor < block.successors.size(); ++successor)
        go(successor, state);
    }
  }
}

void GuardAnalysis::analyzeBody(Id function, Id fragment, const facts::Skeleton& skeleton) {
  call_of_sequence_.clear();
  for (const Call& call : program_.callsOf(function))
    if (call.fragment == fragment)
      call_of_sequence_[call.sequence] = program_.indexOf(call);
  reached_.clear();
  flags_.clear();
  waiting_.clear();
  llvm::DenseSet<uint32_t> assigned;
  for (const facts::Block& block : skeleton.blocks)
    for (const facts::Event& event : block.events)
      if (event.kind == EventKind::SetFlag || event.kind == EventKind::SetCall)
        assigned.insert(event.variable);
  std::vector<std::set<State>> seen(skeleton.blocks.size());
  waiting_[skeleton.entry] = {{kInside, 0}, {kOutside, 0}};
  while (!waiting_.empty()) {
    const uint32_t index = waiting_.begin()->first;
    std::set<State> arriving = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    if (index >= skeleton.blocks.size())
      continue;
    std::set<State> fresh;
    for (State state : arriving) {
      if (seen[index].size() > kMaxStates)
        state.flags = 0;
      if (seen[index].insert(state).second)
        fresh.insert(state);
    }
    if (fresh.empty())
      continue;
    const facts::Block& block = skeleton.blocks[index];
    execute(block, fresh);
    if (index == skeleton.exit)
      for (const State& state : fresh)
        exits_ |= state.context;
    if (!block.is_noreturn && !block.successors.empty())
      follow(block, fresh);
  }
  for (const auto& [sequence, call] : call_of_sequence_) {
    if (const Contexts contexts = reached_.lookup(call); contexts != kEither)
      guards_.at_call_[call] = contexts;
    else
      guards_.at_call_.erase(call);
    guards_.conditions_.erase(call);
    for (uint32_t flag = 0; flag < skeleton.variables.size(); ++flag) {
      const uint32_t parameter = skeleton.variables[flag].parameter;
      const FlagValue value = flagOf({kInside, flags_.lookup(call)}, flag);
      if (parameter != kNone && value != kUnknown && !assigned.contains(flag))
        guards_.conditions_[call].push_back({parameter, value == kTrue});
    }
  }
}

llvm::Error GuardAnalysis::analyze(Id function) {
  exits_ = 0;
  deciding_.reset();
  llvm::Error bad = llvm::Error::success();
  llvm::Error error =
      store_.reader().forEachSkeletonOf(function, [&](const store::SkeletonRow& row) {
        llvm::Expected<facts::Skeleton> skeleton = facts::parseSkeleton(row.bytes);
        if (!skeleton) {
          bad = llvm::joinErrors(std::move(bad), skeleton.takeError());
          return;
        }
        analyzeBody(function, row.fragment, *skeleton);
      });
  if (error || bad)
    return llvm::joinErrors(std::move(error), std::move(bad));
  if (!deciding_)
    return llvm::Error::success();
  ContextGuards::Body& body = guards_.bodies_[function];
  const Contexts before = body.exits;
  body.deciding = *deciding_;
  // A body that never ends asserts nothing.
  body.exits = exits_ == 0 ? kEither : exits_;
  // What a marked function asserts, its marker says already; others pass it on to their callers.
  if (body.exits != before && !program_.isMarked(function))
    for (uint32_t call : program_.exactCallsTo(function))
      if (program_.calls()[call].caller != kNoId)
        work_.insert(program_.calls()[call].caller);
  return llvm::Error::success();
}

/// Which bodies depend on a parameter, and what calls hand over.
void GuardAnalysis::scanBody(const store::SkeletonRow& row, const facts::Skeleton& skeleton) {
  for (const facts::Block& block : skeleton.blocks)
    if (block.condition == ConditionKind::Variable && block.operand < skeleton.variables.size() &&
        skeleton.variables[block.operand].parameter != kNone)
      depends_on_parameter_.insert(row.function);
  llvm::ArrayRef<Call> calls = program_.callsOf(row.function);
  for (const facts::Block& block : skeleton.blocks)
    for (const facts::Event& event : block.events)
      for (const facts::Argument& argument : event.arguments) {
        KnownArgument known{argument.index, argument.constant != 0, std::nullopt};
        uint32_t parameter = 0;
        if (argument.kind == facts::ArgumentKind::Path && argument.path_class.empty() &&
            llvm::StringRef(argument.path).starts_with("$") &&
            !llvm::StringRef(argument.path).drop_front().getAsInteger(10, parameter))
          known.parameter = parameter;
        else if (argument.kind != facts::ArgumentKind::Constant)
          continue;
        // Calls of one fragment lie together, in the order of their sequence.
        const Call* call =
            std::lower_bound(calls.begin(), calls.end(), std::pair(row.fragment, event.call),
                             [](const Call& call, const std::pair<Id, uint32_t>& wanted) {
                               return std::pair(call.fragment, call.sequence) < wanted;
                             });
        if (call != calls.end() && call->fragment == row.fragment && call->sequence == event.call &&
            call->kind == facts::CallKind::Direct)
          guards_.arguments_[program_.indexOf(*call)].push_back(known);
      }
}

llvm::Error GuardAnalysis::scan() {
  llvm::Error bad = llvm::Error::success();
  llvm::Error error = store_.reader().forEachSkeleton([&](const store::SkeletonRow& row) {
    llvm::Expected<facts::Skeleton> skeleton = facts::parseSkeleton(row.bytes);
    if (skeleton)
      scanBody(row, *skeleton);
    else
      bad = llvm::joinErrors(std::move(bad), skeleton.takeError());
  });
  if (error || bad)
    return llvm::joinErrors(std::move(error), std::move(bad));
  // A function that only hands its parameter on depends on it as much as the one that asks.
  for (bool changed = true; std::exchange(changed, false);)
    for (const auto& [call, arguments] : guards_.arguments_)
      if (depends_on_parameter_.contains(program_.calls()[call].callee))
        for (const KnownArgument& argument : arguments)
          if (argument.parameter)
            changed |= depends_on_parameter_.insert(program_.calls()[call].caller).second;
  // Arguments matter only where the callee asks about them.
  llvm::SmallVector<size_t, 0> useless;
  for (const auto& [call, arguments] : guards_.arguments_) {
    const Id callee = program_.calls()[call].callee;
    if (!depends_on_parameter_.contains(callee)) {
      useless.push_back(call);
      continue;
    }
    work_.insert(callee);
    if (llvm::any_of(arguments, [](const KnownArgument& known) { return known.parameter; }))
      work_.insert(program_.calls()[call].caller);
  }
  for (size_t call : useless)
    guards_.arguments_.erase(call);
  return llvm::Error::success();
}

llvm::Error GuardAnalysis::run(const config::Config& config) {
  if (llvm::Error error = scan())
    return error;
  auto add_callers = [&](Id callee) {
    for (uint32_t call : program_.exactCallsTo(callee))
      if (program_.calls()[call].caller != kNoId)
        work_.insert(program_.calls()[call].caller);
  };
  for (Id function = 1; function < program_.functions().size(); ++function)
    if (program_.isNoCoroutineFn(function) && !program_.isMixedFn(function))
      add_callers(function);
  for (const std::string& name : config.coroutine_predicates)
    for (Id predicate : program_.named(name)) {
      guards_.predicates_.insert(predicate);
      add_callers(predicate);
    }
  // Each function's exits only ever shrink, so this ends; the bound is for damaged stores.
  for (size_t step = 0; !work_.empty() && step < 64 * program_.functions().size(); ++step)
    if (llvm::Error error = analyze(work_.pop_back_val()))
      return error;
  return llvm::Error::success();
}

llvm::Expected<ContextGuards> ContextGuards::compute(store::Store& store, const Program& program,
                                                     const config::Config& config) {
  ContextGuards guards;
  if (llvm::Error error = GuardAnalysis(store, program, guards).run(config))
    return std::move(error);
  return guards;
}

} // namespace lockvet::program
