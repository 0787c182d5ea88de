// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/thread_joins.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"

#include <map>

namespace lockvet::locks {

using program::Call;
using program::Id;
using program::kNoId;
using program::Program;

namespace {

/// The function that a call hands over in a parameter; kNoId where it hands over none by name.
Id handedAt(const Bodies& bodies, uint32_t call, uint32_t parameter) {
  for (const Bodies::Callback& handed : bodies.callbacksOf(call))
    if (handed.index == parameter)
      return handed.function;
  return kNoId;
}

} // namespace

ThreadJoins::ThreadJoins(const Program& program, const Bodies& bodies,
                         const WaitOperations& operations) {
  std::map<PathId, llvm::SmallSetVector<Id, 2>> by_handle;
  std::map<Id, llvm::SmallSetVector<Id, 2>> by_file;
  std::vector<std::pair<const Call*, PathId>> joins;
  for (const Call& call : program.calls()) {
    const config::WaitOperation* operation = operations.lookup(call.callee);
    if (!operation || call.caller == kNoId)
      continue;
    const auto position = static_cast<uint32_t>(program.indexOf(call));
    const PathArgument* name = argumentAt(bodies.argumentsOf(position), operation->object);
    const PathId handle = name ? name->path_class : kNoPath;
    if (operation->kind == config::WaitOperation::Kind::Start) {
      const Id entry = handedAt(bodies, position, operation->entry);
      if (entry == kNoId)
        continue;
      by_file[call.place.file].insert(entry);
      if (handle != kNoPath)
        by_handle[handle].insert(entry);
    } else if (operation->kind == config::WaitOperation::Kind::Join) {
      joins.push_back({&call, handle});
    }
  }
  for (const auto& [call, handle] : joins) {
    auto named = by_handle.find(handle);
    auto beside = by_file.find(call->place.file);
    Id entry = kNoId;
    if (handle != kNoPath && named != by_handle.end()) {
      if (named->second.size() == 1)
        entry = named->second.front();
    } else if (beside != by_file.end() && beside->second.size() == 1) {
      entry = beside->second.front();
    }
    if (entry != kNoId)
      joins_.push_back({static_cast<uint32_t>(program.indexOf(*call)), entry});
  }
}

} // namespace lockvet::locks
