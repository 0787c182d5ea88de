// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/context_guards.h"

#include "analyzer/program/body_walk.h"
#include "analyzer/program/skeleton_queries.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

#include <algorithm>
#include <map>
#include <utility>

namespace lockvet::program {

using facts::ConditionKind;
using facts::EventKind;
using facts::kNone;

FlagValue ContextGuards::answer(Id function, Context context) const {
  if (predicates_.contains(function))
    return flagValue(context == kInside);
  auto found = bodies_.find(function);
  if (found == bodies_.end())
    return kUnknown;
  const Body& body = found->second;
  // A function that returns the same in both contexts, or never in one of them, tells nothing: a
  // call of it that seems to decide may be a stub.
  if (body.inside == body.outside || body.inside == 0 || body.outside == 0)
    return kUnknown;
  const Answers answers = context == kInside ? body.inside : body.outside;
  return answers == kSaysEither ? kUnknown : flagValue(answers == kSaysTrue);
}

Contexts ContextGuards::exitsAt(Id function, size_t call) const {
  auto found = bodies_.find(function);
  if (found == bodies_.end())
    return kEither;
  Contexts exits = found->second.exits;
  for (const ConditionalExits& conditional : found->second.conditional_exits)
    for (const KnownArgument& argument : arguments(call))
      if (argument.index == conditional.index && !argument.parameter &&
          argument.value == conditional.value)
        exits &= conditional.exits;
  return exits;
}

bool ContextGuards::isFeasible(size_t call, Context context,
                               llvm::ArrayRef<ParameterCondition> assumptions) const {
  if (!(at(call) & context))
    return false;
  for (const ParameterCondition& condition : conditions(call))
    for (const ParameterCondition& assumption : assumptions)
      if (assumption.index == condition.index && assumption.value != condition.value)
        return false;
  return true;
}

Assumptions ContextGuards::assumptionsAt(size_t call,
                                         llvm::ArrayRef<ParameterCondition> assumptions) const {
  Assumptions handed_over;
  auto value_of = [&](uint32_t parameter) -> std::optional<bool> {
    for (llvm::ArrayRef<ParameterCondition> known : {assumptions, conditions(call)})
      for (const ParameterCondition& condition : known)
        if (condition.index == parameter)
          return condition.value;
    return std::nullopt;
  };
  for (const KnownArgument& argument : arguments(call)) {
    std::optional<bool> value = argument.value;
    if (argument.parameter)
      value = value_of(*argument.parameter);
    if (value)
      handed_over.push_back({argument.index, *value});
  }
  return handed_over;
}

void ContextGuards::note(size_t calls) {
  std::vector<uint8_t> notes(calls, kEither);
  for (const auto& [call, contexts] : at_call_)
    notes[call] = contexts;
  for (const auto& [call, conditions] : conditions_)
    notes[call] |= kHasConditions;
  for (const auto& [call, arguments] : arguments_)
    notes[call] |= kHasArguments;
  notes_ = std::move(notes);
}

class GuardAnalysis : private BodyWalk::Client {
public:
  GuardAnalysis(const Program& program, const Skeletons& skeletons, ContextGuards& guards)
      : program_(program), skeletons_(skeletons), guards_(guards) {}

  void run(const ContextGuards* other);

private:
  void scan();
  void findNeverReturning();
  bool canReach(const facts::Skeleton& skeleton, Id fragment, Id function) const;
  void scanBody(const Skeletons::Body& body, const facts::Skeleton& skeleton);
  void analyze(Id function);
  void analyzeBody(Id function, Id fragment, const facts::Skeleton& skeleton);
  bool canReturn(const Call& call, Context context) const;
  FlagValue answer(uint32_t sequence, Context context) const override;
  void visitCall(const facts::Event& event, llvm::SmallVectorImpl<WalkState>& after) override;
  void visitReturn(const WalkState& state, FlagValue value) override;
  void visitExit(const WalkState& state) override;
  bool executeCall(const Call& call, const GuardState& state);
  void addConditionalExits(const GuardState& state);
  const Call* callAt(uint32_t sequence) const;

  const Program& program_;
  const Skeletons& skeletons_;
  ContextGuards& guards_;
  llvm::SetVector<Id> work_;
  llvm::DenseSet<Id> depends_on_parameter_;
  llvm::DenseMap<Id, bool> returning_; ///< can a body's end be reached, if all calls return?

