// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/context_guards.h"

#include "analyzer/program/guard_analysis.h"
#include "analyzer/program/skeleton_queries.h"
#include "llvm/ADT/DenseSet.h"

#include <algorithm>
#include <utility>

namespace lockvet::program {

using facts::EventKind;
using facts::kNone;

FlagValue ContextGuards::answer(Id function, Context context) const {
  if (predicates_.contains(function))
    return flagValue(context == kInside);
  auto found = bodies_.find(function);
  if (found == bodies_.end())
    return kUnknown;
  const Exits& body = found->second;
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
  Reached& reached = reached_[position - first_call_];
  reached.flags = reached.contexts == 0 ? state.flags : agreement(reached.flags, state.flags);
  reached.contexts |= state.context;
  const bool returns = call.kind != facts::CallKind::Direct || !guards_.returns(call.callee) ||
                       canReturn(call, state.context);
  const bool asks = guards_.answer(call.callee, state.context) != kUnknown;
  if ((asks || !returns) && !deciding_)
    deciding_ = position;
  return returns;
}

FlagValue GuardAnalysis::answer(uint32_t position, Context context) const {
  const Call& call = program_.calls()[position];
  return call.kind == facts::CallKind::Direct ? guards_.answer(call.callee, context) : kUnknown;
}

void GuardAnalysis::visitCall(uint32_t position, llvm::SmallVectorImpl<WalkState>& after) {
  const GuardState state = after.front().guard;
  const Call& call = program_.calls()[position];
  if (call.kind == facts::CallKind::Direct && !guards_.returns(call.callee)) {
    executeCall(call, state);
    after.clear();
    return;
  }
  if (!executeCall(call, state)) {
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

void GuardAnalysis::analyzeBody(const Body& body) {
  const llvm::ArrayRef<Call> calls = callsIn(program_.callsOf(body.function), body.fragment);
  reached_.assign(calls.size(), {});
  first_call_ = body.first_call;
  llvm::DenseSet<uint32_t> assigned;
  for (const Block& block : body.blocks)
    for (const Event& event : block.events)
      if (event.kind == EventKind::SetFlag || event.kind == EventKind::SetCall)
        assigned.insert(event.variable);
  parameters_.clear();
  for (uint32_t flag = 0; flag < body.parameters.size(); ++flag)
    if (body.parameters[flag] != kNone && !assigned.contains(flag))
      parameters_.push_back({flag, body.parameters[flag]});
  WalkState inside, outside;
  inside.guard.context = kInside;
  outside.guard.context = kOutside;
  BodyWalk(body, *this, {}).run({inside, outside});
  for (size_t index = 0; index < calls.size(); ++index) {
    const Reached& reached = reached_[index];
    const size_t call = first_call_ + index;
    if (reached.contexts != kEither)
      guards_.at_call_[call] = reached.contexts;
    else
      guards_.at_call_.erase(call);
    guards_.conditions_.erase(call);
    for (const auto& [flag, parameter] : parameters_)
      if (const FlagValue value = GuardState{kInside, reached.flags}.flag(flag); value != kUnknown)
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
  guards_.analyzed_.insert(function);
  guards_.found_.insert(function);
  exits_ = 0;
  inside_ = 0;
  outside_ = 0;
  exits_where_.clear();
  deciding_.reset();
  const llvm::ArrayRef<Body> bodies = skeletons_.of(function);
  for (const Body& body : bodies)
    analyzeBody(body);
  if (!deciding_)
    return;
  auto answers = [&] {
    return std::pair(guards_.answer(function, kInside), guards_.answer(function, kOutside));
  };
  const auto answers_before = answers();
  ContextGuards::Exits& body = guards_.bodies_[function];
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
  const bool asserts_more =
      body.exits != exits_before || body.conditional_exits != conditional_before;
  if ((asserts_more && !saysSoItself(function)) || answers() != answers_before)
    forEachCaller(function, [&](Id caller) { work_.insert(caller); });
}

/// What a marked function asserts, its marker says already; others pass it on to their callers.
bool GuardAnalysis::saysSoItself(Id function) const {
  return guards_.dimension_.isMarked(program_.function(function).labels) &&
         !guards_.asking_.contains(function);
}

/// What the calls of a body hand over.
void GuardAnalysis::scanArguments(const Body& body) {
  for (const Block& block : body.blocks)
    for (const Event& event : block.events)
      for (const Argument& argument : event.arguments) {
        KnownArgument known{argument.index, argument.constant != 0, std::nullopt};
        uint32_t parameter = 0;
        if (argument.kind == facts::ArgumentKind::Path && argument.part.empty() &&
            argument.path.starts_with("$") &&
            !argument.path.drop_front().getAsInteger(10, parameter))
          known.parameter = parameter;
        else if (argument.kind != facts::ArgumentKind::Constant)
          continue;
        if (event.call == kNone)
          continue;
        const uint32_t position = body.positionOf(event.call);
        if (program_.calls()[position].kind != facts::CallKind::Implicit)
          handed_over_.push_back({position, known});
      }
}

/// Which functions depend on a parameter, and which calls hand over what they ask about.
void GuardAnalysis::scan() {
  depends_on_parameter_.assign(program_.functions().size(), false);
  for (const Body& body : skeletons_.all()) {
    if (body.asks_of_parameters)
      depends_on_parameter_[body.function] = true;
    if (body.hands_over)
      scanArguments(body);
  }
  auto asking = [&](uint32_t call) {
    llvm::SmallVector<Id, 4> functions;
    program_.forEachTarget(program_.calls()[call], [&](Target target) {
      if (target.function != kNoId && depends_on_parameter_[target.function])
        functions.push_back(target.function);
    });
    return functions;
  };
  // A function that only hands its parameter on depends on it as much as the one that asks.
  llvm::SmallVector<uint32_t, 0> handing_on;
  for (const auto& [call, argument] : handed_over_)
    if (argument.parameter)
      handing_on.push_back(call);
  for (bool changed = true; std::exchange(changed, false);)
    for (uint32_t call : handing_on) {
      const Id caller = program_.calls()[call].caller;
      if (!depends_on_parameter_[caller] && !asking(call).empty())
        changed = depends_on_parameter_[caller] = true;
    }
  // Arguments matter only where the callee asks about them.
  for (const auto& [call, argument] : handed_over_) {
    const llvm::SmallVector<Id, 4> callees = asking(call);
    if (callees.empty())
      continue;
    guards_.arguments_[call].push_back(argument);
    work_.insert(callees.begin(), callees.end());
    if (argument.parameter)
      work_.insert(program_.calls()[call].caller);
  }
}

/// Does a way lead to the end of the body, past calls that return?
bool GuardAnalysis::canReach(const Body& body) const {
  return canReachEnd(body, [&](const Event& event) {
    if (event.kind != EventKind::Call || event.call == kNone || guards_.never_returns_.empty())
      return false;
    const Call& call = program_.calls()[body.positionOf(event.call)];
    return call.kind == facts::CallKind::Direct && !guards_.returns(call.callee);
  });
}

/// A function of which no body's end can be reached, and then who calls it.
void GuardAnalysis::findNeverReturning() {
  llvm::SetVector<Id> ended;
  for (const Body& body : skeletons_.all())
    if (llvm::none_of(skeletons_.of(body.function),
                      [](const Body& other) { return other.reaches_end; }))
      ended.insert(body.function);
  while (!ended.empty()) {
    const Id function = ended.pop_back_val();
    if (!guards_.never_returns_.insert(function).second)
      continue;
    for (uint32_t position : program_.exactCallsTo(function)) {
      const Id caller = program_.calls()[position].caller;
      if (caller == kNoId || !guards_.returns(caller))
        continue;
      const bool returns =
          llvm::any_of(skeletons_.of(caller), [&](const Body& body) { return canReach(body); });
      if (!returns)
        ended.insert(caller);
    }
  }
}

/// What calls something that decides: it is where the analysis begins.
void GuardAnalysis::findWork(llvm::ArrayRef<Id> predicates) {
  const ContextDimension& dimension = guards_.dimension_;
  auto insert = [&](Id caller) { work_.insert(caller); };
  for (Id function : guards_.never_returns_)
    forEachCaller(function, insert);
  if (dimension.has_statements) {
    auto insert_asking = [&](Id caller) { guards_.asking_.insert(caller); };
    for (Id predicate : predicates)
      forEachCaller(predicate, insert_asking);
    for (const Marker& marker : program_.markers())
      if (marker.function != kNoId && marker.label.starts_with("asserts:") &&
          (labelNamed(marker.label) & dimension.asserting))
        forEachCaller(marker.function, insert_asking);
  }
  for (Id function = 1; function < program_.functions().size(); ++function)
    if (guards_.isBoundByMarker(function, program_.function(function).labels))
      forEachCaller(function, insert);
  for (Id predicate : predicates)
    forEachCaller(predicate, insert);
}

void GuardAnalysis::run(const ContextGuards* other, const ContextGuards* before,
                        const ProgramChange* change) {
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
  findWork(predicates);
  guards_.begun_.insert(work_.begin(), work_.end());
  if (before && change)
    reuse(*before, *change);
  // Each function's exits only ever shrink, so this ends; the bound is for damaged stores.
  for (size_t step = 0; !work_.empty() && step < 64 * program_.functions().size(); ++step)
    analyze(work_.pop_back_val());
}

ContextGuards ContextGuards::compute(const Program& program, const Skeletons& skeletons,
                                     ContextDimension dimension, const ContextGuards* other,
                                     const ContextGuards* before, const ProgramChange* change) {
  ContextGuards guards;
  guards.dimension_ = std::move(dimension);
  GuardAnalysis(program, skeletons, guards).run(other, before, change);
  guards.note(program.calls().size());
  return guards;
}

} // namespace lockvet::program
