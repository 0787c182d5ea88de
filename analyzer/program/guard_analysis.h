// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How ContextGuards are found: bodies are walked until what they say of contexts comes to rest.
// Made for one computation, by ContextGuards::compute(); nobody else needs it.

#pragma once

#include "analyzer/program/body_walk.h"
#include "analyzer/program/context_guards.h"
#include "analyzer/program/program_change.h"
#include "llvm/ADT/SetVector.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace lockvet::program {

class GuardAnalysis : private BodyWalk::Client {
public:
  GuardAnalysis(const Program& program, const Skeletons& skeletons, ContextGuards& guards)
      : program_(program), skeletons_(skeletons), guards_(guards) {}

  /// `other` and `before`: see ContextGuards::compute().
  void run(const ContextGuards* other, const ContextGuards* before, const ProgramChange* change);

private:
  void findWork(llvm::ArrayRef<Id> predicates);
  void reuse(const ContextGuards& before, const ProgramChange& change);
  void keep(Id function, const ContextGuards& before, const ProgramChange& change);
  bool tellsCallers(Id function) const;
  bool saysSoItself(Id function) const;
  void scan();
  void findNeverReturning();
  template <class Visit> void forEachCaller(Id callee, Visit visit) const {
    for (uint32_t call : program_.exactCallsTo(callee))
      if (const Id caller = program_.calls()[call].caller; caller != kNoId)
        visit(caller);
  }
  bool canReach(const Body& body) const;
  void scanArguments(const Body& body);
  void analyze(Id function);
  void analyzeBody(const Body& body);
  bool canReturn(const Call& call, Context context) const;
  FlagValue answer(uint32_t position, Context context) const override;
  void visitCall(uint32_t position, llvm::SmallVectorImpl<WalkState>& after) override;
  void visitReturn(const WalkState& state, FlagValue value) override;
  void visitExit(const WalkState& state) override;
  bool executeCall(const Call& call, const GuardState& state);
  void addConditionalExits(const GuardState& state);

  const Program& program_;
  const Skeletons& skeletons_;
  ContextGuards& guards_;
  llvm::SetVector<Id> work_;
  std::vector<bool> depends_on_parameter_;                      ///< by function
  std::vector<std::pair<uint32_t, KnownArgument>> handed_over_; ///< by call, constants and the like

  // Of the body under analysis.
  struct Reached {
    Contexts contexts = 0;
    uint64_t flags = 0; ///< what all ways to the call agree on
  };
  std::vector<Reached> reached_; ///< by call of the body
  uint32_t first_call_ = 0;
  Contexts exits_ = 0;
  /// By parameter and truth value. A parameter that is asked in no way to an exit is not in it.
  std::map<std::pair<uint32_t, bool>, Contexts> exits_where_;
  std::vector<std::pair<uint32_t, uint32_t>> parameters_; ///< flag and parameter, if never assigned
  Answers& answersIn(Context context) { return context == kInside ? inside_ : outside_; }
  Answers inside_ = 0;
  Answers outside_ = 0;
  std::optional<size_t> deciding_;
};

} // namespace lockvet::program
