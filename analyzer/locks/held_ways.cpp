// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The ways by which holds come to what happens under them, backwards from an event.

#include "analyzer/locks/held_locks.h"
#include "llvm/ADT/STLExtras.h"

namespace lockvet::locks {

using program::Call;
using program::EdgeKind;

namespace {

/// What must be so of the parameters of a call's caller, if it is to hand over what is needed of
/// those of its callee; no value if it can't be.
std::optional<program::Assumptions> neededBefore(const program::ContextGuards& guards,
                                                 uint32_t call,
                                                 const program::Assumptions& needed) {
  program::Assumptions before(guards.conditions(call));
  for (const program::KnownArgument& argument : guards.arguments(call))
    for (const program::ParameterCondition& condition : needed) {
      if (condition.index != argument.index)
        continue;
      if (argument.parameter)
        before.push_back({*argument.parameter, condition.value});
      else if (argument.value != condition.value)
        return std::nullopt;
    }
  for (const program::ParameterCondition& one : before)
    for (const program::ParameterCondition& other : before)
      if (one.index == other.index && one.value != other.value)
        return std::nullopt;
  return before;
}

} // namespace

std::vector<HeldLocks::Way> HeldLocks::waysTo(const LockEvent& event) const {
  std::vector<Way> ways;
  for (EdgeKind most : {EdgeKind::Implicit, EdgeKind::Virtual, EdgeKind::Flow})
    if (event.edge <= most)
      findWays(event, most, ways);
  return ways;
}

/// Backwards from the event over edges that are at least so sure, breadth first, so that the first
/// way to a call of a root is its shortest.
void HeldLocks::findWays(const LockEvent& event, EdgeKind most, std::vector<Way>& ways) const {
  struct Node {
    uint32_t entry = 0;
    uint32_t behind = 0;       ///< index of the node after it on the way to the event
    Incoming edge;             ///< the call out of the entry
    Hold hold = Hold::Unknown; ///< at that call
    uint32_t choices = 1;
    program::Assumptions needed; ///< of the entry's parameters, for the way from here to happen
  };
  std::vector<Node> nodes;
  llvm::DenseSet<uint32_t> seen;
  const Call& last = program_.calls()[event.call];
  nodes.push_back({event.entry,
                   0,
                   {event.entry, event.call, event.edge},
                   weakest(event.holds),
                   last.slot == kNoId ? 1 : spread_.targetsOf(last),
                   program::Assumptions(guards_.conditions(event.call))});
  for (uint32_t next = 0; next < nodes.size(); ++next) {
    const Node node = nodes[next];
    const HeldEntry& entry = entries_[node.entry];
    // Who takes the lock, or gives it back, is to mend it, however it is entered.
    if (entry.origin != HeldEntry::Origin::Handed || isHeld(entry.hold) != isHeld(node.hold)) {
      const bool is_known = llvm::any_of(ways, [&](const Way& way) {
        return way.calls.front() == node.edge.call && entries_[way.root].path == entry.path;
      });
      if (is_known)
        continue;
      Way way;
      way.root = node.entry;
      way.hold = node.hold;
      for (uint32_t at = next;; at = nodes[at].behind) {
        way.calls.push_back(nodes[at].edge.call);
        way.edges.push_back(nodes[at].edge.edge);
        way.targets.push_back(at == 0 ? event.target
                                      : entries_[nodes[nodes[at].behind].entry].function);
        if (at == 0)
          break;
      }
      ways.push_back(std::move(way));
      continue;
    }
    for (const Incoming& incoming : incoming_[node.entry]) {
      const HeldEntry& caller = entries_[incoming.from];
      const bool is_root =
          caller.origin != HeldEntry::Origin::Handed || isHeld(caller.hold) != isHeld(entry.hold);
      const Call& call = program_.calls()[incoming.call];
      const uint32_t choices =
          node.choices * (incoming.edge == EdgeKind::Flow || incoming.edge == EdgeKind::Virtual
                              ? spread_.targetsOf(call)
                              : 1);
      if (incoming.edge > most || choices > mostChoices(entry.lock.type))
        continue;
      // Ways that assume more share an entry with one that assumes less.
      std::optional<program::Assumptions> needed =
          neededBefore(guards_, incoming.call, node.needed);
      if (!needed || (!is_root && !seen.insert(incoming.from).second))
        continue;
      nodes.push_back({incoming.from, next, incoming, entry.hold, choices, std::move(*needed)});
    }
  }
}

std::optional<uint32_t> HeldLocks::changedAt(uint32_t index, uint32_t before_call,
                                             bool is_held) const {
  const HeldEntry& entry = entries_[index];
  const Call& before = program_.calls()[before_call];
  std::optional<uint32_t> best;
  for (const Call& call : program_.callsOf(entry.function)) {
    const auto position = static_cast<uint32_t>(program_.indexOf(call));
    const bool does_it = llvm::any_of(effects_.at(position), [&](const LockEffect& effect) {
      bool leads = false;
      forEachOutcome(effect.effect.at(Hold::Unknown), [&](Hold hold, program::FlagValue) {
        leads |= is_held ? isHeld(hold) : hold == Hold::Free;
      });
      return effect.path == entry.path && leads;
    });
    if (!does_it || call.fragment != before.fragment)
      continue;
    const bool is_before = call.place.file != before.place.file ||
                           std::pair(call.place.line, call.place.column) <
                               std::pair(before.place.line, before.place.column);
    if (is_before || !best)
      best = position;
  }
  return best;
}

} // namespace lockvet::locks
