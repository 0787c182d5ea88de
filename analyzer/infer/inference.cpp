// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/inference.h"

#include "analyzer/infer/completion.h"
#include "analyzer/infer/coroutine_discipline.h"
#include "analyzer/infer/lock_discipline.h"
#include "analyzer/infer/prohibitions.h"
#include "analyzer/infer/thread_contexts.h"
#include "analyzer/infer/words.h"
#include "analyzer/rules/witness.h"
#include "llvm/ADT/STLExtras.h"

namespace lockvet::infer {

using program::Program;

namespace {

/// What goes into a pointer is judged by what else does, and that may be inferred, too: each round
/// knows what the one before it found. More rounds than these have not been seen to find more.
constexpr unsigned kMostRounds = 4;

/// Writes down what the needs of one discipline amount to.
class Conclusions {
public:
  Conclusions(const Program& program, const Needs& needs, const locks::PathTable& paths)
      : program_(program), needs_(needs), paths_(paths) {}

  void addMissing(const MarkerKinds& kinds, Inference& inference) const {
    for (uint32_t index = 0; index < needs_.all().size(); ++index) {
      const Need& need = needs_.all()[index];
      Marking marking = markingOf(need, paths_);
      if (need.source == Need::Source::Marked || needs_.isHopeless(index) ||
          !kinds.contains(marking.kind) || !canBeMarked(need.subject))
        continue;
      inference.missing.push_back({std::move(marking), becauseOf(program_, needs_, paths_, index),
                                   placeOf(program_, needs_, index),
                                   stepsTo(program_, needs_, paths_, index)});
    }
  }

  void addConflicts(const MarkerKinds& kinds, Inference& inference) const {
    std::vector<std::vector<uint32_t>> supplies_of(needs_.all().size());
    for (uint32_t index = 0; index < needs_.supplies().size(); ++index)
      supplies_of[needs_.supplies()[index].need].push_back(index);
    for (uint32_t index = 0; index < needs_.all().size(); ++index) {
      const Need& need = needs_.all()[index];
      if (need.subject.function == kNoId || !kinds.contains(markingOf(need, paths_).kind))
        continue;
      if (needs_.isHopeless(index)) {
        // Its callees are hopeless for the same reason, if it is their only caller.
        if (need.source != Need::Source::Called || !needs_.isHopeless(need.from))
          inference.conflicts.push_back(ofHopeless(index, supplies_of));
        continue;
      }
      if (need.source == Need::Source::Marked)
        continue; // what calls a marked function wrongly is the rules' business
      llvm::DenseSet<Id> callers;
      for (uint32_t supply : supplies_of[index])
        if (const Supply& broken = needs_.supplies()[supply];
            broken.kind == Answer::Kind::Broken && broken.call != Supply::kNothing &&
            program_.calls()[broken.call].callee == need.subject.function &&
            callers.insert(program_.calls()[broken.call].caller).second)
          inference.conflicts.push_back(ofBroken(index, broken));
    }
  }

private:
  bool canBeMarked(const Subject& subject) const {
    if (subject.function == kNoId)
      return true;
    const program::Function& function = program_.function(subject.function);
    return !function.is_implicit && !function.is_of_system;
  }

  std::string lackWords(const Need& need) const {
    return need.path == locks::kNoPath ? "outside coroutines"
                                       : "without " + lockWords(paths_.text(need.path));
  }

  /// A caller of something that was inferred to have the need, which is no better off itself.
  Conflict ofBroken(uint32_t index, const Supply& broken) const {
    const Need& need = needs_.all()[index];
    const program::Call& call = program_.calls()[broken.call];
    Conflict conflict;
    conflict.marking = markingOf(need, paths_);
    conflict.marking.subject = {call.caller, kNoId};
    conflict.message = program_.function(call.caller).qualified_name.str() + "() calls " +
                       subjectWords(program_, need.subject) + " " + lackWords(need) + ": " +
                       becauseOf(program_, needs_, paths_, index);
    conflict.place = call.place;
    conflict.reason.push_back(
        rules::callStep(program_, call, need.subject.function, program::EdgeKind::Direct));
    llvm::append_range(conflict.reason, stepsTo(program_, needs_, paths_, index));
    return conflict;
  }

  /// Where a function is entered that nobody calls by name.
  rules::Step ofEntry(Id function, Id slot, const Need& need) const {
    const std::string name = program_.function(function).qualified_name.str() + "()";
    if (slot == kNoId)
      return rules::stepAt(program_, function, program_.function(function).place,
                           name + " is where the program, or a thread, starts");
    program::Place place = program_.function(function).place;
    for (const program::Flow& flow : program_.flows())
      if (flow.to_slot == slot && flow.from_function == function)
        place = flow.place;
    const program::Slot& pointer = program_.slot(slot);
    const std::string to = pointer.function != kNoId
                               ? program_.function(pointer.function).qualified_name.str() + "()"
                               : pointer.name.str();
    return rules::stepAt(program_, kNoId, place,
                         name + " goes to " + to + ", which has it run " + lackWords(need));
  }

