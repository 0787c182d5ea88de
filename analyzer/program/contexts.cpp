// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/contexts.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace lockvet::program {

namespace {

/// Ways to one function that differ in what they hand over; beyond these they are not told apart.
constexpr size_t kMaxVariants = 8;

/// A pointer that holds no more functions than these is taken to hold any of them, if it is not
/// known that it is called in both contexts.
constexpr size_t kFewKinds = 4;

} // namespace

ContextInference::ContextInference(const Program& program, const Callers& callers,
                                   const ContextGuards& guards)
    : program_(program), callers_(callers), guards_(guards) {
  // A caller may turn out to run in both contexts only after a call of it was followed in one: then
  // start again, knowing better. Each round knows more calls to be ambiguous, so this ends.
  first_of_.assign(2 * program.functions().size(), kNoNode);
  is_closed_.assign(first_of_.size(), false);
  addRoots();
  closeMarked();
  const std::vector<Node> roots = nodes_;
  const std::vector<uint32_t> first_roots = first_of_;
  const std::vector<bool> closed_by_roots = is_closed_;
  do {
    nodes_ = roots;
    first_of_ = first_roots;
    is_closed_ = closed_by_roots;
    propagateSurely();
    if (addOverridingRoots())
      propagateSurely();
  } while (findAmbiguousCalls());
  propagate(EdgeKind::Flow, /*with_ambiguous=*/true);
}

/// Functions of which it is asked whether they are also called from functions of which nothing
/// tells where they run, such as what a device does for a guest: directly, or behind unmarked
/// functions.
class ContextInference::UnknownCallers {
public:
  explicit UnknownCallers(const ContextInference& contexts)
      : contexts_(contexts), seen_(contexts.program_.functions().size()) {}

  /// Upwards until there is one. What was seen in vain has none above it.
  bool lead(Id function) {
    llvm::SmallVector<Id> waiting, seen_now;
    auto see = [&](Id next) {
      if (seen_[next])
        return;
      seen_[next] = true;
      seen_now.push_back(next);
      waiting.push_back(next);
    };
    if (contexts_.isMarked(function))
      return false;
    if (led_to_.contains(function))
      return true;
    see(function);
    while (!waiting.empty()) {
      const Id target = waiting.pop_back_val();
      for (uint32_t position : contexts_.callers_.of(target)) {
        const Call& call = contexts_.program_.calls()[position];
        if (contexts_.isMarked(call.caller) || isScheduling(call, target))
          continue;
        if (isUnknown(call.caller)) {
          for (Id other : seen_now)
            seen_[other] = false;
          led_to_.insert(function);
          return true;
        }
        see(call.caller);
      }
    }
    return false;
  }

private:
  const Registrations& registrations() const { return contexts_.program_.registrations(); }
  bool isScheduling(const Call& call, Id target) const {
    return edgeOf(call) == EdgeKind::Flow && registrations().isOnlyRegistered(target);
  }
  bool isUnknown(Id function) const {
    return !registrations().isOnlyRegistered(function) && !contexts_.isKnown(function, kInside) &&
           !contexts_.isKnown(function, kOutside);
  }

  const ContextInference& contexts_;
  std::vector<bool> seen_;    ///< by function
  llvm::DenseSet<Id> led_to_; ///< of which it is so
};

/// A marked function says itself where it runs; whether a call of it may is the rules' question.
void ContextInference::closeMarked() {
  for (Id id = 1; id < program_.functions().size(); ++id)
    if (isMarked(id))
      is_closed_[placeOf(id, kInside)] = is_closed_[placeOf(id, kOutside)] = true;
}

