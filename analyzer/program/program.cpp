// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/program.h"

namespace lockvet::program {

namespace {

/// The part of `rows` between two entries of an offset table.
template <typename Row>
llvm::ArrayRef<Row> range(const std::vector<Row>& rows, const std::vector<uint32_t>& first, Id id) {
  if (size_t{id} + 1 >= first.size())
    return {};
  return llvm::ArrayRef<Row>(rows).slice(first[id], first[id + 1] - first[id]);
}

} // namespace

llvm::ArrayRef<Call> Program::callsOf(Id caller) const {
  return range(calls_, first_call_, caller);
}

llvm::ArrayRef<store::SlotTarget> Program::slotTargets(Id slot) const {
  return range(slot_targets_, first_slot_target_, slot);
}

llvm::ArrayRef<uint32_t> Program::exactCallsTo(Id callee) const {
  return range(exact_callers_, first_exact_caller_, callee);
}

llvm::ArrayRef<Marker> Program::markersOf(Id function) const {
  return range(markers_, first_marker_, function);
}

llvm::ArrayRef<Declaration> Program::declarationsOf(Id function) const {
  return range(declarations_, first_declaration_, function);
}

llvm::ArrayRef<Id> Program::named(llvm::StringRef name) const {
  auto found = by_name_.find(name);
  return found == by_name_.end() ? llvm::ArrayRef<Id>() : llvm::ArrayRef<Id>(found->second);
}

void Program::forEachTarget(const Call& call, llvm::function_ref<void(Target)> visit) const {
  switch (call.kind) {
  case facts::CallKind::Direct:
    return visit({call.callee, EdgeKind::Direct});
  case facts::CallKind::Implicit:
    return visit({call.callee, EdgeKind::Implicit});
  case facts::CallKind::Virtual: {
    llvm::ArrayRef<store::VirtualTarget> targets =
        range(virtual_targets_, first_virtual_target_, call.callee);
    if (targets.empty())
      visit({call.callee, EdgeKind::Virtual});
    for (const store::VirtualTarget& target : targets)
      visit({target.target, EdgeKind::Virtual});
    return;
  }
  case facts::CallKind::Indirect:
    if (call.slot != kNoId)
      for (const store::SlotTarget& target : slotTargets(call.slot))
        visit({target.function, EdgeKind::Flow});
    return;
  }
}

} // namespace lockvet::program
