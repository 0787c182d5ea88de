// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/gate_locks.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"

#include <map>

namespace lockvet::locks {

using program::Call;
using program::Target;

namespace {

void set(std::vector<uint64_t>& bits, size_t bit) {
  bits[bit / 64] |= uint64_t{1} << (bit % 64);
}

void clear(std::vector<uint64_t>& bits, size_t bit) {
  bits[bit / 64] &= ~(uint64_t{1} << (bit % 64));
}

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
                     const HeldLocks& held, const OrderSites& sites)
    : program_(program), nodes_(sites.nodes().size()), words_(nodes_ / 64 + 1) {
  collectHolds(held, sites);
  solve(callers);
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

void GateLocks::addAt(uint32_t position, std::vector<uint64_t>& bits) const {
  const Id caller = program_.calls()[position].caller;
  const Words entry = atEntry(caller);
  bits.assign(entry.begin(), entry.end());
  // What it has given back or taken before the call is as it made it.
  if (auto found = changed_at_.find(position); found != changed_at_.end())
    for (uint32_t node : found->second)
      clear(bits, node);
  if (auto found = held_at_.find(position); found != held_at_.end())
    for (uint32_t node : found->second)
      set(bits, node);
  if (program_.function(caller).labels & program::kMainLoop)
    set(bits, nodes_);
}

/// The greatest solution: a function is entered with what all its callers hold.
void GateLocks::solve(const program::Callers& callers) {
  const size_t functions = program_.functions().size();
  entry_.assign(functions * words_, ~uint64_t{0});
  llvm::SetVector<Id> work;
  for (Id function = 1; function < functions; ++function)
    if (callers.of(function).empty()) {
      std::fill_n(entry_.begin() + static_cast<ptrdiff_t>(function * words_), words_, 0);
      work.insert(function);
    }
  // What goes to a function without a body, such as one that starts threads, is called by it.
  for (const program::Flow& flow : program_.flows()) {
    if (flow.to_slot == kNoId || flow.from_function == kNoId)
      continue;
    const program::Slot& slot = program_.slot(flow.to_slot);
    if (slot.kind == facts::SlotKind::Parameter && slot.function != kNoId &&
        !program_.function(slot.function).is_defined) {
      std::fill_n(entry_.begin() + static_cast<ptrdiff_t>(flow.from_function * words_), words_, 0);
      work.insert(flow.from_function);
    }
  }
  std::vector<uint64_t> bits;
  while (!work.empty()) {
    const Id caller = work.pop_back_val();
    for (const Call& call : program_.callsOf(caller)) {
      addAt(static_cast<uint32_t>(program_.indexOf(call)), bits);
      program_.forEachTarget(call, [&](Target target) {
        if (target.function == kNoId)
          return;
        bool changes = false;
        for (size_t word = 0; word < words_; ++word) {
          uint64_t& known = entry_[target.function * words_ + word];
          changes |= (known & ~bits[word]) != 0;
          known &= bits[word];
        }
        if (changes)
          work.insert(target.function);
      });
    }
  }
}

Gates GateLocks::at(uint32_t call) const {
  std::vector<uint64_t> bits;
  addAt(call, bits);
  Gates gates;
  for (uint32_t node = 0; node < nodes_; ++node)
    if (bits[node / 64] >> (node % 64) & 1)
      gates.push_back(node);
  if (bits[nodes_ / 64] >> (nodes_ % 64) & 1)
    gates.push_back(kMainLoopGate);
  return gates;
}

} // namespace lockvet::locks