  /// What no caller can give: down to what needs it, and up to one caller that has it not.
  Conflict ofHopeless(uint32_t index, const std::vector<std::vector<uint32_t>>& supplies_of) const {
    const Need& need = needs_.all()[index];
    Conflict conflict;
    conflict.marking = markingOf(need, paths_);
    conflict.place = placeOf(program_, needs_, index);
    conflict.reason = stepsTo(program_, needs_, paths_, index);
    conflict.message = subjectWords(program_, need.subject) + " is entered " + lackWords(need) +
                       " only, but " + becauseOf(program_, needs_, paths_, index);
    llvm::DenseSet<uint32_t> seen;
    for (uint32_t at = index; seen.insert(at).second;) {
      const auto failing = llvm::find_if(supplies_of[at], [&](uint32_t supply) {
        const Supply& other = needs_.supplies()[supply];
        return other.kind == Answer::Kind::Broken ||
               (other.kind == Answer::Kind::Open && other.carrier != at &&
                needs_.isHopeless(other.carrier) && !seen.contains(other.carrier));
      });
      if (failing == supplies_of[at].end())
        break;
      const Supply& supply = needs_.supplies()[*failing];
      const Subject& subject = needs_.all()[at].subject;
      if (supply.call == Supply::kNothing) {
        conflict.reason.push_back(ofEntry(subject.function, supply.slot, needs_.all()[at]));
        break;
      }
      const program::Call& call = program_.calls()[supply.call];
      rules::Step step =
          rules::callStep(program_, call, subject.function, program::EdgeKind::Direct);
      step.reason = program_.function(call.caller).qualified_name.str() + "() " + step.reason;
      if (supply.kind == Answer::Kind::Broken) {
        step.reason += " " + lackWords(needs_.all()[at]);
        conflict.reason.push_back(std::move(step));
        break;
      }
      conflict.reason.push_back(std::move(step));
      at = supply.carrier;
    }
    return conflict;
  }

  const Program& program_;
  const Needs& needs_;
  const locks::PathTable& paths_;
};

bool isAnyOf(const MarkerKinds& kinds, std::initializer_list<MarkerKind> wanted) {
  return llvm::any_of(wanted, [&](MarkerKind kind) { return kinds.contains(kind); });
}

/// Functions that have a need, with the lock that it is about.
using Needing = std::set<std::pair<Id, locks::PathId>>;

Needing needingFunctions(const Needs& needs) {
  Needing found;
  for (uint32_t index = 0; index < needs.all().size(); ++index)
    if (const Need& need = needs.all()[index];
        need.subject.function != kNoId && !needs.isHopeless(index))
      found.insert({need.subject.function, need.path});
  return found;
}

/// Runs one discipline, which `make` makes of what the round before has found, until nothing
/// changes; and writes down what comes out.
template <typename Make>
Needing run(const Input& input, const MarkerKinds& kinds, Inference& inference, Make make) {
  Needing inferred;
  Needs::Pointers refused, accepted;
  for (unsigned round = 1;; ++round) {
    auto discipline = make(inferred);
    Needs needs(input.program, input.locks.callers(), discipline, refused);
    discipline.addSeeds(needs);
    needs.run();
    Needing found = needingFunctions(needs);
    // Each pointer is refused and accepted once at most, so that this ends; and refused ones must
    // be out of the result.
    Needs::Pointers doubtful = needs.doubtfulPointers();
    std::erase_if(doubtful, [&](const auto& pointer) { return accepted.contains(pointer); });
    const bool is_stable = found == inferred || round >= kMostRounds;
    if (!doubtful.empty() || !is_stable) {
      refused.insert(doubtful.begin(), doubtful.end());
      inferred = std::move(found);
      continue;
    }
    if (const Needs::Pointers harmless = needs.harmlessPointers(); !harmless.empty()) {
      for (const auto& pointer : harmless)
        refused.erase(pointer);
      accepted.insert(harmless.begin(), harmless.end());
      continue;
    }
    const Conclusions conclusions(input.program, needs, input.locks.paths());
    conclusions.addMissing(kinds, inference);
    conclusions.addConflicts(kinds, inference);
    return found;
  }
}

} // namespace

MarkerKinds defaultKinds() {
  return {MarkerKind::CoroutineFn, MarkerKind::Requires, MarkerKind::RequiresShared};
}

Inference infer(const Input& input, const MarkerKinds& kinds) {
  const EntryPoints entries(input.contexts);
  Inference inference;
  if (isAnyOf(kinds, {MarkerKind::CoroutineFn, MarkerKind::MixedFn, MarkerKind::NoCoroutineFn})) {
    const Needing needing = run(input, kinds, inference, [&](const Needing& inferred) {
      return CoroutineDiscipline(input, entries, inferred);
    });
    llvm::DenseSet<Id> coroutines;
    for (const auto& [function, lock] : needing)
      coroutines.insert(function);
    if (kinds.contains(MarkerKind::MixedFn))
      inferMixed(input, coroutines, inference);
    if (kinds.contains(MarkerKind::NoCoroutineFn))
      inferNoCoroutine(input, coroutines, inference);
  }
  if (isAnyOf(kinds, {MarkerKind::Requires, MarkerKind::RequiresShared}))
    run(input, kinds, inference, [&](const Needing& inferred) {
      return LockDiscipline(input.program, input.locks, entries, inferred);
    });
  if (kinds.contains(MarkerKind::Excludes))
    inferExcludes(input, inference);
  if (isAnyOf(kinds, {MarkerKind::MainLoop, MarkerKind::IoOrGs, MarkerKind::Io}))
    inferThreadContexts(input, kinds, inference);
  inferCompletions(input, kinds, inference);
  return inference;
}

} // namespace lockvet::infer
