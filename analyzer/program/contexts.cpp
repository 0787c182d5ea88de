// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/contexts.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <tuple>

namespace lockvet::program {

namespace {

/// Functions that start a thread, and the argument that it runs.
struct ThreadStarter {
  llvm::StringRef name;
  uint32_t argument;
};
constexpr ThreadStarter kThreadStarters[] = {
    {"pthread_create", 2}, {"thrd_create", 1}, {"g_thread_new", 1}, {"g_thread_try_new", 1}};

/// Functions that start a stackful coroutine, and the argument that it runs.
constexpr ThreadStarter kCoroutineStarters[] = {{"makecontext", 1}};

} // namespace

ContextInference::ContextInference(const Program& program, const ContextGuards& guards,
                                   const config::Config& config)
    : program_(program), guards_(guards), reached_(2 * program.functions().size()) {
  addRoots(config);
  // Sure ways first: what is reached by direct calls keeps that way.
  for (EdgeKind most : {EdgeKind::Implicit, EdgeKind::Virtual, EdgeKind::Flow})
    propagate(most);
}

void ContextInference::addRoot(Id function, Context context, RootKind kind) {
  std::optional<Reach>& reach = reached_[node(function, context)];
  if (reach)
    return;
  reach = Reach();
  reach->is_root = true;
  reach->root = kind;
  queue_.push_back(node(function, context));
}

void ContextInference::addRoots(const config::Config& config) {
  for (Id id = 1; id < program_.functions().size(); ++id) {
    const Labels labels = program_.function(id).labels;
    if (labels & kMixedFn) {
      addRoot(id, kInside, RootKind::Marked);
      addRoot(id, kOutside, RootKind::Marked);
    } else if (labels & kCoroutineFn) {
      addRoot(id, kInside, RootKind::Marked);
    } else if (labels & kNoCoroutineFn) {
      addRoot(id, kOutside, RootKind::Marked);
    }
  }
  for (Id id : program_.named("main"))
    if (!program_.isMarked(id))
      addRoot(id, kOutside, RootKind::Main);
  for (const std::string& name : config.roots)
    for (Id id : program_.named(name))
      addRoot(id, kOutside, RootKind::Configured);
  for (Id id = 1; id < program_.functions().size(); ++id)
    if (!program_.isMarked(id))
      if (const Contexts exits = guards_.exits(id); exits != kEither)
        addRoot(id, static_cast<Context>(exits), RootKind::Asserted);

  auto is_argument_of = [&](const Slot& slot, uint32_t index, auto& starters) {
    return std::any_of(std::begin(starters), std::end(starters), [&](const ThreadStarter& starter) {
      return starter.argument == index && program_.function(slot.function).name == starter.name &&
             !program_.function(slot.function).is_defined;
    });
  };
  for (Id id = 1; id < program_.slots().size(); ++id) {
    const Slot& slot = program_.slot(id);
    std::optional<Context> context;
    RootKind kind = RootKind::CoroutineSlot;
    if (slot.labels & kCoroutineFn && !(slot.labels & kMixedFn)) {
      context = kInside;
    } else if (slot.kind == facts::SlotKind::Parameter && slot.function != kNoId) {
      if (is_argument_of(slot, slot.index, kThreadStarters)) {
        context = kOutside;
        kind = RootKind::ThreadEntry;
      } else if (is_argument_of(slot, slot.index, kCoroutineStarters)) {
        context = kInside;
      }
    }
    if (context)
      for (const store::SlotTarget& target : program_.slotTargets(id))
        if (!program_.isMarked(target.function))
          addRoot(target.function, *context, kind);
  }
}

void ContextInference::visitCalls(Id function, Context context, EdgeKind most) {
  const Reach from = *reached_[node(function, context)];
  for (const Call& call : program_.callsOf(function)) {
    const size_t position = program_.indexOf(call);
    const Contexts at = guards_.at(position);
    if (!(at & context))
      continue;
    program_.forEachTarget(call, [&](Target target) {
      // A marked function says itself where it runs; whether this call may is the rules' question.
      if (target.kind > most || target.function == kNoId || program_.isMarked(target.function))
        return;
      std::optional<Reach>& reach = reached_[node(target.function, context)];
      if (reach)
        return;
      reach = Reach();
      reach->call = static_cast<uint32_t>(position);
      reach->edge = target.kind;
      reach->weakest = std::max(from.weakest, target.kind);
      reach->length = from.length + 1;
      queue_.push_back(node(target.function, context));
    });
  }
}

void ContextInference::propagate(EdgeKind most) {
  // All that is known so far can reach more by the next weaker kind of edge.
  for (size_t index = 0; index < reached_.size(); ++index)
    if (reached_[index])
      queue_.push_back(index);
  llvm::sort(queue_, [&](size_t a, size_t b) {
    return std::tie(reached_[a]->length, a) < std::tie(reached_[b]->length, b);
  });
  // What a guard tells holds wherever the function around it is called from.
  if (most == EdgeKind::Implicit)
    for (const Call& call : program_.calls()) {
      const size_t position = program_.indexOf(call);
      const Contexts at = guards_.at(position);
      if (at == kEither || call.callee == kNoId || call.kind == facts::CallKind::Virtual ||
          program_.isMarked(call.callee) || guards_.isPredicate(call.callee))
        continue;
      std::optional<Reach>& reach = reached_[node(call.callee, static_cast<Context>(at))];
      if (reach)
        continue;
      reach = Reach();
      reach->is_root = true;
      reach->root = RootKind::Guarded;
      reach->call = static_cast<uint32_t>(position);
      queue_.push_back(node(call.callee, static_cast<Context>(at)));
    }
  for (size_t next = 0; next < queue_.size(); ++next) {
    const size_t index = queue_[next];
    visitCalls(static_cast<Id>(index / 2), index % 2 ? kOutside : kInside, most);
  }
  queue_.clear();
}

std::optional<Reach> ContextInference::reach(Id function, Context context) const {
  return reached_[node(function, context)];
}

Contexts ContextInference::contexts(Id function) const {
  Contexts contexts = 0;
  for (Context context : {kInside, kOutside})
    if (reached_[node(function, context)])
      contexts |= context;
  return contexts;
}

ContextInference::Way ContextInference::way(Id function, Context context) const {
  Way way;
  way.root = function;
  Id at = function;
  while (const std::optional<Reach>& reach = reached_[node(at, context)]) {
    if (reach->call) {
      way.calls.push_back(*reach->call);
      way.edges.push_back(reach->edge);
      way.weakest = std::max(way.weakest, reach->edge);
      at = program_.calls()[*reach->call].caller;
    }
    if (reach->is_root) {
      way.kind = reach->root;
      break;
    }
  }
  way.root = at;
  std::reverse(way.calls.begin(), way.calls.end());
  std::reverse(way.edges.begin(), way.edges.end());
  return way;
}

} // namespace lockvet::program
