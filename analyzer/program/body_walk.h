// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks all ways through a body, with what is known on each: the context, the values of flags, and
// a small state of the client's, such as how a lock is held. The client says what calls do; the
// walk follows conditions. Made for one body, used once.

#pragma once

#include "analyzer/program/body.h"
#include "analyzer/program/guard_state.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <compare>
#include <vector>

namespace lockvet::program {

/// What is known on one way.
struct WalkState {
  GuardState guard;
  uint8_t held = 0;                ///< the client's
  FlagValue returned = kUnknown;   ///< truth of what is returned, once that is clear
  FlagValue told = kUnknown;       ///< truth of what the call `told_by` answered on this way
  uint32_t told_by = facts::kNone; ///< position in Program::calls()

  auto operator<=>(const WalkState&) const = default;
};

class BodyWalk {
public:
  /// What the client knows of calls, and what it wants to hear.
  class Client {
  public:
    virtual ~Client() = default;

    /// What the call at a position in Program::calls() answers, where that is known.
    virtual FlagValue answer(uint32_t position, Context context) const = 0;
    /// The call at a position in Program::calls() happens. `after` has the state itself: change it,
    /// add others, or clear it where control does not come back.
    virtual void visitCall(uint32_t position, llvm::SmallVectorImpl<WalkState>& after) = 0;
    /// Control leaves with a value.
    virtual void visitReturn(const WalkState& state, FlagValue value) {
      (void)state;
      (void)value;
    }
    /// Control is at the end of the body.
    virtual void visitExit(const WalkState& state) { (void)state; }
  };

  struct Options {
    bool keeps_returns = false; ///< ways that return different truth values are told apart
    bool follows_flags = true;  ///< the values of flags are; without them it is many times faster
  };

  BodyWalk(const Body& body, Client& client, Options options)
      : body_(body), client_(client), options_(options) {}

  void run(llvm::ArrayRef<WalkState> entry);

private:
  /// A set in ascending order. Most have one or two states, for which a tree is slow.
  class States {
  public:
    bool insert(const WalkState& state);
    void insert(llvm::ArrayRef<WalkState> states) {
      for (const WalkState& state : states)
        insert(state);
    }
    bool empty() const { return states_.empty(); }
    size_t size() const { return states_.size(); }
    const WalkState* begin() const { return states_.begin(); }
    const WalkState* end() const { return states_.end(); }

  private:
    llvm::SmallVector<WalkState, 2> states_;
  };

  FlagValue answerIn(const WalkState& state, uint32_t call) const;
  FlagValue valueOf(const Event& event, const WalkState& state) const;
  void execute(const Block& block, States& states);
  void follow(const Block& block, const States& states);
  void wait(uint32_t block, const WalkState& state);

  const Body& body_;
  Client& client_;
  Options options_;
  std::vector<States> waiting_; ///< by block
  uint32_t first_waiting_ = 0;  ///< none waits at an earlier block
};

} // namespace lockvet::program
