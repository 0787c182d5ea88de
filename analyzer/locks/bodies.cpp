// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/bodies.h"

#include "analyzer/facts/serialize.h"
#include "analyzer/program/skeleton_queries.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace lockvet::locks {

using program::Call;
using program::Id;
using program::Program;

namespace {} // namespace

llvm::Expected<Bodies> Bodies::load(store::Store& store, const Program& program, PathTable& paths) {
  Bodies bodies(program);
  std::vector<std::pair<uint32_t, PathArgument>> found;
  llvm::Error bad = llvm::Error::success();
  llvm::Error failed = store.reader().forEachSkeleton([&](const store::SkeletonRow& row) {
    llvm::Expected<facts::Skeleton> skeleton = facts::parseSkeleton(row.bytes);
    if (!skeleton) {
      if (bad)
        llvm::consumeError(skeleton.takeError());
      else
        bad = skeleton.takeError();
      return;
    }
    bodies.raw_.push_back({row.function, row.fragment, row.bytes.str()});
    llvm::ArrayRef<Call> calls = program.callsOf(row.function);
    for (const facts::Block& block : skeleton->blocks)
      for (const facts::Event& event : block.events)
        for (const facts::Argument& argument : event.arguments) {
          if (argument.kind == facts::ArgumentKind::Constant)
            continue;
          const Call* call = program::callOf(calls, row.fragment, event.call);
          if (!call)
            continue;
          const auto position = static_cast<uint32_t>(program.indexOf(*call));
          if (argument.kind == facts::ArgumentKind::Function) {
            if (argument.function != facts::kNone)
              bodies.callbacks_[position].push_back({argument.index, argument.function});
          } else if (!argument.path.empty()) {
            found.push_back(
                {position,
                 {argument.index, paths.intern(argument.path), paths.intern(argument.path_class),
                  argument.function == facts::kNone ? program::kNoId : argument.function, kNoPath,
                  paths.intern(argument.part)}});
          }
        }
  });
  if (failed || bad) {
    if (failed) {
      llvm::consumeError(std::move(bad));
      return std::move(failed);
    }
    return llvm::createStringError("the store '" + store.path() + "' is damaged (" +
                                   llvm::toString(std::move(bad)) +
                                   "); delete it and run `lockvet index` again");
  }
  llvm::sort(found, [](const auto& a, const auto& b) {
    return std::pair(a.first, a.second.index) < std::pair(b.first, b.second.index);
  });
  bodies.first_argument_.assign(program.calls().size() + 1, 0);
  bodies.arguments_.reserve(found.size());
  for (const auto& [call, argument] : found) {
    ++bodies.first_argument_[call + 1];
    bodies.arguments_.push_back(argument);
  }
  for (size_t index = 1; index < bodies.first_argument_.size(); ++index)
    bodies.first_argument_[index] += bodies.first_argument_[index - 1];
  bodies.findWrappedObjects(paths);
  llvm::sort(bodies.raw_, [](const Raw& a, const Raw& b) {
    return std::pair(a.function, a.fragment) < std::pair(b.function, b.fragment);
  });
  return bodies;
}

/// A function in a wrapper is called with what the wrapper keeps beside it: x->lock(x->object).
void Bodies::findWrappedObjects(PathTable& paths) {
  llvm::DenseMap<Id, PathId> objects;
  for (const PathArgument& argument : arguments_)
    if (argument.function != program::kNoId)
      objects[argument.function] = kNoPath;
  if (objects.empty())
    return;
  for (const Call& call : program_->calls()) {
    if (call.slot == program::kNoId)
      continue;
    for (const PathArgument& handed : argumentsOf(program_->indexOf(call))) {
      const llvm::StringRef text = paths.text(handed.path);
      const size_t arrow = text.find("->");
      if (arrow == llvm::StringRef::npos || text.find("->", arrow + 2) != llvm::StringRef::npos)
        continue;
      for (const store::SlotTarget& target : program_->slotTargets(call.slot))
        if (auto found = objects.find(target.function); found != objects.end()) {
          found->second = paths.intern(text.drop_front(arrow));
          wrapper_slots_.insert(call.slot);
        }
    }
  }
  for (PathArgument& argument : arguments_)
    if (argument.function != program::kNoId)
      argument.object = objects.lookup(argument.function);
}

llvm::ArrayRef<Body> Bodies::of(Id function) const {
  auto [entry, is_new] = parsed_.try_emplace(function);
  if (is_new) {
    auto raw = std::lower_bound(raw_.begin(), raw_.end(), function,
                                [](const Raw& raw, Id wanted) { return raw.function < wanted; });
    for (; raw != raw_.end() && raw->function == function; ++raw) {
      // It was parsed once already.
      Body body;
      body.skeleton = llvm::cantFail(facts::parseSkeleton(raw->bytes));
      for (const Call& call : program_->callsOf(function))
        if (call.fragment == raw->fragment)
          body.calls[call.sequence] = static_cast<uint32_t>(program_->indexOf(call));
      entry->second.push_back(std::move(body));
    }
  }
  return entry->second;
}

} // namespace lockvet::locks