bool ContextInference::findAmbiguousCalls() {
  const size_t before = ambiguous_calls_.size();
  UnknownCallers unknown_callers(*this);
  for (const Node& node : nodes_) {
    if (!node.call || node.is_root ||
        (node.edge != EdgeKind::Flow && node.edge != EdgeKind::Virtual))
      continue;
    const Call& call = program_.calls()[*node.call];
    // What is handed over in a parameter is handed over on the way; what is in a field is up to the
    // object, where objects are of many kinds.
    const bool is_objects =
        call.slot == kNoId || (program_.slot(call.slot).kind == facts::SlotKind::Field &&
                               program_.slotTargets(call.slot).size() > kFewKinds);
    if (guards_.at(*node.call) == kEither &&
        ((isReached(call.caller, kInside) && isReached(call.caller, kOutside)) ||
         (is_objects && unknown_callers.lead(call.caller))))
      ambiguous_calls_.insert(*node.call);
  }
  return ambiguous_calls_.size() > before;
}

void ContextInference::add(Node node) {
  const size_t place = placeOf(node.function, node.context);
  if (is_closed_[place])
    return;
  size_t siblings = 0;
  uint32_t* end = &first_of_[place];
  for (; *end != kNoNode; end = &nodes_[*end].next, ++siblings) {
    // A way that assumes nothing can do all that one with assumptions can.
    const Assumptions& known = nodes_[*end].assumptions;
    const bool is_covered = llvm::all_of(known, [&](const ParameterCondition& condition) {
      return llvm::any_of(node.assumptions, [&](const ParameterCondition& other) {
        return other.index == condition.index && other.value == condition.value;
      });
    });
    if (is_covered)
      return;
  }
  if (siblings >= kMaxVariants)
    node.assumptions.clear();
  is_closed_[place] = node.assumptions.empty();
  *end = static_cast<uint32_t>(nodes_.size());
  nodes_.push_back(std::move(node));
}

void ContextInference::addRoot(Id function, Context context, RootKind kind, Id slot) {
  Node node;
  node.function = function;
  node.context = context;
  node.is_root = true;
  node.root = kind;
  node.slot = slot;
  add(std::move(node));
}

void ContextInference::addRoots() {
  for (Id id = 1; id < program_.functions().size(); ++id) {
    const Labels labels = program_.function(id).labels;
    if (dimension().isEither(labels)) {
      addRoot(id, kInside, RootKind::Marked);
      addRoot(id, kOutside, RootKind::Marked);
    } else if (labels & dimension().inside) {
      addRoot(id, kInside, RootKind::Marked);
    } else if (labels & dimension().outside) {
      addRoot(id, kOutside, RootKind::Marked);
    }
  }
  for (Id id : program_.named("main"))
    if (!isMarked(id))
      addRoot(id, dimension().of_main, RootKind::Main);
  for (const std::string& name : dimension().outside_roots)
    for (Id id : program_.named(name))
      addRoot(id, kOutside, RootKind::Configured);
  addSlotRoots();
  for (const Registration& registration : program_.registrations().all())
    if (std::optional<Context> context = dimension().contextOf(registration);
        context && !isMarked(registration.function))
      addRoot(registration.function, *context, RootKind::Registered, registration.slot);
  for (Id id = 1; id < program_.functions().size(); ++id)
    if (!isMarked(id))
      if (const Contexts exits = guards_.exits(id); exits != kEither)
        addRoot(id, static_cast<Context>(exits), RootKind::Asserted);
  addGuardedRoots();
}

void ContextInference::addSlotRoots() {
  for (Id id = 1; id < program_.slots().size(); ++id) {
    const Labels labels = program_.slot(id).labels;
    if ((labels & dimension().inside) && !dimension().isEither(labels))
      for (const store::SlotTarget& target : program_.slotTargets(id))
        if (!isMarked(target.function))
          addRoot(target.function, kInside, RootKind::CoroutineSlot, id);
  }
}

