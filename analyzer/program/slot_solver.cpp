// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/slot_solver.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace lockvet::program {

using store::Id;

void SlotSolver::addSlot(const store::SlotRow& slot) {
  Node& node = nodes_[slot.id];
  node.kind = slot.kind;
  node.index = slot.index;
  switch (slot.kind) {
  case facts::SlotKind::Parameter:
    parameters_[parameterKey(slot.function, slot.index)] = slot.id;
    break;
  case facts::SlotKind::Return:
    returns_[slot.function] = slot.id;
    break;
  case facts::SlotKind::SlotParameter:
  case facts::SlotKind::SlotReturn:
    nodes_[slot.slot].dependents.push_back(slot.id);
    break;
  case facts::SlotKind::Field:
  case facts::SlotKind::Global:
  case facts::SlotKind::Local:
    break;
  }
}

void SlotSolver::addFunction(Id function, Id slot) {
  push(slot, function);
}

void SlotSolver::addInclusion(Id from_slot, Id to_slot) {
  if (from_slot == to_slot || llvm::is_contained(nodes_[from_slot].included_in, to_slot))
    return;
  nodes_[from_slot].included_in.push_back(to_slot);
  push(to_slot, nodes_[from_slot].functions);
}

void SlotSolver::push(Id slot, llvm::ArrayRef<Id> functions) {
  if (functions.empty())
    return;
  Node& node = nodes_[slot];
  node.pending.insert(node.pending.end(), functions.begin(), functions.end());
  if (!node.is_queued) {
    node.is_queued = true;
    queue_.push_back(slot);
  }
}

/// `dependent` is a parameter or the return of a slot that `function` is now known to be in.
void SlotSolver::tie(Id dependent, Id function) {
  const Node& node = nodes_[dependent];
  if (node.kind == facts::SlotKind::SlotParameter) {
    auto found = parameters_.find(parameterKey(function, node.index));
    if (found != parameters_.end())
      addInclusion(dependent, found->second);
  } else if (auto found = returns_.find(function); found != returns_.end()) {
    addInclusion(found->second, dependent);
  }
}

std::vector<store::SlotTarget> SlotSolver::solve() {
  while (!queue_.empty()) {
    const Id slot = queue_.back();
    queue_.pop_back();
    Node& node = nodes_[slot];
    node.is_queued = false;
    std::vector<Id> pending = std::move(node.pending);
    node.pending.clear();
    llvm::sort(pending);
    pending.erase(std::unique(pending.begin(), pending.end()), pending.end());
    std::vector<Id> fresh;
    std::set_difference(pending.begin(), pending.end(), node.functions.begin(),
                        node.functions.end(), std::back_inserter(fresh));
    if (fresh.empty())
      continue;
    std::vector<Id> merged;
    merged.reserve(node.functions.size() + fresh.size());
    std::merge(node.functions.begin(), node.functions.end(), fresh.begin(), fresh.end(),
               std::back_inserter(merged));
    node.functions = std::move(merged);
    for (Id target : node.included_in)
      push(target, fresh);
    for (size_t index = 0; index < nodes_[slot].dependents.size(); ++index)
      for (Id function : fresh)
        tie(nodes_[slot].dependents[index], function);
  }
  std::vector<store::SlotTarget> targets;
  for (Id slot = 1; slot < nodes_.size(); ++slot)
    for (Id function : nodes_[slot].functions)
      targets.push_back({slot, function});
  return targets;
}

} // namespace lockvet::program
