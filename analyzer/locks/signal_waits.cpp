// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/signal_waits.h"

namespace lockvet::locks {

using program::Call;
using program::Id;

namespace {

constexpr uint32_t kNone = UINT32_MAX;

/// Functions whose first argument is the object. Waits that end after some time are none.
struct Signaller {
  llvm::StringRef name;
  bool waits;
  uint32_t released = kNone; ///< index of the lock that is given back
};
constexpr Signaller kSignallers[] = {{"pthread_cond_wait", true, 1},
                                     {"pthread_cond_signal", false},
                                     {"pthread_cond_broadcast", false},
                                     {"cnd_wait", true, 1},
                                     {"cnd_signal", false},
                                     {"cnd_broadcast", false},
                                     {"sem_wait", true},
                                     {"sem_post", false},
                                     {"qemu_cond_wait_impl", true, 1},
                                     {"qemu_cond_signal", false},
                                     {"qemu_cond_broadcast", false},
                                     {"qemu_sem_wait", true},
                                     {"qemu_sem_post", false},
                                     {"qemu_event_wait", true},
                                     {"qemu_event_set", false},
                                     {"wait_for_completion", true},
                                     {"complete", false},
                                     {"complete_all", false}};

const PathArgument* argumentAt(llvm::ArrayRef<PathArgument> arguments, uint32_t index) {
  for (const PathArgument& argument : arguments)
    if (argument.index == index && argument.path != kNoPath)
      return &argument;
  return nullptr;
}

} // namespace

SignalCalls::SignalCalls(const program::Program& program, const Bodies& bodies) {
  llvm::DenseMap<Id, const Signaller*> functions;
  for (const Signaller& signaller : kSignallers)
    for (Id function : program.named(signaller.name))
      functions[function] = &signaller;
  for (const Call& call : program.calls()) {
    // A pointer to one of them is followed, too: profilers put themselves in between.
    const Signaller* signaller = nullptr;
    program.forEachTarget(call, [&](program::Target target) {
      if (!signaller && target.function != program::kNoId)
        signaller = functions.lookup(target.function);
    });
    if (!signaller || call.caller == program::kNoId)
      continue;
    const auto position = static_cast<uint32_t>(program.indexOf(call));
    const llvm::ArrayRef<PathArgument> arguments = bodies.argumentsOf(position);
    const SignalCall found = {position, argumentAt(arguments, 0),
                              argumentAt(arguments, signaller->released)};
    if (found.object)
      (signaller->waits ? waits : signals).push_back(found);
  }
}

} // namespace lockvet::locks
