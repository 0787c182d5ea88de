// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the command line of the daemon says, in the manner of qemu-storage-daemon: steps that are
// taken in the order in which they stand, and a few options about the process. A value, made before
// anything runs; it needs no lock.

#ifndef LOCKVET_EXAMPLES_HYPERVISOR_COMMAND_LINE_H
#define LOCKVET_EXAMPLES_HYPERVISOR_COMMAND_LINE_H

#include "runtime/control/json/key_value.h"

#include <span>
#include <vector>

namespace blockd {

// One of blockdev, object, export, nbd-server, chardev, monitor and metrics, with what it is given.
struct Step {
  std::string option;
  lockvet::runtime::control::ParsedArgument argument;
};

struct CommandLine {
  enum class Action { serve, help, version };
  Action action = Action::serve;
  std::vector<Step> steps;
  std::string pid_file;
  bool daemonize = false;
};

extern const char* const help_text;

// The error is a sentence. Reads the files of --config.
std::expected<CommandLine, std::string> parse_command_line(std::span<char* const> arguments);

} // namespace blockd

#endif // LOCKVET_EXAMPLES_HYPERVISOR_COMMAND_LINE_H
