// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/order_search.h"

#include "analyzer/locks/order_components.h"
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
    if (target.function != kNoId && !(program_.function(target.function).labels & kEnds) &&
        !operations_.isPrimitive(target.function))
      visit(target);
  });
}

// --- bodies
// ---------------------------------------------------------------------------------------

const OrderBodies::HoldsAtCalls* OrderBodies::holdsIn(Id function, uint32_t node, Hold hold,
                                                      Context context) {
  auto [found, is_new] = holds_.try_emplace(std::tuple(function, node, hold, context));
  if (is_new)
    found->second = walk(function, node, hold, context);
  return found->second.get();
}

std::unique_ptr<OrderBodies::HoldsAtCalls> OrderBodies::walk(Id function, uint32_t node, Hold hold,
                                                             Context context) const {
  std::unique_ptr<HoldsAtCalls> all;
  for (const LockEffects::Touched& lock : effects_.touchedBy(function)) {
    if (sites_.nodeOf(function, lock.path, lock.lock.name) != node)
      continue;
    HoldsAtCalls holds;
    auto walkAll = [&](bool follows_flags) {
      holds.clear();
      for (const Body& body : bodies_.of(function)) {
        HoldsWalk walk(program_, guards_, effects_, body, lock.path, lock.lock.name);
        walk.run(hold, context, withObject({}, paths_.text(lock.path)), follows_flags);
        for (const auto& [call, how] : walk.holds)
          holds[call] |= how;
      }
    };
    walkAll(/*follows_flags=*/false);
    // Only where it is held on some ways and not on others can flags tell more.
    if (llvm::any_of(
            holds, [](const auto& at) { return (at.second & kUnheld) && (at.second & kAnyHeld); }))
      walkAll(/*follows_flags=*/true);
    if (!all) {
      all = std::make_unique<HoldsAtCalls>(std::move(holds));
      continue;
    }
    // Of two of one class, either may be the one that is held.
    for (auto& [call, how] : *all)
      how = holds.contains(call) ? how | holds[call] : Holds{0};
  }
  return all;
}

bool OrderBodies::touches(Id function, uint32_t node) const {
  return llvm::any_of(effects_.touchedBy(function), [&](const LockEffects::Touched& lock) {
    return sites_.nodeOf(function, lock.path, lock.lock.name) == node;
  });
}

/// Is it in a block from which no way leads to the end of the function? There something is told,
/// and the program ends.
bool OrderBodies::isLast(uint32_t position) {
  const Id function = program_.calls()[position].caller;
  auto [found, is_new] = last_calls_.try_emplace(function);
  if (!is_new)
    return found->second.contains(position);
  for (const Body& body : bodies_.of(function)) {
    const llvm::ArrayRef<program::Block> blocks = body.blocks;
    std::vector<bool> ends(blocks.size());
    if (body.exit < blocks.size())
      ends[body.exit] = true;
    for (bool changes = true; changes;) {
      changes = false;
      for (size_t index = 0; index < blocks.size(); ++index) {
        const bool leads = !blocks[index].is_noreturn &&
                           llvm::any_of(blocks[index].successors, [&](uint32_t successor) {
                             return successor < blocks.size() && ends[successor];
                           });
        if (leads && !ends[index])
          changes = ends[index] = true;
      }
    }
    // One that nothing leads out of at all, such as a thread's loop, is no end.
    if (!ends[body.entry])
      continue;
    for (size_t index = 0; index < blocks.size(); ++index) {
      if (ends[index])
        continue;
      for (const program::Event& event : blocks[index].events)
        if (event.kind == facts::EventKind::Call && event.call != facts::kNone)
          found->second.insert(body.positionOf(event.call));
    }
  }
  return found->second.contains(position);
}

// --- the search
// -----------------------------------------------------------------------------------

OrderReach::OrderReach(const program::Program& program, const FollowedCalls& followed,
                       const program::Callers& callers, const OrderSites& sites,
                       const OrderComponents& components)
    : bit_of_(sites.nodes().size(), kNone), row_of_(program.functions().size(), kNone) {
  uint32_t bits = 0;
  for (uint32_t node = 0; node < bit_of_.size(); ++node)
    if (!components.of(node).empty())
      bit_of_[node] = bits++;
  words_ = bits / 64 + 1;
  auto rowOf = [&](Id function) {
    if (row_of_[function] == kNone) {
      row_of_[function] = static_cast<uint32_t>(bits_.size() / words_);
      bits_.resize(bits_.size() + words_);
    }
    return row_of_[function] * words_;
  };
  llvm::SetVector<Id> work;
  for (const auto& [function, list] : sites.all())
    for (const OrderSite& site : list)
      if (const uint32_t bit = bit_of_[site.node]; bit != kNone) {
        bits_[rowOf(function) + (bit / 64)] |= uint64_t{1} << (bit % 64);
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
      const size_t to = rowOf(caller);
      const size_t from = rowOf(callee);
      bool changes = false;
      for (size_t word = 0; word < words_; ++word) {
        const uint64_t more = bits_[from + word];
        changes |= (more & ~bits_[to + word]) != 0;
        bits_[to + word] |= more;
      }
      if (changes)
        work.insert(caller);
    }
  }
}

