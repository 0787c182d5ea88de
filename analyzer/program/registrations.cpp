// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/registrations.h"

#include "analyzer/program/program.h"

namespace lockvet::program {

Registrations::Registrations(const Program& program, const config::Config& config,
                             llvm::function_ref<llvm::StringRef(llvm::StringRef)> save) {
  if (config.registrars.empty())
    return;
  llvm::DenseMap<std::pair<Id, uint32_t>, const config::Registrar*> registrars;
  for (const config::Registrar& registrar : config.registrars)
    for (Id function : program.named(registrar.function)) {
      registrars[{function, registrar.argument}] = &registrar;
      if (registrar.waits)
        awaited_arguments_[{function, registrar.argument}] = registrar.context;
    }
  llvm::BitVector ends(static_cast<unsigned>(program.slots().size()));
  for (Id id = 1; id < program.slots().size(); ++id) {
    const Slot& slot = program.slot(id);
    if (slot.kind != facts::SlotKind::Parameter || slot.function == kNoId)
      continue;
    const config::Registrar* registrar = registrars.lookup({slot.function, slot.index});
    if (!registrar)
      continue;
    contexts_[id] = registrar->context;
    if (registrar->waits)
      awaited_.insert(id);
    if (registrar->context != config::Registrar::Context::Unknown)
      ends.set(id);
    for (const store::SlotTarget& target : program.slotTargets(id))
      all_.push_back({target.function, id, registrar->context, save(registrar->label)});
  }
  const llvm::BitVector registering = findRegisteringSlots(program, ends);
  is_only_registered_.resize(static_cast<unsigned>(program.functions().size()));
  for (const Flow& flow : program.flows())
    if (flow.from_function != kNoId && flow.to_slot != kNoId && registering[flow.to_slot])
      is_only_registered_.set(flow.from_function);
  for (const Flow& flow : program.flows())
    if (flow.from_function != kNoId && (flow.to_slot == kNoId || !registering[flow.to_slot]))
      is_only_registered_.reset(flow.from_function);
}

/// The slots whose functions all go on to `ends`: nobody calls through them, and what they hold
/// goes nowhere else.
llvm::BitVector Registrations::findRegisteringSlots(const Program& program,
                                                    const llvm::BitVector& ends) const {
  llvm::BitVector registering(ends.size());
  std::vector<llvm::SmallVector<Id, 1>> sources(ends.size());
  for (const Flow& flow : program.flows())
    if (flow.from_slot != kNoId) {
      registering.set(flow.from_slot);
      if (flow.to_slot != kNoId)
        sources[flow.to_slot].push_back(flow.from_slot);
    }
  for (const Call& call : program.calls())
    if (call.slot != kNoId)
      registering.reset(call.slot);
  for (const Flow& flow : program.flows())
    if (flow.from_slot != kNoId && flow.to_slot == kNoId)
      registering.reset(flow.from_slot);
  registering |= ends;
  llvm::SmallVector<Id> others;
  for (Id slot = 1; slot < ends.size(); ++slot)
    if (!registering[slot])
      others.push_back(slot);
  while (!others.empty())
    for (Id source : sources[others.pop_back_val()])
      if (registering[source] && !ends[source]) {
        registering.reset(source);
        others.push_back(source);
      }
  return registering;
}

} // namespace lockvet::program
