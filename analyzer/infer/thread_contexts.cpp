// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/thread_contexts.h"

#include "analyzer/infer/thread_discipline.h"
#include "analyzer/infer/words.h"
#include "analyzer/rules/witness.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"

namespace lockvet::infer {

using namespace program;

namespace {

class ThreadContexts {
public:
  ThreadContexts(const Input& input, const MarkerKinds& kinds, Inference& inference)
      : input_(input), program_(input.program), kinds_(kinds), inference_(inference) {
    for (const Missing& missing : inference.missing)
      if (missing.marking.kind == MarkerKind::Requires &&
          labelNamed("requires:" + missing.marking.lock) == kMainLoop)
        has_role_.insert(missing.marking.subject.function);
  }

  void run() {
    inferMainLoop();
    findDemanded();
    inferEither();
    if (kinds_.contains(MarkerKind::Io))
      for (const auto& [function, call] : demanded_)
        if (!settled_.contains(function))
          addIo(function, call);
  }

private:
  bool canBeMarked(Id id) const {
    const Function& function = program_.function(id);
    return function.is_defined && !function.is_implicit && !function.is_of_system &&
           !input_.thread_guards.dimension().isMarked(function.labels);
  }

  void inferMainLoop() {
    const llvm::DenseSet<Id> none;
    const Needs::Pointers refused;
    ThreadDiscipline discipline(input_, MarkerKind::MainLoop, none);
    Needs needs(program_, input_.locks.callers(), discipline, refused);
    discipline.addSeeds(needs);
    needs.run();
    llvm::DenseMap<Id, uint32_t> need_of;
    for (uint32_t index = 0; index < needs.all().size(); ++index)
      if (const Id function = needs.all()[index].subject.function; function != kNoId) {
        need_of[function] = index;
        settled_.insert(function);
      }
    for (const auto& [function, call] : discipline.torn())
      settled_.insert(function);
    if (!kinds_.contains(MarkerKind::MainLoop))
      return;
    for (uint32_t index = 0; index < needs.all().size(); ++index)
      concludeMainLoop(needs, index);
    for (const auto& [function, position] : discipline.torn()) {
      const Call& call = program_.calls()[position];
      if (std::optional<Way> way = sureWayOutside(input_, call); way && entersAt(*way))
        addConflict(function, call.place, *way, "calls main_loop " + nameOf(call.callee),
                    stepsOfCall(needs, need_of, call));
    }
  }

  std::string nameOf(Id function) const { return subjectWords(program_, {function, kNoId}); }

  std::vector<rules::Step> stepsOfCall(const Needs& needs,
                                       const llvm::DenseMap<Id, uint32_t>& need_of,
                                       const Call& call) const {
    std::vector<rules::Step> steps = {
        rules::callStep(program_, call, call.callee, EdgeKind::Direct)};
    if (auto found = need_of.find(call.callee); found != need_of.end())
      llvm::append_range(steps, stepsTo(program_, needs, input_.locks.paths(), found->second));
    return steps;
  }

  /// Does the way come in here from what is no part of the mistake? Farther down it is the same
  /// one.
  bool entersAt(const Way& way) const {
    return way.weakest <= EdgeKind::Virtual &&
           (way.calls.empty() || !settled_.contains(program_.calls()[way.calls.back()].caller));
  }

  void concludeMainLoop(const Needs& needs, uint32_t index) {
    const Need& need = needs.all()[index];
    const Id function = need.subject.function;
    if (function == kNoId || need.source == Need::Source::Marked || !canBeMarked(function))
      return;
    const locks::PathTable& paths = input_.locks.paths();
    std::optional<Way> way;
    if (need.source == Need::Source::Called)
      way = sureWayOutside(input_, program_.calls()[need.call]);
    if (way && entersAt(*way)) {
      std::string because = becauseOf(program_, needs, paths, index);
      llvm::StringRef clause = because;
      clause.consume_front("it ");
      addConflict(function, placeOf(program_, needs, index), *way, clause,
                  stepsTo(program_, needs, paths, index));
      return;
    }
    if (!needs.isHopeless(index) && !has_role_.contains(function))
      inference_.missing.push_back(
          {markingOf(need, paths), becauseOf(program_, needs, paths, index),
           placeOf(program_, needs, index), stepsTo(program_, needs, paths, index)});
  }

