// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What jobs tell, as QMP's events have it (QEMU's qapi/job.json and block-core.json). In the main
// loop.

#ifndef LOCKVET_RUNTIME_CONTROL_QMP_JOB_EVENTS_H
#define LOCKVET_RUNTIME_CONTROL_QMP_JOB_EVENTS_H

#include "runtime/control/qmp/event_hub.h"
#include "runtime/jobs/jobs.h"

namespace lockvet::runtime::control {

void emit(EventHub& events, const JobEvent& event);

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_QMP_JOB_EVENTS_H
