// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/shell/interruption.h"

#include <atomic>

namespace lockvet::shell {

namespace {

std::atomic<command::Session*> running = nullptr;

void onSignal(int) {
  if (command::Session* session = running.load())
    session->interrupt();
}

} // namespace

Interruption::Interruption(command::Session& session) {
  running.store(&session);
  struct sigaction action = {};
  action.sa_handler = onSignal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &before_);
}

Interruption::~Interruption() {
  sigaction(SIGINT, &before_, nullptr);
  running.store(nullptr);
}

} // namespace lockvet::shell