  /// `down` are the steps from the function to what is for the main loop.
  void addConflict(Id function, Place place, const Way& way, llvm::StringRef clause,
                   std::vector<rules::Step> down) {
    Conflict conflict;
    conflict.marking = {MarkerKind::MainLoop, {function, kNoId}, ""};
    conflict.message = nameOf(function) + " can run outside the main loop, but it " + clause.str();
    conflict.place = place;
    conflict.reason = rules::waySteps(program_, input_.thread_guards, way, function, kOutside);
    llvm::append_range(conflict.reason, std::move(down));
    inference_.conflicts.push_back(std::move(conflict));
  }

  /// An event loop is run in its own thread only.
  bool runsLoop(Id function) const {
    constexpr Labels kLoops = kPolls | kDrains;
    return (program_.function(function).labels & kLoops) ||
           llvm::any_of(program_.callsOf(function), [&](const Call& call) {
             return call.callee != kNoId && (program_.function(call.callee).labels & kLoops);
           });
  }

  /// Is the call what a marker's statement is made of?
  bool isOfStatement(const Call& call) const {
    return llvm::any_of(program_.markersOf(call.caller), [&](const Marker& marker) {
      return marker.origin == facts::MarkerOrigin::Macro && marker.place.file == call.place.file &&
             marker.place.line == call.place.line && marker.place.column == call.place.column;
    });
  }

  /// What code for any thread calls by its name, and what that calls, has to be for any thread.
  void findDemanded() {
    std::vector<Id> waiting;
    for (Id id = 1; id < program_.functions().size(); ++id)
      if ((program_.function(id).labels & (kMainLoop | kAnyThread | kEitherThread)) == kAnyThread)
        waiting.push_back(id);
    while (!waiting.empty()) {
      const Id caller = waiting.back();
      waiting.pop_back();
      for (const Call& call : program_.callsOf(caller)) {
        const auto position = static_cast<uint32_t>(program_.indexOf(call));
        if (call.callee == kNoId || call.kind == facts::CallKind::Virtual ||
            !(input_.thread_guards.at(position) & kOutside) || settled_.contains(call.callee) ||
            !canBeMarked(call.callee) || runsLoop(call.callee) || isOfStatement(call) ||
            input_.thread_guards.isPredicate(call.callee) ||
            !input_.thread_contexts.isReached(call.callee, kOutside))
          continue;
        if (demanded_.insert({call.callee, position}).second)
          waiting.push_back(call.callee);
      }
    }
  }

  void inferEither() {
    llvm::DenseSet<Id> others = settled_;
    for (const auto& [function, call] : demanded_)
      others.insert(function);
    const Needs::Pointers refused;
    ThreadDiscipline discipline(input_, MarkerKind::IoOrGs, others);
    Needs needs(program_, input_.locks.callers(), discipline, refused);
    discipline.addSeeds(needs);
    needs.run();
    for (uint32_t index = 0; index < needs.all().size(); ++index) {
      const Need& need = needs.all()[index];
      if (need.subject.function == kNoId || need.source == Need::Source::Marked ||
          !canBeMarked(need.subject.function))
        continue;
      if (kinds_.contains(MarkerKind::IoOrGs))
        inference_.missing.push_back({markingOf(need, input_.locks.paths()),
                                      becauseOf(program_, needs, input_.locks.paths(), index),
                                      placeOf(program_, needs, index),
                                      stepsTo(program_, needs, input_.locks.paths(), index)});
    }
  }

  void addIo(Id function, uint32_t position) {
    const Call& call = program_.calls()[position];
    Missing missing;
    missing.marking = {MarkerKind::Io, {function, kNoId}, ""};
    missing.because = nameOf(call.caller) + ", which is for any thread, calls it";
    missing.place = call.place;
    Id callee = function;
    for (uint32_t at = position;;) {
      const Call& step = program_.calls()[at];
      rules::Step up = rules::callStep(program_, step, callee, EdgeKind::Direct);
      up.reason = nameOf(step.caller) + " " + up.reason;
      missing.reason.push_back(std::move(up));
      callee = step.caller;
      auto found = demanded_.find(callee);
      if (found == demanded_.end())
        break;
      at = found->second;
    }
    missing.reason.push_back(rules::markerStep(program_, callee, kAnyThread));
    inference_.missing.push_back(std::move(missing));
  }

  const Input& input_;
  const Program& program_;
  const MarkerKinds& kinds_;
  Inference& inference_;
  llvm::DenseSet<Id> has_role_;
  llvm::DenseSet<Id> settled_;             ///< bound to the main loop, at least by some way
  llvm::MapVector<Id, uint32_t> demanded_; ///< with the call that does
};

} // namespace

void inferThreadContexts(const Input& input, const MarkerKinds& kinds, Inference& inference) {
  ThreadContexts(input, kinds, inference).run();
}

} // namespace lockvet::infer
