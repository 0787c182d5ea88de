// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/bodies.h"

#include "llvm/ADT/STLExtras.h"

namespace lockvet::locks {

using program::Call;
using program::Id;
using program::Program;

Bodies::Bodies(const Program& program, const program::Skeletons& skeletons, PathTable& paths)
    : program_(program), skeletons_(skeletons) {
  std::vector<std::pair<uint32_t, PathArgument>> found;
  for (const Body& body : skeletons.all()) {
    if (!body.hands_over)
      continue;
    for (const program::Block& block : body.blocks)
      for (const program::Event& event : block.events)
        for (const program::Argument& argument : event.arguments) {
          if (argument.kind == facts::ArgumentKind::Constant || event.call == facts::kNone)
            continue;
          const uint32_t position = body.positionOf(event.call);
          if (argument.kind == facts::ArgumentKind::Function) {
            if (argument.function != program::kNoId)
              callbacks_[position].push_back({argument.index, argument.function});
          } else if (!argument.path.empty()) {
            found.push_back(
                {position,
                 {argument.index, paths.intern(argument.path), paths.intern(argument.path_class),
                  argument.function, kNoPath, paths.intern(argument.part)}});
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

} // namespace lockvet::locks
