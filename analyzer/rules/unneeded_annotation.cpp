// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/source_text.h"
#include "analyzer/rules/witness.h"
#include "llvm/ADT/STLExtras.h"

namespace lockvet::rules {

using namespace program;
using locks::Requirement;

namespace {

std::string nameOf(const Program& program, Id function) {
  return program.function(function).qualified_name.str() + "()";
}

/// Functions whose markers somebody outside the function relies on: those that go into a pointer,
/// override or are overridden.
llvm::DenseSet<Id> boundByOthers(const Program& program) {
  llvm::DenseSet<Id> bound;
  for (const Flow& flow : program.flows())
    if (flow.from_function != kNoId)
      bound.insert(flow.from_function);
  for (const store::OverrideRow& row : program.overrides()) {
    bound.insert(row.method);
    bound.insert(row.base);
  }
  return bound;
}

/// Every function that a call can run, visited; false if there is a call of something unknown.
bool forEachCallee(const Program& program, Id function,
                   llvm::function_ref<void(const Call&, Id)> visit) {
  for (const Call& call : program.callsOf(function)) {
    bool is_known = false;
    program.forEachTarget(call, [&](Target target) {
      is_known |= target.function != kNoId;
      if (target.function != kNoId)
        visit(call, target.function);
    });
    if (!is_known)
      return false;
  }
  return true;
}

Finding report(const Program& program, Id function, const Step& marker, std::string message,
               llvm::StringRef what) {
  const Function& about = program.function(function);
  Finding finding;
  finding.rule = kUnneededAnnotation.id.str();
  finding.message = std::move(message);
  finding.function = about.qualified_name.str();
  finding.file = marker.file;
  finding.line = marker.line;
  finding.column = marker.column;
  finding.identity = {about.usr.str(), what.str()};
  finding.witness.push_back(marker);
  return finding;
}

/// A label of the configuration: makes sense in a coroutine only, and does not suspend it.
constexpr llvm::StringRef kNeedsCoroutine = "needs_coroutine";

bool needsCoroutine(const Program& program, Id function) {
  return llvm::any_of(program.markersOf(function),
                      [](const Marker& marker) { return marker.label == kNeedsCoroutine; });
}

/// "calls a(), b()": the reader sees at one glance what was looked at.
std::string calleesIn(const Program& program, Id function) {
  std::vector<std::string> names;
  forEachCallee(program, function, [&](const Call&, Id callee) {
    if (!llvm::is_contained(names, nameOf(program, callee)))
      names.push_back(nameOf(program, callee));
  });
  if (names.empty())
    return "nothing";
  constexpr size_t kMostNames = 4;
  std::string text;
  for (size_t index = 0; index < std::min(names.size(), kMostNames); ++index)
    text += (index == 0 ? "" : ", ") + names[index];
  if (names.size() > kMostNames)
    text += " and " + std::to_string(names.size() - kMostNames) + " more";
  return text;
}

/// A coroutine_fn that can't suspend, and that nobody needs to be one.
void checkCoroutines(const RuleInput& input, const llvm::DenseSet<Id>& bound, Findings& findings) {
  const Program& program = input.program;
  std::vector<Id> ends;
  for (Id function = 1; function < program.functions().size(); ++function) {
    const Labels labels = program.function(function).labels;
    if ((labels & (kCoroutineFn | kMixedFn | kSuspends)) ||
        input.guards.exits(function) == kInside || needsCoroutine(program, function))
      ends.push_back(function);
  }
  const std::vector<bool> reaches =
      input.locks.callers().reaching(ends, [](uint32_t, Id) { return true; });
  for (Id function = 1; function < program.functions().size(); ++function) {
    if (!program.isCoroutineFn(function) || !program.function(function).is_defined ||
        program.function(function).is_implicit || bound.contains(function) ||
        input.guards.exits(function) != kEither)
      continue;
    bool suspends = (program.function(function).labels & kSuspends) != 0;
    const bool is_known = forEachCallee(program, function, [&](const Call& call, Id callee) {
      suspends |= reaches[callee] || input.guards.isPredicate(callee) ||
                  (call.slot != kNoId && (program.slot(call.slot).labels & kCoroutineFn));
    });
    if (suspends || !is_known)
      continue;
    findings.push_back(
        report(program, function, markerStep(program, function, kCoroutineFn),
               nameOf(program, function) + " is marked coroutine_fn and can't suspend: it calls " +
                   calleesIn(program, function) +
                   (program.callsOf(function).empty() ? "" : ", no coroutine_fn among them,") +
                   " and goes into no pointer",
               "coroutine_fn"));
  }
}

/// What a capability guards, by the names of the members and variables, and where calls lead to
/// that have to do with it.
class Uses {
public:
  explicit Uses(const RuleInput& input) : input_(input) {
    for (const Marker& marker : input.program.markers()) {
      const auto [word, lock] = marker.label.split(':');
      if (marker.slot == kNoId || (word != "guarded_by" && word != "pt_guarded_by"))
        continue;
      // Of a list in a member either name may be the one that is written.
      llvm::SmallVector<llvm::StringRef, 4> parts;
      input.program.slot(marker.slot).name.split(parts, "::");
      for (llvm::StringRef part : llvm::drop_begin(parts, parts.size() > 1 ? 1 : 0))
        names_[lock].insert(part);
    }
  }