OrderReach::Nodes OrderReach::setOf(llvm::ArrayRef<uint32_t> nodes) const {
  Nodes set(words_);
  for (uint32_t node : nodes)
    set[bit_of_[node] / 64] |= uint64_t{1} << (bit_of_[node] % 64);
  return set;
}

bool OrderReach::leadsTo(Id function, const Nodes& nodes) const {
  if (row_of_[function] == kNone)
    return false;
  bool leads = false;
  for (size_t word = 0; word < words_; ++word)
    leads |= (bits_[(row_of_[function] * words_) + word] & nodes[word]) != 0;
  return leads;
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
  result.reserve(edges_.size());
  for (auto& [node, edge] : edges_)
    result.push_back(std::move(edge));
  return result;
}

void OrderSearch::visit(uint32_t index, EdgeKind most) {
  const State state = states_[index]; // visiting calls adds states
  if (!state.from) {
    for (const auto& [call, holds] : roots_[state.root].calls)
      visitCall(index, call, holds, most);
    return;
  }
  const OrderBodies::HoldsAtCalls* holds_at =
      sites_.nodes()[from_].kind == OrderNode::Kind::Lock
          ? bodies_.holdsIn(state.function, from_, state.hold, state.context)
          : nullptr;
  for (const Call& call : program_.callsOf(state.function)) {
    const auto position = static_cast<uint32_t>(program_.indexOf(call));
    const Holds holds = holds_at ? holds_at->lookup(position) : bit(state.hold);
    // Given back on some way, it may well be so on this one.
    if (holds != 0 && !(holds & kUnheld))
      visitCall(index, position, holds, most);
  }
}

void OrderSearch::visitCall(uint32_t index, uint32_t call, Holds holds, EdgeKind most) {
  if (!guards_.isFeasible(call, states_[index].context, states_[index].assumptions))
    return;
  const uint32_t choices = states_[index].choices * followed_.choicesAt(call);
  if (choices == 0 || choices > kMostChoices || bodies_.isLast(call))
    return;
  for (const OrderSite& site : sites_.of(states_[index].function))
    if (site.call == call && site.edge <= most)
      found(index, site, holds, choices);
  followed_.forEachTarget(call, [&](Target target) {
    if (target.kind <= most)
      add(index, call, holds, target, choices);
  });
}

void OrderSearch::add(uint32_t from, uint32_t call, Holds holds, Target target, uint32_t choices) {
  const State& caller = states_[from];
  const Labels labels = program_.function(target.function).labels;
  const bool is_elsewhere =
      !(labels & program::kMixedFn) &&
      ((caller.context == program::kInside && (labels & program::kNoCoroutineFn)) ||
       (caller.context == program::kOutside && (labels & program::kCoroutineFn)));
  if (!reach_.leadsTo(target.function, wanted_) || is_elsewhere ||
      !seen_.insert({target.function, caller.context}).second)
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

void OrderSearch::found(uint32_t index, const OrderSite& site, Holds holds, uint32_t choices) {
  if (!reach_.has(wanted_, site.node) || site.released == from_)
    return;
  // The same lock once more is a matter of its own; and one that only reads nests at will.
  if (site.node == from_ &&
      (site.is_shared || taken_again_.contains(site.call) ||
       (!states_[index].from && roots_[states_[index].root].path == site.path)))
    return;
  // A wait that is known by what the configuration says of it gives back itself what it must.
  if (site.node != from_ && bodies_.touches(site.target, from_))
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
  edge.choices = choices;
  edge.way.push_back({site.call, site.target, site.edge});
  uint32_t at = index;
  for (; states_[at].from; at = *states_[at].from)
    edge.way.push_back(states_[at].step);
  std::reverse(edge.way.begin(), edge.way.end());
  edge.function = states_[at].function;
  edge.entry = roots_[states_[at].root].entry;
}

} // namespace lockvet::locks
