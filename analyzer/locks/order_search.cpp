// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/order_search.h"

#include "llvm/ADT/SetVector.h"

namespace lockvet::locks {

using program::Call;
using program::Context;
using program::EdgeKind;
using program::Labels;
using program::Target;

namespace {

/// A way on which pointers could have held more combinations of functions than these is a guess.
constexpr uint32_t kMostChoices = 32;

/// What a pointer holds that is spread over more folders than these says little of a certain call.
constexpr uint32_t kMostFolders = 2;

class HoldsWalk : public LockWalk {
public:
  using LockWalk::LockWalk;
  llvm::DenseMap<uint32_t, Holds> holds;

private:
  void visitHeld(size_t call, Hold hold) override {
    holds[static_cast<uint32_t>(call)] |= bit(hold);
  }
};

} // namespace

uint32_t FollowedCalls::choicesAt(uint32_t position) const {
  const Call& call = program_.calls()[position];
  if (program_.function(call.caller).labels & program::kOpaque ||
      spread_.foldersOf(call) > kMostFolders || spread_.targetsOf(call) > kMostChoices)
    return 0;
  return spread_.targetsOf(call);
}

void FollowedCalls::forEachTarget(uint32_t position, llvm::function_ref<void(Target)> visit) const {
  if (choicesAt(position) == 0)
    return;
  program_.forEachTarget(program_.calls()[position], [&](Target target) {
    constexpr Labels kEnds = program::kPolls | program::kDrains | program::kSuspends;
    if (target.function != kNoId && !(program_.function(target.function).labels & kEnds))
      visit(target);
  });
}

OrderReach::OrderReach(const program::Program& program, const FollowedCalls& followed,
                       const program::Callers& callers, const OrderSites& sites)
    : words_(sites.nodes().size() / 64 + 1), bits_(program.functions().size() * words_) {
  llvm::SetVector<Id> work;
  for (const auto& [function, list] : sites.all()) {
    for (const OrderSite& site : list)
      bits_[function * words_ + site.node / 64] |= uint64_t{1} << (site.node % 64);
    work.insert(function);
  }
  while (!work.empty()) {
    const Id callee = work.pop_back_val();
    for (uint32_t call : callers.of(callee)) {
      const Id caller = program.calls()[call].caller;
      bool is_followed = false;
      followed.forEachTarget(call,
                             [&](Target target) { is_followed |= target.function == callee; });
      if (!is_followed)
        continue;
      bool changes = false;
      for (size_t word = 0; word < words_; ++word) {
        uint64_t& known = bits_[caller * words_ + word];
        const uint64_t more = bits_[callee * words_ + word];
        changes |= (more & ~known) != 0;
        known |= more;
      }
      if (changes)
        work.insert(caller);
    }
  }
}

EdgeKind OrderEdge::weakest() const {
  EdgeKind weakest = EdgeKind::Direct;
  for (const Step& step : way)
    weakest = std::max(weakest, step.edge);
  return weakest;
}

std::vector<OrderEdge> OrderSearch::run(llvm::ArrayRef<OrderRoot> roots) {
  roots_ = roots;
  for (uint32_t index = 0; index < roots.size(); ++index) {
    State state;
    state.function = roots[index].function;
    state.context = roots[index].context;
    state.assumptions = roots[index].assumptions;
    state.root = index;
    states_.push_back(std::move(state));
  }
  // Sure ways first: what is reached by direct calls keeps that way.
  for (EdgeKind most : {EdgeKind::Implicit, EdgeKind::Virtual, EdgeKind::Flow})
    for (uint32_t next = 0; next < states_.size(); ++next)
      visit(next, most);
  std::vector<OrderEdge> result;
  for (auto& [node, edge] : edges_)
    result.push_back(std::move(edge));
  return result;
}

void OrderSearch::visit(uint32_t index, EdgeKind most) {
  if (!states_[index].from) {
    for (const auto& [call, holds] : roots_[states_[index].root].calls)
      visitCall(index, call, holds, most);
    return;
  }
  for (const Call& call : program_.callsOf(states_[index].function)) {
    const auto position = static_cast<uint32_t>(program_.indexOf(call));
    const Holds holds = holdsAt(index, position);
    // Given back on some way, it may well be so on this one.
    if (holds != 0 && !(holds & kUnheld))
      visitCall(index, position, holds, most);
  }
}

/// How the node is held at a call of a function that was entered with it held.
Holds OrderSearch::holdsAt(uint32_t index, uint32_t call) {
  const State& state = states_[index];
  if (sites_.nodes()[from_].kind != OrderNode::Kind::Lock)
    return bit(Hold::Exclusive);
  if (index >= walked_.size())
    walked_.resize(states_.size());
  auto& walked = walked_[index];
  if (!walked) {
    walked.emplace();
    bool touches = false;
    for (const LockEffects::Touched& lock : effects_.touchedBy(state.function)) {
      if (sites_.nodeOf(state.function, lock.path, lock.lock.name) != from_)
        continue;
      llvm::DenseMap<uint32_t, Holds> holds;
      for (const Body& body : bodies_.of(state.function)) {
        HoldsWalk walk(program_, guards_, effects_, body, lock.path);
        walk.run(state.hold, state.context, state.assumptions, /*follows_flags=*/true);
        for (const auto& [at, how] : walk.holds)
          holds[at] |= how;
      }
      if (!std::exchange(touches, true)) {
        *walked = std::move(holds);
        continue;
      }
      // Of two of one class, either may be the one that is held.
      for (auto& [at, how] : *walked)
        how = holds.contains(at) ? how | holds[at] : Holds{0};
    }
    if (!touches)
      for (const Call& each : program_.callsOf(state.function))
        (*walked)[static_cast<uint32_t>(program_.indexOf(each))] = bit(state.hold);
  }
  return walked->lookup(call);
}

void OrderSearch::visitCall(uint32_t index, uint32_t call, Holds holds, EdgeKind most) {
  if (!guards_.isFeasible(call, states_[index].context, states_[index].assumptions))
    return;
  const uint32_t choices = states_[index].choices * followed_.choicesAt(call);
  if (choices == 0 || choices > kMostChoices)
    return;
  for (const OrderSite& site : sites_.of(states_[index].function))
    if (site.call == call && site.edge <= most)
      found(index, site, holds);
  followed_.forEachTarget(call, [&](Target target) {
    if (target.kind <= most)
      add(index, call, holds, target, choices);
  });
}

void OrderSearch::add(uint32_t from, uint32_t call, Holds holds, Target target, uint32_t choices) {
  const llvm::ArrayRef<uint64_t> reached = reach_.of(target.function);
  bool leads = false;
  for (size_t word = 0; word < wanted_.size(); ++word)
    leads |= (reached[word] & wanted_[word]) != 0;
  const State& caller = states_[from];
  const Labels labels = program_.function(target.function).labels;
  const bool is_elsewhere =
      !(labels & program::kMixedFn) &&
      ((caller.context == program::kInside && (labels & program::kNoCoroutineFn)) ||
       (caller.context == program::kOutside && (labels & program::kCoroutineFn)));
  if (!leads || is_elsewhere || !seen_.insert({target.function, caller.context}).second)
    return;
  State state;
  state.function = target.function;
  state.context = caller.context;
  state.assumptions = guards_.assumptionsAt(call, caller.assumptions);
  state.hold = weakest(holds);
  state.root = caller.root;
  state.from = from;
  state.step = {call, target.function, target.kind};
  state.choices = choices;
  states_.push_back(std::move(state));
}

void OrderSearch::found(uint32_t index, const OrderSite& site, Holds holds) {
  if (!(wanted_[site.node / 64] >> (site.node % 64) & 1) || site.node == from_)
    return;
  auto [known, is_new] = edges_.try_emplace(site.node);
  OrderEdge& edge = known->second;
  // A place that waits for readers, too, says more than one that only reads.
  if (!is_new && (!edge.takes_shared || site.is_shared))
    return;
  edge = {};
  edge.from = from_;
  edge.to = site.node;
  edge.holds_shared = !(holds & kAnyExclusive);
  edge.takes_shared = site.is_shared;
  edge.way.push_back({site.call, site.target, site.edge});
  uint32_t at = index;
  for (; states_[at].from; at = *states_[at].from)
    edge.way.push_back(states_[at].step);
  std::reverse(edge.way.begin(), edge.way.end());
  edge.function = states_[at].function;
  edge.entry = roots_[states_[at].root].entry;
}

} // namespace lockvet::locks
