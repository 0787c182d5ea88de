// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In which contexts a function can be reached, and how: forward from roots (what markers,
// assertions, guards, `main` and thread entry points say) along calls, through unmarked functions.
// Computed once over a program, and then only read.

#pragma once

#include "analyzer/program/context_guards.h"
#include "analyzer/program/program.h"

#include <optional>
#include <vector>

namespace lockvet::program {

enum class RootKind : uint8_t {
  Marked,        ///< its marker says so
  Main,          ///< the program starts here
  Configured,    ///< the configuration says so
  ThreadEntry,   ///< handed to a function that starts threads
  CoroutineSlot, ///< stored where coroutine functions are called from
  Asserted,      ///< asserts the context itself
  Guarded        ///< called where a guard tells the context
};

/// How a function comes to run in a context: one step of the way back to a root.
struct Reach {
  RootKind root = RootKind::Marked; ///< where `call` has no value, and for Guarded
  std::optional<uint32_t> call;     ///< position in Program::calls() of the call that leads here
  bool is_root = false;
  EdgeKind edge = EdgeKind::Direct;    ///< of that call
  EdgeKind weakest = EdgeKind::Direct; ///< of the whole way
  uint32_t length = 0;                 ///< calls since the root
};

class ContextInference {
public:
  ContextInference(const Program& program, const ContextGuards& guards,
                   const config::Config& config);

  /// How a function is reached in one context, by the surest and then shortest way; no value if it
  /// is not.
  std::optional<Reach> reach(Id function, Context context) const;

  Contexts contexts(Id function) const;

  /// The calls from the root to the function, first to last, and the root itself.
  struct Way {
    Id root = kNoId;
    RootKind kind = RootKind::Marked;
    std::vector<uint32_t> calls; ///< positions in Program::calls(); a Guarded root's own call first
    std::vector<EdgeKind> edges; ///< of each call
    EdgeKind weakest = EdgeKind::Direct;
  };
  Way way(Id function, Context context) const;

private:
  void addRoots(const config::Config& config);
  void addRoot(Id function, Context context, RootKind kind);
  void propagate(EdgeKind most);
  void visitCalls(Id function, Context context, EdgeKind most);
  size_t node(Id function, Context context) const {
    return 2 * size_t{function} + (context == kOutside);
  }

  const Program& program_;
  const ContextGuards& guards_;
  std::vector<std::optional<Reach>> reached_;
  std::vector<size_t> queue_;
};

} // namespace lockvet::program