/// What a guard tells holds wherever the function around it is called from.
void ContextInference::addGuardedRoots() {
  for (const Call& call : program_.calls()) {
    const size_t position = program_.indexOf(call);
    const Contexts at = guards_.at(position);
    if (at == kEither || at == 0 || call.callee == kNoId || call.kind == facts::CallKind::Virtual ||
        isMarked(call.callee) || guards_.isPredicate(call.callee))
      continue;
    Node node;
    node.function = call.callee;
    node.context = static_cast<Context>(at);
    node.is_root = true;
    node.root = RootKind::Guarded;
    node.call = static_cast<uint32_t>(position);
    node.assumptions = guards_.assumptionsAt(position, {});
    add(std::move(node));
  }
}

/// An override that says nothing runs where its base says, even if no call of the base is known.
/// Added last: a call that is known tells more.
bool ContextInference::addOverridingRoots() {
  const size_t before = nodes_.size();
  llvm::DenseMap<Id, llvm::SmallVector<Id, 1>> bases;
  for (const store::OverrideRow& row : program_.overrides())
    bases[row.method].push_back(row.base);
  for (const store::OverrideRow& row : program_.overrides()) {
    if (isMarked(row.method))
      continue;
    // The nearest ones that say something: bases without a marker inherit their own bases' word.
    llvm::SmallVector<Id, 4> waiting = {row.base};
    llvm::DenseSet<Id> seen;
    while (!waiting.empty()) {
      const Id base = waiting.pop_back_val();
      if (!seen.insert(base).second)
        continue;
      if (!isMarked(base)) {
        llvm::append_range(waiting, bases.lookup(base));
        continue;
      }
      Node node;
      node.function = row.method;
      node.is_root = true;
      node.root = RootKind::Overriding;
      node.base = base;
      for (Context context : {kInside, kOutside}) {
        node.context = context;
        const Labels labels = program_.function(base).labels;
        const bool is_inside = labels & dimension().inside;
        if (dimension().isEither(labels) || is_inside == (context == kInside))
          add(node);
      }
    }
  }
  return nodes_.size() > before;
}

void ContextInference::visitCalls(size_t from, EdgeKind most, bool with_ambiguous) {
  const uint8_t visiting =
      with_ambiguous ? kAllVisited : static_cast<uint8_t>(static_cast<uint8_t>(most) + 1);
  if (nodes_[from].visited >= visiting)
    return;
  Node& node = nodes_[from];
  const uint8_t visited = std::exchange(node.visited, visiting);
  if (program_.function(node.function).labels & kOpaque)
    return;
  // New nodes may move the others.
  const Visit visit{from, node.context, node.assumptions, node.weakest, node.is_ambiguous};
  for (const Call& call : program_.callsOf(node.function)) {
    const size_t position = program_.indexOf(call);
    // What was followed before leads nowhere new.
    const EdgeKind edge = edgeOf(call);
    if (edge > most ||
        (static_cast<uint8_t>(edge) < visited &&
         !(with_ambiguous && ambiguous_calls_.contains(static_cast<uint32_t>(position)))))
      continue;
    const bool is_exact = edge == EdgeKind::Direct || edge == EdgeKind::Implicit;
    if (is_exact && is_closed_[placeOf(call.callee, visit.context)])
      continue;
    if (!guards_.isFeasible(position, visit.context, visit.assumptions))
      continue;
    // A call that breaks the marker of what it names is a finding itself; behind it the marker
    // holds.
    const Labels named = call.callee != kNoId ? program_.function(call.callee).labels
                         : call.slot != kNoId ? program_.slot(call.slot).labels
                                              : 0;
    if (dimension().forbids(named, visit.context))
      continue;
    const bool is_ambiguous = ambiguous_calls_.contains(static_cast<uint32_t>(position));
    if (is_ambiguous && !with_ambiguous)
      continue;
    if (is_exact)
      visitTarget(visit, position, {call.callee, edge}, is_ambiguous);
    else
      program_.forEachTarget(
          call, [&](Target target) { visitTarget(visit, position, target, is_ambiguous); });
  }
}

