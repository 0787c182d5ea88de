// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// While one of these lives, Ctrl-C ends the command that a session runs instead of the program. One
// at a time, since a signal handler belongs to the process.

#pragma once

#include "vrc/command/session.h"

#include <csignal>

namespace lockvet::shell {

class Interruption {
public:
  explicit Interruption(command::Session& session);
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

private:
  struct sigaction before_ = {};
};

} // namespace lockvet::shell
