// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/callback_flows.h"

namespace lockvet::locks {

using program::Call;
using program::Id;
using program::kNoId;
using program::Slot;

namespace {

/// The key of a slot whose functions have a parameter that is a slot, too: what stands before the
/// parameter's index.
llvm::StringRef keyOfParent(const Slot& parameter) {
  return parameter.key.rsplit("@param@").first;
}

} // namespace

CallbackFlows::CallbackFlows(const program::Program& program, const Bodies& bodies)
    : program_(program), bodies_(bodies) {
  llvm::DenseMap<llvm::StringRef, Id> by_key;
  for (Id slot = 1; slot < program.slots().size(); ++slot) {
    by_key[program.slot(slot).key] = slot;
    if (program.slot(slot).kind == facts::SlotKind::Parameter)
      parameters_.insert({program.slot(slot).function, program.slot(slot).index});
  }
  for (const program::Flow& flow : program.flows()) {
    if (flow.form != facts::FlowForm::Argument || flow.from_slot == kNoId)
      continue;
    const Slot& from = program.slot(flow.from_slot);
    const Slot& to = program.slot(flow.to_slot);
    if (from.kind != facts::SlotKind::Parameter)
      continue;
    if (to.kind == facts::SlotKind::Parameter)
      to_function_[{from.function, to.function}].push_back({from.index, to.index});
    else if (to.kind == facts::SlotKind::SlotParameter)
      if (const Id parent = by_key.lookup(keyOfParent(to)); parent != kNoId)
        to_slot_[{from.function, parent}].push_back({from.index, to.index});
  }
}

Callbacks CallbackFlows::at(uint32_t position, llvm::ArrayRef<Bodies::Callback> known,
                            Id callee) const {
  Callbacks callbacks;
  for (const Bodies::Callback& handed : bodies_.callbacksOf(position))
    if (parameters_.contains({callee, handed.index}))
      callbacks.push_back(handed);
  if (known.empty())
    return callbacks;
  const Call& call = program_.calls()[position];
  const auto& flows = call.slot != kNoId ? to_slot_ : to_function_;
  const auto found = flows.find({call.caller, call.slot != kNoId ? call.slot : callee});
  if (found == flows.end())
    return callbacks;
  for (const HandedOn& handed : found->second) {
    const bool is_constant = llvm::any_of(
        callbacks, [&](const Bodies::Callback& other) { return other.index == handed.to; });
    for (const Bodies::Callback& one : known)
      if (one.index == handed.from && !is_constant && parameters_.contains({callee, handed.to}))
        callbacks.push_back({handed.to, one.function});
  }
  return callbacks;
}

Id CallbackFlows::target(const Call& call, llvm::ArrayRef<Bodies::Callback> known) const {
  if (call.slot == kNoId)
    return kNoId;
  const Slot& slot = program_.slot(call.slot);
  if (slot.kind != facts::SlotKind::Parameter || slot.function != call.caller)
    return kNoId;
  for (const Bodies::Callback& one : known)
    if (one.index == slot.index)
      return one.function;
  return kNoId;
}

} // namespace lockvet::locks
