// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What commands for internal snapshots have in common with queries: how a snapshot is described.
// Without locks.

#ifndef LOCKVET_RUNTIME_CONTROL_QMP_SNAPSHOT_COMMANDS_H
#define LOCKVET_RUNTIME_CONTROL_QMP_SNAPSHOT_COMMANDS_H

#include "runtime/control/json/key_value.h"
#include "runtime/drivers/qcow2/snapshot_table.h"

namespace lockvet::runtime::control {

// As SnapshotInfo has it.
Json describe_snapshot(const qcow2::Snapshot& snapshot);

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_QMP_SNAPSHOT_COMMANDS_H
