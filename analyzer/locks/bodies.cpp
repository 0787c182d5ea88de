// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/bodies.h"

#include "analyzer/program/skeleton_queries.h"
#include "llvm/ADT/STLExtras.h"

namespace lockvet::locks {

using program::Call;
using program::Id;
using program::Program;

Bodies::Bodies(const Program& program, const program::Skeletons& skeletons, PathTable& paths)
    : program_(program), skeletons_(skeletons) {
  std::vector<std::pair<uint32_t, PathArgument>> found;
  for (const program::Skeletons::Body& body : skeletons.all()) {
    const facts::Skeleton skeleton = skeletons.parse(body);
    llvm::ArrayRef<Call> calls = program.callsOf(body.function);
    for (const facts::Block& block : skeleton.blocks)
      for (const facts::Event& event : block.events)
        for (const facts::Argument& argument : event.arguments) {
          if (argument.kind == facts::ArgumentKind::Constant)
            continue;
          const Call* call = program::callOf(calls, body.fragment, event.call);
          if (!call)
            continue;
          const auto position = static_cast<uint32_t>(program.indexOf(*call));
          if (argument.kind == facts::ArgumentKind::Function) {
            if (argument.function != facts::kNone)
              callbacks_[position].push_back({argument.index, argument.function});
          } else if (!argument.path.empty()) {
            found.push_back(
                {position,
                 {argument.index, paths.intern(argument.path), paths.intern(argument.path_class),
                  argument.function == facts::kNone ? program::kNoId : argument.function, kNoPath,
                  paths.intern(argument.part)}});
          }
        }
  }
  llvm::sort(found, [](const auto& a, const auto& b) {
    return std::pair(a.first, a.second.index) < std::pair(b.first, b.second.index);
  });
  first_argument_.assign(program.calls().size() + 1, 0);
  arguments_.reserve(found.size());
  for (const auto& [call, argument] : found) {
    ++first_argument_[call + 1];
    arguments_.push_back(argument);
  }
  for (size_t index = 1; index < first_argument_.size(); ++index)
    first_argument_[index] += first_argument_[index - 1];
  findWrappedObjects(paths);
}

/// A function in a wrapper is called with what the wrapper keeps beside it: x->lock(x->object).
void Bodies::findWrappedObjects(PathTable& paths) {
  llvm::DenseMap<Id, PathId> objects;
  for (const PathArgument& argument : arguments_)
    if (argument.function != program::kNoId)
      objects[argument.function] = kNoPath;
  if (objects.empty())
    return;
  for (const Call& call : program_.calls()) {
    if (call.slot == program::kNoId)
      continue;
    for (const PathArgument& handed : argumentsOf(program_.indexOf(call))) {
      const llvm::StringRef text = paths.text(handed.path);
      const size_t arrow = text.find("->");
      if (arrow == llvm::StringRef::npos || text.find("->", arrow + 2) != llvm::StringRef::npos)
        continue;
      for (const store::SlotTarget& target : program_.slotTargets(call.slot))
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
    for (const program::Skeletons::Body& stored : skeletons_.of(function)) {
      Body body;
      body.skeleton = skeletons_.parse(stored);
      for (const Call& call : program_.callsOf(function))
        if (call.fragment == stored.fragment)
          body.calls[call.sequence] = static_cast<uint32_t>(program_.indexOf(call));
      entry->second.push_back(std::move(body));
    }
  }
  return entry->second;
}

} // namespace lockvet::locks
