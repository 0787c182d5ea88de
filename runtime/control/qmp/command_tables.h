// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parts of the table of commands, each next to what they do. Constants; they need no lock.

#ifndef LOCKVET_RUNTIME_CONTROL_QMP_COMMAND_TABLES_H
#define LOCKVET_RUNTIME_CONTROL_QMP_COMMAND_TABLES_H

#include "runtime/control/qmp/command.h"

namespace lockvet::runtime::control {

// As query-version has it, and the greeting.
Json version_of(const Control& control);

std::span<const Command> general_commands();
std::span<const Command> node_commands();
std::span<const Command> bitmap_commands();
std::span<const Command> transaction_commands();
std::span<const Command> job_commands();
std::span<const Command> export_commands();
std::span<const Command> query_commands();
std::span<const Command> snapshot_commands();

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_QMP_COMMAND_TABLES_H
