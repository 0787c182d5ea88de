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

AwaitedCallbacks::AwaitedCallbacks(const program::Program& program, const config::Config& config,
                                   const Bodies& bodies)
    : program_(program), bodies_(bodies) {
  for (const config::Registrar& registrar : config.registrars)
    if (registrar.waits)
      for (program::Id function : program.named(registrar.function))
        registrars_[function].push_back({registrar.argument, contextsOf(registrar.context)});
}

llvm::SmallVector<AwaitedCallbacks::Awaited, 1>
AwaitedCallbacks::at(const program::Call& call) const {
  llvm::SmallVector<Awaited, 1> awaited;
  auto found = registrars_.find(call.callee);
  if (found == registrars_.end())
    return awaited;
  for (const Bodies::Callback& handed : bodies_.callbacksOf(program_.indexOf(call)))
    for (const Parameter& parameter : found->second)
      if (parameter.index == handed.index)
        awaited.push_back({handed.function, parameter.contexts});
  return awaited;
}

} // namespace lockvet::locks
