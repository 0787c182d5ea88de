// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In which contexts a function can be reached, and how: forward from roots (what markers,
// assertions, guards, `main` and registrars say) along calls, through unmarked functions. Computed
// once over a program in each dimension, and then only read.

#pragma once

#include "analyzer/program/callers.h"
#include "analyzer/program/context_guards.h"
#include "analyzer/program/program.h"

#include <optional>
#include <vector>

namespace lockvet::program {

enum class RootKind : uint8_t {
  Marked,        ///< its marker says so
  Main,          ///< the program starts here
  Configured,    ///< the configuration says so
  Registered,    ///< handed to a registrar, which runs it there
  CoroutineSlot, ///< stored where coroutine functions are called from
  Asserted,      ///< asserts the context itself
  Guarded,       ///< called where a guard tells the context
  Overriding     ///< overrides a method whose marker says so, and nothing else is known of it
};

/// How a function comes to run in a context.
struct Way {
  Id root = kNoId;
  RootKind kind = RootKind::Marked;
  Id slot = kNoId;             ///< the pointer that makes the root one: Registered, CoroutineSlot
  Id base = kNoId;             ///< the marked method that the root overrides: Overriding
  std::vector<uint32_t> calls; ///< positions in Program::calls(), from the root to the function
  std::vector<EdgeKind> edges; ///< of each call
  EdgeKind weakest = EdgeKind::Direct;
  /// It passes a call through a pointer whose caller runs in both contexts: which of the pointer's
  /// functions run in which is up to the objects, and not known.
  bool is_ambiguous = false;
};

class ContextInference {
public:
  /// In the dimension of the guards.
  ContextInference(const Program& program, const Callers& callers, const ContextGuards& guards);

  /// The surest and then shortest way on which a call happens in a context; no value if there is
  /// none. Guards at the call, and conditions on the caller's parameters, are honoured.
  std::optional<Way> wayTo(const Call& call, Context context) const;

  /// The surest and then shortest way on which a function is entered in a context.
  std::optional<Way> wayInto(Id function, Context context) const;

  /// The functions that call `call`'s caller by its name, so that the call happens in the context;
  /// sorted, and without those that only ambiguous ways lead to.
  std::vector<Id> callersLeadingTo(const Call& call, Context context) const;

  /// Is a function reached in a context at all, and not only by ambiguous ways?
  bool isReached(Id function, Context context) const;

private:
  static constexpr uint32_t kNoNode = UINT32_MAX;
  struct Node {
    Id function = kNoId;
    Context context = kInside;
    Assumptions assumptions;
    bool is_root = false;
    RootKind root = RootKind::Marked;
    Id slot = kNoId;              ///< of a root: Way::slot
    Id base = kNoId;              ///< of a root: Way::base
    std::optional<uint32_t> call; ///< the call that leads here; a Guarded root's, too
    size_t from = 0;              ///< the caller's node, where it is no root
    EdgeKind edge = EdgeKind::Direct;
    EdgeKind weakest = EdgeKind::Direct;
    bool is_ambiguous = false;
    /// What the node's calls were followed through: kinds of edges up to one less than this, and
    /// ambiguous calls if it is kAllVisited.
    uint8_t visited = 0;
    uint32_t next = kNoNode; ///< found later, of the same function in the same context
  };
  static constexpr uint8_t kAllVisited = static_cast<uint8_t>(EdgeKind::Flow) + 2;

  Way wayOf(size_t node) const;
  void addRoots();
  void addGuardedRoots();
  void addSlotRoots();
  bool addOverridingRoots();
  void addRoot(Id function, Context context, RootKind kind, Id slot = kNoId);
  void add(Node node);
  void propagate(EdgeKind most, bool with_ambiguous);
  void propagateSurely();
  bool findAmbiguousCalls();
  class UnknownCallers;
  void closeMarked();
  /// The node whose calls are followed.
  struct Visit {
    size_t from = 0;
    Context context = kInside;
    Assumptions assumptions;
    EdgeKind weakest = EdgeKind::Direct;
    bool is_ambiguous = false;
  };
  void visitCalls(size_t from, EdgeKind most, bool with_ambiguous);
  void visitTarget(const Visit& visit, size_t call, Target target, bool is_ambiguous);
  const ContextDimension& dimension() const { return guards_.dimension(); }
  bool isMarked(Id function) const {
    return dimension().isMarked(program_.function(function).labels);
  }
  bool isFeasible(const Node& node, size_t call) const {
    return guards_.isFeasible(call, node.context, node.assumptions);
  }
  /// Is there a node of a function in a context for which this is so?
  template <class Predicate> bool anyNode(Id function, Context context, Predicate predicate) const {
    for (uint32_t at = first_of_[placeOf(function, context)]; at != kNoNode; at = nodes_[at].next)
      if (predicate(at))
        return true;
    return false;
  }
  template <class Visit> void forEachNode(Id function, Context context, Visit visit) const {
    for (uint32_t at = first_of_[placeOf(function, context)]; at != kNoNode; at = nodes_[at].next)
      visit(at);
  }
  bool isKnown(Id function, Context context) const {
    return first_of_[placeOf(function, context)] != kNoNode;
  }
  static size_t placeOf(Id function, Context context) {
    return (2 * size_t{function}) + (context == kOutside);
  }

  const Program& program_;
  const Callers& callers_;
  const ContextGuards& guards_;
  std::vector<Node> nodes_; ///< in the order in which they were found: sure and short ways first
  std::vector<uint32_t> first_of_; ///< by function and context
  /// By the same: nothing more is to be known, since it has a marker, or a node that assumes
  /// nothing and so can do all that others can.
  std::vector<bool> is_closed_;
  llvm::DenseSet<uint32_t> ambiguous_calls_; ///< positions in Program::calls()
};

} // namespace lockvet::program