  // Of the body under analysis.
  llvm::DenseMap<uint32_t, size_t> call_of_sequence_;
  llvm::DenseMap<size_t, Contexts> reached_;
  llvm::DenseMap<size_t, uint64_t> flags_; ///< what all ways to a call agree on
  Contexts exits_ = 0;
  /// By parameter and truth value. A parameter that is asked in no way to an exit is not in it.
  std::map<std::pair<uint32_t, bool>, Contexts> exits_where_;
  std::vector<std::pair<uint32_t, uint32_t>> parameters_; ///< flag and parameter, if never assigned
  Answers& answersIn(Context context) { return context == kInside ? inside_ : outside_; }
  Answers inside_ = 0;
  Answers outside_ = 0;
  std::optional<size_t> deciding_;
};

const Call* GuardAnalysis::callAt(uint32_t sequence) const {
  auto found = call_of_sequence_.find(sequence);
  return found == call_of_sequence_.end() ? nullptr : &program_.calls()[found->second];
}

/// Whoever calls what is bound to a context in any case is so, too, and what is wrong is where
/// another context comes in.
bool GuardAnalysis::canReturn(const Call& call, Context context) const {
  const ContextDimension& dimension = guards_.dimension_;
  const Labels labels = program_.function(call.callee).labels;
  if (guards_.isBoundByMarker(call.callee, labels))
    return context == dimension.asserted;
  // Code for all threads that asserts more is wrong itself, and not its callers.
  if (dimension.has_statements && dimension.isMarked(labels) && !dimension.isAsserting(labels))
    return true;
  return guards_.exitsAt(call.callee, program_.indexOf(call)) & context;
}

/// Does control come back from a call?
bool GuardAnalysis::executeCall(const Call& call, const GuardState& state) {
  const size_t position = program_.indexOf(call);
  const Contexts before = std::exchange(reached_[position], reached_[position] | state.context);
  uint64_t& flags = flags_[position];
  flags = before == 0 ? state.flags : agreement(flags, state.flags);
  const bool returns = call.kind != facts::CallKind::Direct || !guards_.returns(call.callee) ||
                       canReturn(call, state.context);
  const bool asks = guards_.answer(call.callee, state.context) != kUnknown;
  if ((asks || !returns) && !deciding_)
    deciding_ = position;
  return returns;
}

FlagValue GuardAnalysis::answer(uint32_t sequence, Context context) const {
  const Call* call = callAt(sequence);
  return call && call->kind == facts::CallKind::Direct ? guards_.answer(call->callee, context)
                                                       : kUnknown;
}

void GuardAnalysis::visitCall(const facts::Event& event, llvm::SmallVectorImpl<WalkState>& after) {
  const GuardState state = after.front().guard;
  const Call* called = callAt(event.call);
  if (called && called->kind == facts::CallKind::Direct && !guards_.returns(called->callee)) {
    executeCall(*called, state);
    after.clear();
    return;
  }
  if (const Call* call = callAt(event.call); call && !executeCall(*call, state)) {
    // The callee is for the other context: it does not come back. Such a call is a mistake, and
    // says nothing of what this function would return, or assert.
    answersIn(state.context) = kSaysEither;
    addConditionalExits(state);
    after.clear();
  }
}

void GuardAnalysis::visitReturn(const WalkState& state, FlagValue value) {
  answersIn(state.guard.context) |= value == kTrue    ? kSaysTrue
                                    : value == kFalse ? kSaysFalse
                                                      : kSaysEither;
}

void GuardAnalysis::visitExit(const WalkState& state) {
  exits_ |= state.guard.context;
  addConditionalExits(state.guard);
}

void GuardAnalysis::analyzeBody(Id function, Id fragment, const facts::Skeleton& skeleton) {
  call_of_sequence_.clear();
  for (const Call& call : program_.callsOf(function))
    if (call.fragment == fragment)
      call_of_sequence_[call.sequence] = program_.indexOf(call);
  reached_.clear();
  flags_.clear();
  llvm::DenseSet<uint32_t> assigned;
  for (const facts::Block& block : skeleton.blocks)
    for (const facts::Event& event : block.events)
      if (event.kind == EventKind::SetFlag || event.kind == EventKind::SetCall)
        assigned.insert(event.variable);
  parameters_.clear();
  for (uint32_t flag = 0; flag < skeleton.variables.size(); ++flag)
    if (skeleton.variables[flag].parameter != kNone && !assigned.contains(flag))
      parameters_.push_back({flag, skeleton.variables[flag].parameter});
  WalkState inside, outside;
  inside.guard.context = kInside;
  outside.guard.context = kOutside;
  BodyWalk(skeleton, *this, {}).run({inside, outside});
  for (const auto& [sequence, call] : call_of_sequence_) {
    if (const Contexts contexts = reached_.lookup(call); contexts != kEither)
      guards_.at_call_[call] = contexts;
    else
      guards_.at_call_.erase(call);
    guards_.conditions_.erase(call);
    for (const auto& [flag, parameter] : parameters_)
      if (const FlagValue value = GuardState{kInside, flags_.lookup(call)}.flag(flag);
          value != kUnknown)
        guards_.conditions_[call].push_back({parameter, value == kTrue});
  }
}

/// Control leaves with this known of the parameters.
void GuardAnalysis::addConditionalExits(const GuardState& state) {
  for (const auto& [flag, parameter] : parameters_)
    for (FlagValue value : {kFalse, kTrue})
      if (state.flag(flag) != !value)
        exits_where_[{parameter, value == kTrue}] |= state.context;
}

void GuardAnalysis::analyze(Id function) {
  exits_ = 0;
  inside_ = 0;
  outside_ = 0;
  exits_where_.clear();
  deciding_.reset();
  const llvm::ArrayRef<Skeletons::Body> bodies = skeletons_.of(function);
  for (const Skeletons::Body& body : bodies)
    analyzeBody(function, body.fragment, skeletons_.parse(body));
  if (!deciding_)
    return;
  auto answers = [&] {
    return std::pair(guards_.answer(function, kInside), guards_.answer(function, kOutside));
  };
  const auto answers_before = answers();
  ContextGuards::Body& body = guards_.bodies_[function];
  const Contexts exits_before = body.exits;
  const auto conditional_before = std::exchange(body.conditional_exits, {});
  body.deciding = *deciding_;
  // A body that never ends asserts nothing.
  body.exits = exits_ == 0 ? kEither : exits_;
  // All that was known before was true, so what is not in both can't be; and this way it ends.
  body.inside &= inside_;
  body.outside &= outside_;
  // Bodies under different macros may name their parameters differently, and ask others.
  if (bodies.size() == 1)
    for (const auto& [where, exits] : exits_where_)
      if (exits != body.exits)
        body.conditional_exits.push_back({where.first, where.second, exits});
  // What a marked function asserts, its marker says already; others pass it on to their callers.
  const bool asserts_more =
      body.exits != exits_before || body.conditional_exits != conditional_before;
  const bool says_so = guards_.dimension_.isMarked(program_.function(function).labels) &&
                       !guards_.asking_.contains(function);
  if ((asserts_more && !says_so) || answers() != answers_before)
    for (uint32_t call : program_.exactCallsTo(function))
      if (program_.calls()[call].caller != kNoId)
        work_.insert(program_.calls()[call].caller);
}

/// Which bodies depend on a parameter, and what calls hand over.
void GuardAnalysis::scanBody(const Skeletons::Body& body, const facts::Skeleton& skeleton) {
  for (const facts::Block& block : skeleton.blocks)
    if (block.condition == ConditionKind::Variable && block.operand < skeleton.variables.size() &&
        skeleton.variables[block.operand].parameter != kNone)
      depends_on_parameter_.insert(body.function);
  llvm::ArrayRef<Call> calls = program_.callsOf(body.function);
  for (const facts::Block& block : skeleton.blocks)
    for (const facts::Event& event : block.events)
      for (const facts::Argument& argument : event.arguments) {
        KnownArgument known{argument.index, argument.constant != 0, std::nullopt};
        uint32_t parameter = 0;
        if (argument.kind == facts::ArgumentKind::Path && argument.part.empty() &&
            llvm::StringRef(argument.path).starts_with("$") &&
            !llvm::StringRef(argument.path).drop_front().getAsInteger(10, parameter))
          known.parameter = parameter;
        else if (argument.kind != facts::ArgumentKind::Constant)
          continue;
        const Call* call = callOf(calls, body.fragment, event.call);
        if (call && call->kind != facts::CallKind::Implicit)
          guards_.arguments_[program_.indexOf(*call)].push_back(known);
      }
}

void GuardAnalysis::scan() {
  for (const Skeletons::Body& body : skeletons_.all()) {
    const facts::Skeleton skeleton = skeletons_.parse(body);
    scanBody(body, skeleton);
    returning_[body.function] |= canReach(skeleton, body.fragment, body.function);
  }
  auto asking = [&](size_t call) {
    llvm::SmallVector<Id, 4> functions;
    program_.forEachTarget(program_.calls()[call], [&](Target target) {
      if (depends_on_parameter_.contains(target.function))
        functions.push_back(target.function);
    });
    return functions;
  };
  // A function that only hands its parameter on depends on it as much as the one that asks.
  llvm::SmallVector<size_t, 0> handing_on;
  for (const auto& [call, arguments] : guards_.arguments_)
    if (llvm::any_of(arguments, [](const KnownArgument& known) { return known.parameter; }))
      handing_on.push_back(call);
  for (bool changed = true; std::exchange(changed, false);)
    for (size_t call : handing_on)
      if (!asking(call).empty())
        changed |= depends_on_parameter_.insert(program_.calls()[call].caller).second;
  // Arguments matter only where the callee asks about them.
  llvm::SmallVector<size_t, 0> useless;
  for (const auto& [call, arguments] : guards_.arguments_) {
    const llvm::SmallVector<Id, 4> callees = asking(call);
    if (callees.empty()) {
      useless.push_back(call);
      continue;
    }
    work_.insert(callees.begin(), callees.end());
    if (llvm::any_of(arguments, [](const KnownArgument& known) { return known.parameter; }))
      work_.insert(program_.calls()[call].caller);
  }
  for (size_t call : useless)
    guards_.arguments_.erase(call);
}

/// Does a way lead to the end of the body, past calls that return?
bool GuardAnalysis::canReach(const facts::Skeleton& skeleton, Id fragment, Id function) const {
  const llvm::ArrayRef<Call> calls = program_.callsOf(function);
  return canReachEnd(skeleton, [&](const facts::Event& event) {
    if (event.kind != EventKind::Call || guards_.never_returns_.empty())
      return false;
    const Call* call = callOf(calls, fragment, event.call);
    return call && call->kind == facts::CallKind::Direct && !guards_.returns(call->callee);
  });
}

/// A function of which no body's end can be reached, and then who calls it.
void GuardAnalysis::findNeverReturning() {
  llvm::SetVector<Id> ended;
  for (const auto& [function, returns] : returning_)
    if (!returns)
      ended.insert(function);
  while (!ended.empty()) {
    const Id function = ended.pop_back_val();
    if (!guards_.never_returns_.insert(function).second)
      continue;
    for (uint32_t position : program_.exactCallsTo(function)) {
      const Id caller = program_.calls()[position].caller;
      if (caller == kNoId || !guards_.returns(caller))
        continue;
      const bool returns = llvm::any_of(skeletons_.of(caller), [&](const Skeletons::Body& body) {
        return canReach(skeletons_.parse(body), body.fragment, caller);
      });
      if (!returns)
        ended.insert(caller);
    }
  }
}

void GuardAnalysis::run(const ContextGuards* other) {
  const ContextDimension& dimension = guards_.dimension_;
  llvm::SmallVector<Id, 4> predicates;
  for (const std::string& name : dimension.predicates)
    llvm::append_range(predicates, program_.named(name));
  guards_.predicates_.insert(predicates.begin(), predicates.end());
  // Most programs know nothing of a main loop: then all their calls can happen in any thread.
  if (dimension.has_statements && predicates.empty() &&
      llvm::none_of(program_.functions(), [&](const Function& function) {
        return dimension.isAsserting(function.labels);
      }))
    return;
  if (other) {
    // What depends on parameters does so in any dimension.
    guards_.never_returns_ = other->never_returns_;
    guards_.arguments_ = other->arguments_;
    guards_.conditions_ = other->conditions_;
  } else {
    scan();
    findNeverReturning();
  }
  auto for_each_caller = [&](Id callee, auto visit) {
    for (uint32_t call : program_.exactCallsTo(callee))
      if (const Id caller = program_.calls()[call].caller; caller != kNoId)
        visit(caller);
  };
  for (Id function : guards_.never_returns_)
    for_each_caller(function, [&](Id caller) { work_.insert(caller); });
  if (dimension.has_statements) {
    for (Id predicate : predicates)
      for_each_caller(predicate, [&](Id caller) { guards_.asking_.insert(caller); });
    for (const Marker& marker : program_.markers())
      if (marker.function != kNoId && marker.label.starts_with("asserts:") &&
          (labelNamed(marker.label) & dimension.asserting))
        for_each_caller(marker.function, [&](Id caller) { guards_.asking_.insert(caller); });
  }
  for (Id function = 1; function < program_.functions().size(); ++function)
    if (guards_.isBoundByMarker(function, program_.function(function).labels))
      for_each_caller(function, [&](Id caller) { work_.insert(caller); });
  for (Id predicate : predicates)
    for_each_caller(predicate, [&](Id caller) { work_.insert(caller); });
  // Each function's exits only ever shrink, so this ends; the bound is for damaged stores.
  for (size_t step = 0; !work_.empty() && step < 64 * program_.functions().size(); ++step)
    analyze(work_.pop_back_val());
}

ContextGuards ContextGuards::compute(const Program& program, const Skeletons& skeletons,
                                     ContextDimension dimension, const ContextGuards* other) {
  ContextGuards guards;
  guards.dimension_ = std::move(dimension);
  GuardAnalysis(program, skeletons, guards).run(other);
  guards.note(program.calls().size());
  return guards;
}

} // namespace lockvet::program