void ContextInference::visitTarget(const Visit& visit, size_t call, Target target,
                                   bool is_ambiguous) {
  if (target.function == kNoId || is_closed_[placeOf(target.function, visit.context)])
    return;
  // Scheduling is not calling: the dispatcher does that, where registrars are known to run it.
  if (target.kind == EdgeKind::Flow && program_.registrations().isOnlyRegistered(target.function))
    return;
  Node node;
  node.function = target.function;
  node.context = visit.context;
  node.assumptions = guards_.assumptionsAt(call, visit.assumptions);
  node.call = static_cast<uint32_t>(call);
  node.from = visit.from;
  node.edge = target.kind;
  node.weakest = std::max(visit.weakest, target.kind);
  node.is_ambiguous = visit.is_ambiguous || is_ambiguous;
  add(std::move(node));
}

/// Breadth first. All that is known so far can reach more by the next weaker kind of edge.
void ContextInference::propagate(EdgeKind most, bool with_ambiguous) {
  for (size_t next = 0; next < nodes_.size(); ++next)
    visitCalls(next, most, with_ambiguous);
}

/// Sure ways first: what is reached by direct calls keeps that way.
void ContextInference::propagateSurely() {
  for (EdgeKind most : {EdgeKind::Implicit, EdgeKind::Virtual, EdgeKind::Flow})
    propagate(most, /*with_ambiguous=*/false);
}

bool ContextInference::isReached(Id function, Context context) const {
  return anyNode(function, context, [&](uint32_t node) { return !nodes_[node].is_ambiguous; });
}

std::optional<Way> ContextInference::wayTo(const Call& call, Context context) const {
  const size_t position = program_.indexOf(call);
  std::optional<size_t> best;
  forEachNode(call.caller, context, [&](uint32_t node) {
    if (isFeasible(nodes_[node], position) &&
        (!best || nodes_[*best].is_ambiguous > nodes_[node].is_ambiguous))
      best = node;
  });
  return best ? std::optional(wayOf(*best)) : std::nullopt;
}

std::optional<Way> ContextInference::wayInto(Id function, Context context) const {
  std::optional<size_t> best;
  forEachNode(function, context, [&](uint32_t node) {
    if (!best || nodes_[*best].is_ambiguous > nodes_[node].is_ambiguous)
      best = node;
  });
  return best ? std::optional(wayOf(*best)) : std::nullopt;
}

Way ContextInference::wayOf(size_t last) const {
  Way way;
  way.weakest = nodes_[last].weakest;
  way.is_ambiguous = nodes_[last].is_ambiguous;
  way.root = nodes_[last].function;
  for (size_t at = last;; at = nodes_[at].from) {
    const Node& node = nodes_[at];
    if (node.call) {
      way.calls.push_back(*node.call);
      way.edges.push_back(node.edge);
      way.root = program_.calls()[*node.call].caller;
    }
    if (node.is_root) {
      way.kind = node.root;
      way.slot = node.slot;
      way.base = node.base;
      break;
    }
  }
  std::reverse(way.calls.begin(), way.calls.end());
  std::reverse(way.edges.begin(), way.edges.end());
  return way;
}

std::vector<Id> ContextInference::callersLeadingTo(const Call& call, Context context) const {
  std::vector<Id> callers;
  for (uint32_t position : program_.exactCallsTo(call.caller)) {
    const Id caller = program_.calls()[position].caller;
    if (caller == kNoId || caller == call.caller)
      continue;
    auto leads_there = [&](const Node& from) {
      Node to;
      to.context = context;
      to.assumptions = guards_.assumptionsAt(position, from.assumptions);
      return isFeasible(to, program_.indexOf(call));
    };
    const bool is_guarded = guards_.at(position) == context && leads_there(Node());
    if (is_guarded || anyNode(caller, context, [&](uint32_t index) {
          const Node& node = nodes_[index];
          return !node.is_ambiguous && isFeasible(node, position) && leads_there(node);
        }))
      callers.push_back(caller);
  }
  llvm::sort(callers);
  callers.erase(llvm::unique(callers), callers.end());
  return callers;
}

} // namespace lockvet::program
