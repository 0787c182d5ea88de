// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/awaited_callbacks.h"

namespace lockvet::locks {

namespace {

program::Contexts contextsOf(config::Registrar::Context context) {
  switch (context) {
  case config::Registrar::Context::Coroutine:
    return program::kInside;
  case config::Registrar::Context::Outside:
    return program::kOutside;
  case config::Registrar::Context::Unknown:
    break;
  }
  return program::kEither;
}

} // namespace

llvm::SmallVector<AwaitedCallbacks::Awaited, 1>
AwaitedCallbacks::at(const program::Call& call) const {
  llvm::SmallVector<Awaited, 1> awaited;
  if (call.callee == program::kNoId)
    return awaited;
  for (const Bodies::Callback& handed : bodies_.callbacksOf(program_.indexOf(call)))
    if (const auto context = program_.registrations().awaitedAt(call.callee, handed.index))
      awaited.push_back({handed.function, contextsOf(*context)});
  return awaited;
}

} // namespace lockvet::locks
