// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks all ways through a body, with what is known on each: the context, and the values of flags.
// The client says what calls do; the walk follows conditions. Made for one body, used once.

#pragma once

#include "analyzer/facts/skeleton.h"
#include "analyzer/program/guard_state.h"
#include "llvm/ADT/ArrayRef.h"

#include <map>
#include <set>

namespace lockvet::program {

class BodyWalk {
public:
  /// What the client knows of calls, and what it wants to hear.
  class Client {
  public:
    virtual ~Client() = default;

    /// What a call answers, where that is known; `call` is an index into Fragment::calls.
    virtual FlagValue answer(uint32_t call, Context context) const = 0;
    /// A call happens; false where control does not come back from it.
    virtual bool visitCall(const facts::Event& event, const GuardState& state) = 0;
    /// Control leaves with a value.
    virtual void visitReturn(const GuardState& state, FlagValue value) = 0;
    /// Control is at the end of the body.
    virtual void visitExit(const GuardState& state) = 0;
  };

  BodyWalk(const facts::Skeleton& skeleton, Client& client)
      : skeleton_(skeleton), client_(client) {}

  void run(llvm::ArrayRef<GuardState> entry);

private:
  using States = std::set<GuardState>;

  FlagValue valueOf(const facts::Event& event, const GuardState& state) const;
  void execute(const facts::Block& block, States& states);
  void follow(const facts::Block& block, const States& states);

  const facts::Skeleton& skeleton_;
  Client& client_;
  std::map<uint32_t, States> waiting_;
};

} // namespace lockvet::program
