// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/order_sites.h"

#include "analyzer/locks/signal_waits.h"
#include "analyzer/locks/thread_joins.h"
#include "llvm/ADT/STLExtras.h"

namespace lockvet::locks {

using program::Call;
using program::EdgeKind;
using program::Target;

namespace {

/// A recursion over a list names a lock anew at each step; what a function takes for its callers
/// under more names than these is left out.
constexpr size_t kMostOpen = 16;

/// Does the operation wait until it has the lock? One that tries waits for nobody.
bool waits(Operation operation) {
  return operation == Operation::Acquire || operation == Operation::AcquireShared;
}

/// Readers that nobody writes against wait for nobody; who must not be called by one waits for
/// them.
bool isReadOnly(const config::LockType* type) {
  return type && type->acquire.empty() && !type->acquire_shared.empty();
}

bool waitsForReaders(const Requirement& requirement, const config::LockType* type) {
  return requirement.kind == Requirement::Kind::Excluded && !requirement.marker && isReadOnly(type);
}

/// The index of the parameter that a path starts at; kObject for `this`, no value for all others.
std::optional<uint32_t> rootParameter(llvm::StringRef path) {
  uint32_t index = facts::Argument::kObject;
  if (path.consume_front("$"))
    return path.consumeInteger(10, index) ? std::nullopt : std::optional(index);
  return path == "this" || path.starts_with("this->") ? std::optional(index) : std::nullopt;
}

} // namespace

OrderSites::OrderSites(const program::Program& program, const program::Callers& callers,
                       const Bodies& bodies, const LockOperations& operations,
                       const LockEffects& effects, PathTable& paths, const config::Config& config)
    : program_(program), bodies_(bodies), operations_(operations), effects_(effects),
      paths_(paths) {
  findWrapped();
  addLocks(callers);
  const WaitOperations waits = waitOperations(program_, config);
  addThreads(waits);
  addSignals(waits);
}

/// A parameter behind which a wrapper stands, made on the spot around a lock of any kind, is no
/// class of locks itself. Handed on as it is, it stays one.
void OrderSites::findWrapped() {
  std::vector<std::pair<Id, uint32_t>> work;
  auto add = [&](const Call& call, uint32_t index) {
    program_.forEachTarget(call, [&](Target target) {
      if (target.function != kNoId && wrapped_.insert({target.function, index}).second)
        work.push_back({target.function, index});
    });
  };
  for (const Call& call : program_.calls())
    for (const PathArgument& argument : bodies_.argumentsOf(program_.indexOf(call)))
      if (argument.function != kNoId)
        add(call, argument.index);
  while (!work.empty()) {
    const auto [function, index] = work.back();
    work.pop_back();
    for (const Call& call : program_.callsOf(function))
      for (const PathArgument& argument : bodies_.argumentsOf(program_.indexOf(call)))
        if (rootParameter(paths_.text(argument.path)) == index)
          add(call, argument.index);
  }
}

bool OrderSites::isWrapped(Id function, PathId path) const {
  const std::optional<uint32_t> index = rootParameter(paths_.text(path));
  return index && wrapped_.contains({function, *index});
}

/// The class of a lock that a function knows by this path; kNoPath where it has none. `name` is
/// what the path's last step is, as far as a call says it: a member, or a mere type.
PathId OrderSites::className(Id function, PathId path, PathId name) const {
  if (path == kNoPath || path == kElsewhere)
    return kNoPath;
  if (paths_.isGlobal(path))
    return path;
  const llvm::StringRef text = paths_.text(path);
  if (!text.contains("->") || isWrapped(function, path))
    return kNoPath;
  if (name != kNoPath)
    return paths_.text(name).contains("::") ? name : kNoPath;
  for (const LockEffects::Touched& lock : effects_.touchedBy(function))
    if (lock.path == path && lock.lock.name != kNoPath)
      return className(function, path, lock.lock.name);
  // A member of the method's own object.
  llvm::StringRef member = text;
  const llvm::StringRef record = program_.function(function).qualified_name.rsplit("::").first;
  if (!member.consume_front("this->") || member.contains("->") || record.empty())
    return kNoPath;
  return paths_.intern((record + "::" + member).str());
}

/// Does a function ask whether a lock is held already, or hand it on that it took on some ways
/// only, which says that it asked? Then it does not wait where it holds the lock.
bool OrderSites::asksFirst(Id function, PathId path) const {
  for (const Call& call : program_.callsOf(function))
    for (const LockOperation& operation : operations_.operationsOf(call.callee))
      if (operation.operation == Operation::Tell &&
          paths_.toCaller(operation.path, bodies_.argumentsOf(program_.indexOf(call))) == path)
        return true;
  return llvm::any_of(effects_.of(function), [&](const LockEffect& effect) {
    bool leaves = false, takes = false;
    forEachOutcome(effect.effect.at(Hold::Unknown), [&](Hold hold, program::FlagValue) {
      takes |= isHeld(hold);
      leaves |= !isHeld(hold);
    });
    return effect.path == path && takes && leaves;
  });
}

uint32_t OrderSites::nodeFor(const OrderNode& node) {
  const auto next = static_cast<uint32_t>(nodes_.size());
  const bool is_thread = node.kind == OrderNode::Kind::Thread;
  auto& nodes = is_thread                              ? thread_nodes_
                : node.kind == OrderNode::Kind::Signal ? signal_nodes_
                                                       : lock_nodes_;
  auto [found, is_new] = nodes.insert({is_thread ? node.entry : node.lock.name, next});
  if (is_new)
    nodes_.push_back(node);
  return found->second;
}

std::optional<uint32_t> OrderSites::nodeOf(Id function, PathId path, PathId name) const {
  auto found = lock_nodes_.find(className(function, path, name));
  return found == lock_nodes_.end() ? std::nullopt : std::optional(found->second);
}

void OrderSites::addSite(Id function, OrderSite site) {
  auto& sites = sites_[function];
  if (llvm::none_of(sites, [&](const OrderSite& other) {
        return other.call == site.call && other.node == site.node &&
               other.is_shared == site.is_shared;
      }))
    sites.push_back(site);
}

/// What `taken` is in the function around a call: a site there, or its callers' matter.
void OrderSites::addAtCall(uint32_t position, Id target, EdgeKind edge, const Open& taken) {
  const Id caller = program_.calls()[position].caller;
  // How a lock's own function takes it is no lock of its own.
  if (caller == kNoId || operations_.isPrimitive(caller))
    return;
  const llvm::ArrayRef<PathArgument> arguments = bodies_.argumentsOf(position);
  const PathId path = paths_.toCaller(taken.path, arguments);
  if (path == kNoPath)
    return;
  const PathArgument* handed = paths_.argumentOf(taken.path, arguments);
  PathId name =
      className(caller, path, handed && handed->path == path ? handed->path_class : kNoPath);
  // In a part of an object only the target may know which member it is.
  if (name == kNoPath && !isWrapped(target, taken.path))
    name = className(target, taken.path, kNoPath);
  if (name != kNoPath) {
    if (asksFirst(caller, path))
      return;
    const config::LockType* type = paths_.isGlobal(name) && operations_.typeOfGlobal(name)
                                       ? operations_.typeOfGlobal(name)
                                       : taken.type;
    const uint32_t node = nodeFor({OrderNode::Kind::Lock, {name, type}});
    nodes_[node].is_shared |= taken.is_shared;
    if (!taken.is_shared || !isReadOnly(type))
      addSite(caller, {position, target, edge, node, taken.is_shared, path});
    return;
  }
  auto& open = open_[caller];
  const Open mine{path, taken.type, taken.is_shared};
  if (!paths_.isLocal(path) && open.size() < kMostOpen && !llvm::is_contained(open, mine)) {
    open.push_back(mine);
    work_.push_back({caller, mine});
  }
}

void OrderSites::addLocks(const program::Callers& callers) {
  std::vector<Id> primitives;
  for (const auto& [function, list] : operations_.operations())
    primitives.push_back(function);
  // In the order of ids, so that every run numbers them alike.
  llvm::sort(primitives);
  for (Id function : primitives)
    for (const LockOperation& operation : operations_.operationsOf(function))
      if (waits(operation.operation))
        work_.push_back(
            {function,
             {operation.path, operation.type, operation.operation == Operation::AcquireShared}});
  for (const auto& [function, requirements] : operations_.requirements())
    for (const Requirement& requirement : requirements)
      if (waitsForReaders(requirement, operations_.typeOfGlobal(requirement.path)))
        work_.push_back(
            {function, {requirement.path, operations_.typeOfGlobal(requirement.path), false}});
  for (size_t next = 0; next < work_.size(); ++next) {
    const auto [function, taken] = work_[next];
    for (uint32_t position : callers.of(function))
      program_.forEachTarget(program_.calls()[position], [&](Target target) {
        if (target.function == function)
          addAtCall(position, target.function, target.kind, taken);
      });
  }
}

void OrderSites::addThreads(const WaitOperations& waits) {
  const ThreadJoins joins(program_, bodies_, waits);
  for (const ThreadJoins::Join& join : joins.all()) {
    const Call& call = program_.calls()[join.call];
    OrderNode node;
    node.kind = OrderNode::Kind::Thread;
    node.entry = join.entry;
    addSite(call.caller, {join.call, call.callee, EdgeKind::Direct, nodeFor(node), false});
  }
}

void OrderSites::addSignals(const WaitOperations& waits) {
  const SignalCalls calls(program_, bodies_, waits);
  auto nameOf = [&](const SignalCall& signal) {
    return className(program_.calls()[signal.call].caller, signal.object->path,
                     signal.object->path_class);
  };
  for (const SignalCall& signal : calls.signals)
    if (const PathId name = nameOf(signal); name != kNoPath)
      signals_[nodeFor({OrderNode::Kind::Signal, {name, nullptr}})].push_back(signal.call);
  for (const SignalCall& wait : calls.waits) {
    // What nobody is known to signal is signalled in a way that is not known.
    auto node = signal_nodes_.find(nameOf(wait));
    if (node == signal_nodes_.end())
      continue;
    const Call& call = program_.calls()[wait.call];
    OrderSite site;
    site.call = wait.call;
    site.target = call.callee;
    site.node = node->second;
    if (wait.released)
      site.released = nodeOf(call.caller, wait.released->path, wait.released->path_class);
    addSite(call.caller, site);
  }
}

} // namespace lockvet::locks
