// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/linker.h"

#include "analyzer/program/slot_solver.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

namespace lockvet::program {

using store::Id;

namespace {

llvm::Expected<std::vector<store::SlotTarget>> resolveSlots(store::Reader& reader) {
  llvm::Expected<store::Extent> extent = reader.extent();
  if (!extent)
    return extent.takeError();
  SlotSolver solver(extent->slots);
  if (llvm::Error error =
          reader.forEachSlot([&](const store::SlotRow& slot) { solver.addSlot(slot); }))
    return std::move(error);
  llvm::Error error = reader.forEachFlow([&](const store::FlowRow& flow) {
    if (flow.to_slot == store::kNoId)
      return;
    if (flow.from_function != store::kNoId)
      solver.addFunction(flow.from_function, flow.to_slot);
    else if (flow.from_slot != store::kNoId)
      solver.addInclusion(flow.from_slot, flow.to_slot);
  });
  if (error)
    return std::move(error);
  return solver.solve();
}

llvm::Expected<std::vector<store::VirtualTarget>> resolveVirtual(store::Reader& reader) {
  llvm::DenseMap<Id, llvm::SmallVector<Id, 2>> overriders;
  if (llvm::Error error = reader.forEachOverride(
          [&](const store::OverrideRow& row) { overriders[row.base].push_back(row.method); }))
    return std::move(error);
  std::vector<store::VirtualTarget> targets;
  if (overriders.empty())
    return targets;
  llvm::DenseSet<Id> pure;
  if (llvm::Error error = reader.forEachFunction([&](const store::FunctionRow& row) {
        if (row.is_pure)
          pure.insert(row.id);
      }))
    return std::move(error);
  for (const auto& [method, direct] : overriders) {
    llvm::SmallSetVector<Id, 8> all;
    all.insert(method);
    for (size_t index = 0; index < all.size(); ++index)
      if (auto found = overriders.find(all[index]); found != overriders.end())
        all.insert(found->second.begin(), found->second.end());
    for (Id target : all)
      if (!pure.contains(target))
        targets.push_back({method, target});
  }
  return targets;
}

} // namespace

llvm::Error link(store::Store& store) {
  llvm::Expected<bool> is_linked = store.isLinked();
  if (!is_linked)
    return is_linked.takeError();
  if (*is_linked)
    return llvm::Error::success();
  llvm::Expected<std::vector<store::SlotTarget>> slots = resolveSlots(store.reader());
  if (!slots)
    return slots.takeError();
  if (auto change = store.writeSlotTargets(std::move(*slots)); !change)
    return change.takeError();
  llvm::Expected<std::vector<store::VirtualTarget>> methods = resolveVirtual(store.reader());
  if (!methods)
    return methods.takeError();
  if (auto change = store.writeVirtualTargets(std::move(*methods)); !change)
    return change.takeError();
  return store.setLinked();
}

} // namespace lockvet::program
