// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/gate_locks.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <optional>

namespace lockvet::locks {

using program::Call;
using program::Target;

namespace {

void add(llvm::SmallVectorImpl<uint32_t>& nodes, uint32_t node) {
  if (!llvm::is_contained(nodes, node))
    nodes.push_back(node);
}

} // namespace

void forEachHold(const program::Program& program, const HeldLocks& held, const OrderSites& sites,
                 llvm::function_ref<void(uint32_t, uint32_t, uint32_t, Holds)> visit) {
  for (uint32_t index = 0; index < held.entries().size(); ++index) {
    const HeldEntry& entry = held.entries()[index];
    if (entry.origin == HeldEntry::Origin::Handed)
      continue;
    const std::optional<uint32_t> node = sites.nodeOf(entry.function, entry.path, entry.lock.name);
    if (!node)
      continue;
    const HeldLocks::HoldsAtCalls* holds_at = held.holdsAt(index);
    for (const Call& call : program.callsOf(entry.function)) {
      const auto position = static_cast<uint32_t>(program.indexOf(call));
      const Holds holds = holds_at ? holds_at->lookup(position) : bit(entry.hold);
      if (holds != 0)
        visit(index, *node, position, holds);
    }
  }
}

GateLocks::GateLocks(const program::Program& program, const program::Callers& callers,
                     const HeldLocks& held, const OrderSites& sites,
                     llvm::ArrayRef<uint32_t> callee_order)
    : program_(program), nodes_(static_cast<uint32_t>(sites.nodes().size())) {
  collectHolds(held, sites);
  solve(callers, callee_order);
}

void GateLocks::collectHolds(const HeldLocks& held, const OrderSites& sites) {
  std::map<std::tuple<uint32_t, uint32_t, PathId>, Holds> found;
  forEachHold(program_, held, sites,
              [&](uint32_t entry, uint32_t node, uint32_t call, Holds holds) {
                found[{call, node, held.entries()[entry].path}] |= holds;
              });
  for (const auto& [key, holds] : found) {
    const auto& [call, node, path] = key;
    // Of two locks of one class, one suffices.
    if (!(holds & kUnheld))
      add(held_at_[call], node);
    if (holds != bit(Hold::Unknown))
      add(changed_at_[call], node);
  }
}

bool GateLocks::narrow(Id function, const Gates& gates) {
  const Gates*& known = entry_[function];
  if (!known) {
    known = &*sets_.insert(gates).first;
    return true;
  }
  if (std::includes(gates.begin(), gates.end(), known->begin(), known->end()))
    return false;
  Gates both;
  std::set_intersection(known->begin(), known->end(), gates.begin(), gates.end(),
                        std::back_inserter(both));
  known = &*sets_.insert(std::move(both)).first;
  return true;
}

/// The greatest solution: a function is entered with what all its callers hold.
void GateLocks::solve(const program::Callers& callers, llvm::ArrayRef<uint32_t> callee_order) {
  entry_.assign(program_.functions().size(), nullptr);
  // Callers first, so that most functions are looked at once or twice.
  std::set<std::pair<uint32_t, Id>, std::greater<>> work;
  auto enter = [&](Id function, const Gates& gates) {
    if (narrow(function, gates))
      work.insert({callee_order[function], function});
  };
  for (Id function = 1; function < program_.functions().size(); ++function)
    if (callers.of(function).empty())
      enter(function, {});
  // What goes to a function without a body, such as one that starts threads, is called by it.
  for (const program::Flow& flow : program_.flows()) {
    if (flow.to_slot == kNoId || flow.from_function == kNoId)
      continue;
    const program::Slot& slot = program_.slot(flow.to_slot);
    if (slot.kind == facts::SlotKind::Parameter && slot.function != kNoId &&
        !program_.function(slot.function).is_defined) {
      enter(flow.from_function, {});
    }
  }
  while (!work.empty()) {
    const Id caller = work.begin()->second;
    work.erase(work.begin());
    for (const Call& call : program_.callsOf(caller)) {
      std::optional<Gates> gates; // not asked for where less can't be held
      program_.forEachTarget(call, [&](Target target) {
        if (target.function == kNoId ||
            (entry_[target.function] && entry_[target.function]->empty()))
          return;
        if (!gates)
          gates = at(static_cast<uint32_t>(program_.indexOf(call)));
        enter(target.function, *gates);
      });
    }
  }
}

Gates GateLocks::at(uint32_t position) const {
  const Id caller = program_.calls()[position].caller;
  Gates gates;
  if (entry_[caller]) {
    gates = *entry_[caller];
  } else {
    gates.resize(nodes_);
    std::iota(gates.begin(), gates.end(), 0);
    gates.push_back(kMainLoopGate);
  }
  // What it has given back or taken before the call is as it made it.
  if (auto found = changed_at_.find(position); found != changed_at_.end())
    llvm::erase_if(gates, [&](uint32_t gate) { return llvm::is_contained(found->second, gate); });
  auto addGate = [&](uint32_t gate) {
    auto place = llvm::lower_bound(gates, gate);
    if (place == gates.end() || *place != gate)
      gates.insert(place, gate);
  };
  if (auto found = held_at_.find(position); found != held_at_.end())
    for (uint32_t node : found->second)
      addGate(node);
  if (program_.function(caller).labels & program::kMainLoop)
    addGate(kMainLoopGate);
  return gates;
}

} // namespace lockvet::locks
