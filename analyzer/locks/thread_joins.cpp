// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/thread_joins.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"

#include <map>
#include <optional>

namespace lockvet::locks {

using program::Call;
using program::Id;
using program::kNoId;
using program::Program;

namespace {

constexpr uint32_t kObject = facts::Argument::kObject;

/// Functions that start a thread: which argument is its name, and which the function to run.
struct Starter {
  llvm::StringRef name; ///< qualified, without a template's arguments
  uint32_t handle;
  uint32_t entry;
};
constexpr Starter kStarters[] = {{"pthread_create", 0, 2},
                                 {"thrd_create", 0, 1},
                                 {"qemu_thread_create", 0, 2},
                                 {"std::thread::thread", kObject, 0},
                                 {"std::jthread::jthread", kObject, 0}};

/// Functions that wait until a thread has ended.
struct Joiner {
  llvm::StringRef name;
  uint32_t handle;
};
constexpr Joiner kJoiners[] = {{"pthread_join", 0},
                               {"thrd_join", 0},
                               {"qemu_thread_join", 0},
                               {"std::thread::join", kObject},
                               {"std::jthread::join", kObject}};

/// The functions of a table, by id.
template <typename Entry>
llvm::DenseMap<Id, const Entry*> functionsOf(const Program& program, llvm::ArrayRef<Entry> table) {
  llvm::DenseMap<Id, const Entry*> functions;
  for (Id id = 1; id < program.functions().size(); ++id) {
    const llvm::StringRef name = program.function(id).qualified_name.split('<').first;
    for (const Entry& entry : table)
      if (entry.name == name)
        functions[id] = &entry;
  }
  return functions;
}

/// The class of the object that an argument is; kNoPath where it is no member and no global.
PathId classOf(llvm::ArrayRef<PathArgument> arguments, uint32_t index) {
  for (const PathArgument& argument : arguments)
    if (argument.index == index)
      return argument.path_class;
  return kNoPath;
}

/// What functions hand over to starters, by the function that does.
using Handed = llvm::DenseMap<Id, llvm::SmallVector<const program::Flow*, 1>>;

Handed handedToStarters(const Program& program,
                        const llvm::DenseMap<Id, const Starter*>& starters) {
  Handed handed;
  for (const program::Flow& flow : program.flows()) {
    if (flow.to_slot == kNoId || flow.from_function == kNoId)
      continue;
    const program::Slot& slot = program.slot(flow.to_slot);
    if (slot.kind == facts::SlotKind::Parameter && starters.contains(slot.function))
      handed[flow.holder].push_back(&flow);
  }
  return handed;
}

/// The function that is handed over at a call of a starter: of those that flow into its parameter
/// in the same function, the one that stands next behind the call's name.
Id startedAt(const Program& program, const Handed& handed, const Call& call, uint32_t parameter) {
  Id entry = kNoId;
  uint32_t best = UINT32_MAX;
  for (const program::Flow* flow : handed.lookup(call.caller)) {
    if (flow->place.file != call.place.file || flow->place.line < call.place.line)
      continue;
    const program::Slot& slot = program.slot(flow->to_slot);
    if (slot.function == call.callee && slot.index == parameter &&
        flow->place.line - call.place.line < best) {
      best = flow->place.line - call.place.line;
      entry = flow->from_function;
    }
  }
  return entry;
}

} // namespace

ThreadJoins::ThreadJoins(const Program& program, const Bodies& bodies) {
  const auto starters = functionsOf<Starter>(program, kStarters);
  const auto joiners = functionsOf<Joiner>(program, kJoiners);
  const Handed handed = handedToStarters(program, starters);
  std::map<PathId, llvm::SmallSetVector<Id, 2>> by_handle;
  std::map<Id, llvm::SmallSetVector<Id, 2>> by_file;
  std::vector<std::pair<const Call*, PathId>> joins;
  for (const Call& call : program.calls()) {
    if (call.caller == kNoId || call.callee == kNoId)
      continue;
    const llvm::ArrayRef<PathArgument> arguments = bodies.argumentsOf(program.indexOf(call));
    if (const Starter* starter = starters.lookup(call.callee)) {
      const Id entry = startedAt(program, handed, call, starter->entry);
      if (entry == kNoId)
        continue;
      by_file[call.place.file].insert(entry);
      if (const PathId handle = classOf(arguments, starter->handle); handle != kNoPath)
        by_handle[handle].insert(entry);
    }
    if (const Joiner* joiner = joiners.lookup(call.callee))
      joins.push_back({&call, classOf(arguments, joiner->handle)});
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
