// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/needs.h"

#include "llvm/ADT/STLExtras.h"

namespace lockvet::infer {

using program::Call;

bool canBeMarked(const program::Program& program, const program::Slot& slot) {
  if (slot.type == kNoId)
    return false;
  if (slot.kind == facts::SlotKind::Parameter)
    return slot.function != kNoId && program.function(slot.function).is_defined &&
           !program.function(slot.function).is_of_system;
  return slot.kind == facts::SlotKind::Field || slot.kind == facts::SlotKind::Global;
}

Needs::Needs(const program::Program& program, const program::Callers& callers,
             Discipline& discipline, const Pointers& refused)
    : program_(program), callers_(callers), discipline_(discipline), refused_(refused) {
  for (const Call& call : program.calls()) {
    const auto position = static_cast<uint32_t>(program.indexOf(call));
    if (call.kind == facts::CallKind::Virtual && call.callee != kNoId)
      virtual_calls_[call.callee].push_back(position);
    else if (call.kind == facts::CallKind::Indirect && call.slot != kNoId)
      slot_calls_[call.slot].push_back(position);
  }
  // What ends up in a member or variable, however many parameters it is handed through on the way.
  for (Id slot = 1; slot < program.slots().size(); ++slot) {
    const facts::SlotKind kind = program.slot(slot).kind;
    if (kind != facts::SlotKind::Local && kind != facts::SlotKind::Return)
      for (const store::SlotTarget& target : program.slotTargets(slot))
        slots_of_[target.function].push_back(slot);
  }
}

/// A need that grows from shared to exclusive asks its callers again.
uint32_t Needs::insert(Need need) {
  auto [entry, is_new] = known_.try_emplace({need.subject, need.path}, needs_.size());
  const uint32_t index = entry->second;
  if (is_new) {
    needs_.push_back(std::move(need));
    waiting_.push_back(index);
  } else if (need.is_exclusive && !needs_[index].is_exclusive &&
             needs_[index].source != Need::Source::Marked) {
    needs_[index] = std::move(need);
    llvm::erase_if(supplies_, [&](const Supply& supply) { return supply.need == index; });
    waiting_.push_back(index);
  }
  return index;
}

void Needs::run() {
  while (!waiting_.empty()) {
    const uint32_t need = waiting_.back();
    waiting_.pop_back();
    visitCallers(need);
    if (needs_[need].subject.function == kNoId)
      continue;
    visitPointers(need);
    if (discipline_.isEnteredWithout(needs_[need]))
      supplies_.push_back({need, Answer::Kind::Broken, Supply::kNothing, Supply::kNothing, kNoId});
  }
  findHopeless();
}

void Needs::visitCall(uint32_t need, uint32_t call) {
  const Id caller = program_.calls()[call].caller;
  if (caller == kNoId)
    return;
  const Answer answer = discipline_.answer(needs_[need], call);
  Supply supply{need, answer.kind, call, Supply::kNothing, kNoId};
  if (answer.kind == Answer::Kind::Open) {
    Need mine;
    mine.subject.function = caller;
    mine.kind = needs_[need].kind;
    mine.path = answer.path;
    mine.is_exclusive = answer.is_exclusive;
    mine.source = Need::Source::Called;
    mine.call = call;
    mine.from = need;
    supply.carrier = insert(std::move(mine));
  }
  supplies_.push_back(supply);
}

void Needs::visitCallers(uint32_t need) {
  const Subject subject = needs_[need].subject;
  if (subject.slot != kNoId) {
    for (uint32_t call : slot_calls_.lookup(subject.slot))
      visitCall(need, call);
    return;
  }
  for (uint32_t call : program_.exactCallsTo(subject.function))
    visitCall(need, call);
  for (uint32_t call : virtual_calls_.lookup(subject.function))
    visitCall(need, call);
}

void Needs::visitPointers(uint32_t need) {
  const Id function = needs_[need].subject.function;
  llvm::DenseSet<Id> carriers;
  for (Id slot : slots_of_.lookup(function)) {
    Supply supply{need, discipline_.mayCarry(needs_[need], slot), Supply::kNothing,
                  Supply::kNothing, slot};
    if (supply.kind == Answer::Kind::Open && refused_.contains({slot, needs_[need].path}))
      supply.kind = Answer::Kind::Unknown;
    if (supply.kind == Answer::Kind::Unknown)
      continue;
    carriers.insert(slot);
    if (supply.kind == Answer::Kind::Open) {
      Need mine;
      mine.subject.slot = slot;
      mine.kind = needs_[need].kind;
      mine.path = needs_[need].path;
      mine.is_exclusive = needs_[need].is_exclusive;
      mine.source = Need::Source::Holds;
      mine.from = need;
      supply.carrier = insert(std::move(mine));
    }
    supplies_.push_back(supply);
  }
  if (needs_[need].source == Need::Source::Marked)
    return;
  for (uint32_t position : callers_.of(function)) {
    const Call& call = program_.calls()[position];
    const bool is_by_name = call.callee == function;
    if (is_by_name || call.caller == kNoId || carriers.contains(call.slot))
      continue;
    supplies_.push_back({need, discipline_.answerThroughPointer(needs_[need], position), position,
                         Supply::kNothing, call.slot});
  }
}

Needs::Pointers Needs::doubtfulPointers() const {
  std::vector<bool> is_doubtful(needs_.size());
  for (const Supply& supply : supplies_)
    if (supply.kind == Answer::Kind::Broken)
      is_doubtful[supply.need] = true;
  for (bool changed = true; std::exchange(changed, false);)
    for (const Supply& supply : supplies_)
      if (supply.kind == Answer::Kind::Open && is_doubtful[supply.carrier] &&
          !is_doubtful[supply.need]) {
        is_doubtful[supply.need] = true;
        changed = true;
      }
  Pointers pointers;
  for (uint32_t need = 0; need < needs_.size(); ++need)
    if (needs_[need].source == Need::Source::Holds && is_doubtful[need])
      pointers.insert({needs_[need].subject.slot, needs_[need].path});
  return pointers;
}

Needs::Pointers Needs::harmlessPointers() const {
  Pointers pointers;
  for (const auto& [slot, path] : refused_) {
    Need need;
    need.subject.slot = slot;
    need.path = path;
    const bool adds_nothing = llvm::all_of(slot_calls_.lookup(slot), [&](uint32_t call) {
      const Answer answer = discipline_.answer(need, call);
      if (answer.kind != Answer::Kind::Open)
        return answer.kind != Answer::Kind::Broken;
      auto known = known_.find({{program_.calls()[call].caller, kNoId}, answer.path});
      return known != known_.end() && !is_hopeless_[known->second];
    });
    if (adds_nothing)
      pointers.insert({slot, path});
  }
  return pointers;
}

/// The least set: a need is hopeless if it is entered without, or if all that could meet it is.
void Needs::findHopeless() {
  std::vector<std::vector<uint32_t>> supplies_of(needs_.size());
  for (uint32_t index = 0; index < supplies_.size(); ++index)
    supplies_of[supplies_[index].need].push_back(index);
  is_hopeless_.assign(needs_.size(), false);
  auto fails = [&](uint32_t need, const Supply& supply) {
    return supply.kind == Answer::Kind::Broken ||
           (supply.kind == Answer::Kind::Open && supply.carrier != need &&
            is_hopeless_[supply.carrier]);
  };
  auto isSelf = [&](uint32_t need, const Supply& supply) { return supply.carrier == need; };
  for (bool changed = true; std::exchange(changed, false);)
    for (uint32_t need = 0; need < needs_.size(); ++need) {
      if (is_hopeless_[need] || needs_[need].source == Need::Source::Marked)
        continue;
      size_t failing = 0, others = 0;
      bool is_entered_without = false;
      for (uint32_t index : supplies_of[need]) {
        const Supply& supply = supplies_[index];
        if (isSelf(need, supply))
          continue;
        is_entered_without |=
            supply.kind == Answer::Kind::Broken && supply.call == Supply::kNothing;
        ++(fails(need, supply) ? failing : others);
      }
      if (is_entered_without || (failing > 0 && others == 0)) {
        is_hopeless_[need] = true;
        changed = true;
      }
    }
}

} // namespace lockvet::infer