  const llvm::StringSet<>& namesGuardedBy(llvm::StringRef lock) { return names_[lock]; }

  /// Functions that need the lock or do something to it, or call one that does.
  const std::vector<bool>& reaching(locks::PathId lock) {
    auto [found, is_new] = reaching_.try_emplace(lock);
    if (is_new) {
      std::vector<Id> ends;
      for (const auto& [function, list] : input_.locks.operations().requirements())
        if (llvm::any_of(list, [&](const Requirement& other) { return other.path == lock; }))
          ends.push_back(function);
      for (const auto& [function, list] : input_.locks.operations().operations())
        if (llvm::any_of(list, [&](const auto& other) { return other.path == lock; }))
          ends.push_back(function);
      for (const auto& [function, list] : input_.locks.effects().touched())
        if (llvm::any_of(list, [&](const auto& other) { return other.path == lock; }))
          ends.push_back(function);
      found->second = input_.locks.callers().reaching(ends, [](uint32_t, Id) { return true; });
    }
    return found->second;
  }

private:
  const RuleInput& input_;
  llvm::StringMap<llvm::StringSet<>> names_;
  llvm::DenseMap<locks::PathId, std::vector<bool>> reaching_;
};

/// A requirement of a lock that has one name everywhere, which nothing in the function needs.
void checkRequirements(const RuleInput& input, const llvm::DenseSet<Id>& bound,
                       Findings& findings) {
  const Program& program = input.program;
  const locks::PathTable& paths = input.locks.paths();
  Uses uses(input);
  SourceText text;
  for (Id function = 1; function < program.functions().size(); ++function)
    for (const Requirement& requirement : input.locks.operations().requirementsOf(function)) {
      const Function& about = program.function(function);
      if (!requirement.marker || requirement.kind == Requirement::Kind::Excluded ||
          !paths.isGlobal(requirement.path) || !about.is_defined || about.place.file == kNoId ||
          bound.contains(function))
        continue;
      const llvm::StringRef lock = paths.text(requirement.path);
      const std::vector<bool>& reaching = uses.reaching(requirement.path);
      bool is_needed = false;
      const bool is_known = forEachCallee(program, function, [&](const Call& call, Id callee) {
        is_needed |= reaching[callee] || call.slot != kNoId;
      });
      const llvm::StringSet<>& guarded = uses.namesGuardedBy(lock);
      // A lock of which nothing says what it guards guards what only people know.
      if (is_needed || !is_known || guarded.empty() ||
          text.bodyMentions(program.file(about.place.file), about.place.line, guarded))
        continue;
      const std::string name = nameOf(program, function);
      findings.push_back(
          report(program, function,
                 stepAt(program, function, requirement.marker->place,
                        name + " requires " + paths.described(requirement.path) + " here"),
                 name + " requires " + paths.described(requirement.path) +
                     " without need: it calls " + calleesIn(program, function) +
                     (program.callsOf(function).empty() ? "" : ", nobody who has to do with it") +
                     ", and names nothing that it guards",
                 lock));
    }
}

void checkUnneededAnnotation(const RuleInput& input, Findings& findings) {
  const llvm::DenseSet<Id> bound = boundByOthers(input.program);
  checkCoroutines(input, bound, findings);
  checkRequirements(input, bound, findings);
}

} // namespace

const Rule kUnneededAnnotation = {
    "unneeded-annotation",
    "A marker asks something of callers that nothing in the function needs.",
    "A marker that is not needed spreads: its callers have to be marked, too. Take it away, or "
    "suppress the finding with the reason why it stays: a promise to those who write the function "
    "next.",
    Severity::Warning,
    checkUnneededAnnotation,
    /*is_off=*/true};

} // namespace lockvet::rules
