// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/prohibitions.h"

#include "analyzer/infer/entry_points.h"
#include "analyzer/infer/words.h"
#include "analyzer/rules/witness.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"

namespace lockvet::infer {

using namespace program;

namespace {

bool canBeMarked(const Function& function) {
  return function.is_defined && !function.is_implicit && !function.is_of_system;
}

Missing missingAt(const Input& input, MarkerKind kind, const Call& call, std::string because) {
  Missing missing;
  missing.marking = {kind, {call.caller, kNoId}, ""};
  missing.because = std::move(because);
  missing.place = call.place;
  missing.reason.push_back(rules::callStep(input.program, call, call.callee, EdgeKind::Direct));
  return missing;
}

} // namespace

void inferMixed(const Input& input, const llvm::DenseSet<Id>& coroutines, Inference& inference) {
  const Program& program = input.program;
  for (Id id = 1; id < program.functions().size(); ++id) {
    if (program.isMarked(id) || coroutines.contains(id) || !canBeMarked(program.function(id)) ||
        input.guards.exits(id) != kEither)
      continue;
    const Call* work = nullptr;
    for (const Call& call : program.callsOf(id))
      if (!work && call.callee != kNoId && coroutines.contains(call.callee) &&
          input.guards.at(program.indexOf(call)) == kInside)
        work = &call;
    std::optional<size_t> deciding = input.guards.decidingCall(id);
    if (!work || !deciding)
      continue;
    const bool is_called_inside = input.contexts.isReached(id, kInside) ||
                                  llvm::any_of(program.exactCallsTo(id), [&](uint32_t position) {
                                    const Id caller = program.calls()[position].caller;
                                    return caller != kNoId && coroutines.contains(caller);
                                  });
    if (!is_called_inside || !input.contexts.isReached(id, kOutside))
      continue;
    Missing missing =
        missingAt(input, MarkerKind::MixedFn, *work,
                  "it is reached in both contexts, and calls coroutine_fn " +
                      subjectWords(program, {work->callee, kNoId}) + " where it is in a coroutine");
    missing.reason.insert(missing.reason.begin(),
                          rules::stepAt(program, id, program.calls()[*deciding].place,
                                        "asks whether it is in a coroutine"));
    inference.missing.push_back(std::move(missing));
  }
}

void inferNoCoroutine(const Input& input, const llvm::DenseSet<Id>& coroutines,
                      Inference& inference) {
  const Program& program = input.program;
  for (Id id = 1; id < program.functions().size(); ++id) {
    std::optional<size_t> deciding = input.guards.decidingCall(id);
    if (program.isMarked(id) || coroutines.contains(id) || !canBeMarked(program.function(id)) ||
        input.guards.exits(id) != kOutside || !deciding || input.contexts.isReached(id, kInside))
      continue;
    const Call& call = program.calls()[*deciding];
    const bool asserts = input.guards.isPredicate(call.callee);
    inference.missing.push_back(
        missingAt(input, MarkerKind::NoCoroutineFn, call,
                  asserts ? "it asserts that it is outside coroutines"
                          : "it calls " + subjectWords(program, {call.callee, kNoId}) +
                                ", which is for outside coroutines only"));
  }
}

namespace {

/// Who must not find a lock held, from what takes it up to what calls that.
class Exclusions {
public:
  Exclusions(const Input& input, locks::PathId lock) : input_(input), lock_(lock) {}

  void run(Inference& inference) {
    const Program& program = input_.program;
    for (Id id = 1; id < program.functions().size(); ++id)
      if (forbidsByItself(id)) {
        forbidding_.insert(id);
        waiting_.insert(id);
      }
    while (!waiting_.empty()) {
      const Id callee = waiting_.pop_back_val();
      for (uint32_t call : program.exactCallsTo(callee))
        visit(call);
    }
    for (const auto& [function, call] : found_)
      if (canBeMarked(program.function(function)) && !isCalledWithIt(function)) {
        const Call& cause = program.calls()[call];
        Missing missing = missingAt(input_, MarkerKind::Excludes, cause,
                                    "it calls " + subjectWords(program, {cause.callee, kNoId}) +
                                        ", which must not find " +
                                        lockWords(input_.locks.paths().text(lock_)) + " held");
        missing.marking.lock = input_.locks.paths().text(lock_).str();
        inference.missing.push_back(std::move(missing));
      }
  }

private:
  bool forbidsByItself(Id function) const {
    const locks::Requirement* requirement = input_.locks.requirementOf(function, lock_);
    return (requirement && requirement->kind == locks::Requirement::Kind::Excluded) ||
           llvm::any_of(input_.locks.operations().operationsOf(function),
                        [&](const locks::LockOperation& operation) {
                          return operation.path == lock_ &&
                                 operation.operation == locks::Operation::Acquire;
                        });
  }

  void visit(uint32_t position) {
    const Program& program = input_.program;
    const Id caller = program.calls()[position].caller;
    if (caller == kNoId || forbidding_.contains(caller) || input_.locks.isTrusted(caller) ||
        input_.locks.requirementOf(caller, lock_) || input_.guards.at(position) == 0 ||
        isOptional(program, input_.guards, position, [](uint32_t) { return true; }) ||
        input_.locks.at(position, lock_, locks::Hold::Unknown) != bit(locks::Hold::Unknown))
      return;
    forbidding_.insert(caller);
    waiting_.insert(caller);
    found_.push_back({caller, position});
  }

  /// Then one of the two is wrong, or the marker would say too much.
  bool isCalledWithIt(Id function) const {
    return llvm::any_of(input_.program.exactCallsTo(function), [&](uint32_t position) {
      const Id caller = input_.program.calls()[position].caller;
      if (caller == kNoId)
        return false;
      const locks::Requirement* requirement = input_.locks.requirementOf(caller, lock_);
      const locks::Hold entry =
          !requirement || requirement->kind == locks::Requirement::Kind::Excluded
              ? locks::Hold::Unknown
          : requirement->kind == locks::Requirement::Kind::Shared ? locks::Hold::Shared
                                                                  : locks::Hold::Exclusive;
      return (input_.locks.at(position, lock_, entry) & locks::kAnyHeld) != 0;
    });
  }

  const Input& input_;
  locks::PathId lock_;
  llvm::DenseSet<Id> forbidding_;
  llvm::SetVector<Id> waiting_;
  std::vector<std::pair<Id, uint32_t>> found_;
};

} // namespace

void inferExcludes(const Input& input, Inference& inference) {
  for (locks::PathId lock : input.locks.named())
    if (input.locks.paths().isGlobal(lock))
      Exclusions(input, lock).run(inference);
}

} // namespace lockvet::infer
