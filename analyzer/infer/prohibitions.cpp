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

/// Who must not find a lock held, from what takes it up to what calls that. A lock of an object is
/// called differently in each function on the way.
class Exclusions {
public:
  explicit Exclusions(const Input& input) : input_(input) {}

  void run(Inference& inference) {
    const Program& program = input_.program;
    for (Id id = 1; id < program.functions().size(); ++id)
      addForbiddenByItself(id);
    for (const auto& [taker, lock] : takers_)
      for (uint32_t call : program.exactCallsTo(taker))
        if (isOfInterest(call, lock))
          visit(call, lock);
    while (!waiting_.empty()) {
      const auto [callee, lock] = waiting_.pop_back_val();
      for (uint32_t call : program.exactCallsTo(callee))
        visit(call, lock);
    }
    for (const auto& [excluding, call] : found_)
      if (const auto& [function, lock] = excluding;
          canBeMarked(program.function(function)) && !isCalledWithIt(function, lock)) {
        const Call& cause = program.calls()[call];
        const std::string text = input_.locks.paths().text(lock).str();
        Missing missing = missingAt(input_, MarkerKind::Excludes, cause,
                                    "it calls " + subjectWords(program, {cause.callee, kNoId}) +
                                        ", which must not find " + lockWords(text) + " held");
        missing.marking.lock = text;
        inference.missing.push_back(std::move(missing));
      }
  }

private:
  using Excluding = std::pair<Id, locks::PathId>;

  void addForbiddenByItself(Id function) {
    auto add = [&](locks::PathId lock) {
      if (forbidding_.insert({function, lock}).second)
        waiting_.insert({function, lock});
    };
    for (const locks::Requirement& requirement : input_.locks.operations().requirementsOf(function))
      if (requirement.kind == locks::Requirement::Kind::Excluded)
        add(requirement.path);
    for (const locks::LockOperation& operation : input_.locks.operations().operationsOf(function))
      if (operation.operation == locks::Operation::Acquire) {
        if (input_.locks.isNamed(operation.path))
          add(operation.path);
        else
          takers_.push_back({function, operation.path});
      }
  }

  /// What takes any lock there is: of those that it is called with, only such that some attribute
  /// names are the business of markers.
  bool isOfInterest(uint32_t position, locks::PathId lock) const {
    const locks::PathId path =
        input_.locks.paths().toCaller(lock, input_.locks.argumentsOf(position));
    return path != locks::kNoPath && input_.locks.isNamed(path);
  }

  void visit(uint32_t position, locks::PathId of_callee) {
    const Program& program = input_.program;
    const Id caller = program.calls()[position].caller;
    const locks::PathId lock =
        input_.locks.paths().toCaller(of_callee, input_.locks.argumentsOf(position));
    if (caller == kNoId || lock == locks::kNoPath || input_.locks.paths().isLocal(lock) ||
        forbidding_.contains({caller, lock}) || input_.locks.isTrusted(caller) ||
        input_.locks.requirementOf(caller, lock) || input_.guards.at(position) == 0 ||
        isOptional(program, input_.guards, position, [](uint32_t) { return true; }) ||
        input_.locks.at(position, lock, locks::Hold::Unknown) != bit(locks::Hold::Unknown))
      return;
    forbidding_.insert({caller, lock});
    waiting_.insert({caller, lock});
    found_.push_back({{caller, lock}, position});
  }

  /// Then one of the two is wrong, or the marker would say too much.
  bool isCalledWithIt(Id function, locks::PathId of_function) const {
    return llvm::any_of(input_.program.exactCallsTo(function), [&](uint32_t position) {
      const Id caller = input_.program.calls()[position].caller;
      const locks::PathId lock =
          input_.locks.paths().toCaller(of_function, input_.locks.argumentsOf(position));
      if (caller == kNoId || lock == locks::kNoPath)
        return false;
      const locks::Requirement* requirement = input_.locks.requirementOf(caller, lock);
      const locks::Hold entry =
          !requirement || requirement->kind == locks::Requirement::Kind::Excluded
              ? locks::Hold::Unknown
          : requirement->kind == locks::Requirement::Kind::Shared ? locks::Hold::Shared
                                                                  : locks::Hold::Exclusive;
      return (input_.locks.at(position, lock, entry) & locks::kAnyHeld) != 0;
    });
  }

  const Input& input_;
  llvm::DenseSet<Excluding> forbidding_;
  llvm::SetVector<Excluding> waiting_;
  std::vector<Excluding> takers_;
  std::vector<std::pair<Excluding, uint32_t>> found_;
};

} // namespace

void inferExcludes(const Input& input, Inference& inference) {
  Exclusions(input).run(inference);
}

} // namespace lockvet::infer
