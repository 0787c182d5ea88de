// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/signal_waits.h"

namespace lockvet::locks {

using program::Call;
using Kind = config::WaitOperation::Kind;

SignalCalls::SignalCalls(const program::Program& program, const Bodies& bodies,
                         const WaitOperations& operations) {
  for (const Call& call : program.calls()) {
    if (call.caller == program::kNoId)
      continue;
    // A pointer to one of them is followed, too: profilers put themselves in between.
    const config::WaitOperation* operation = nullptr;
    program.forEachTarget(call, [&](program::Target target) {
      if (!operation)
        operation = operations.lookup(target.function);
    });
    if (!operation || (operation->kind != Kind::Wait && operation->kind != Kind::Signal))
      continue;
    const auto position = static_cast<uint32_t>(program.indexOf(call));
    const llvm::ArrayRef<PathArgument> arguments = bodies.argumentsOf(position);
    const SignalCall found = {position, argumentAt(arguments, operation->object),
                              operation->releases ? argumentAt(arguments, *operation->releases)
                                                  : nullptr};
    if (found.object)
      (operation->kind == Kind::Wait ? waits : signals).push_back(found);
  }
}

} // namespace lockvet::locks
