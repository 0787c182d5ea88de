// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A job that makes a new file, or a new image in a node that is there. The function is called in
// the main loop, which runs meanwhile; the control's registry owns the job.

#ifndef LOCKVET_RUNTIME_CONTROL_BLOCK_CREATE_JOB_H
#define LOCKVET_RUNTIME_CONTROL_BLOCK_CREATE_JOB_H

#include "runtime/control/json/json.h"
#include "runtime/graph/graph_error.h"
#include "runtime/graph/main_loop.h"

#include <string_view>

namespace lockvet::runtime::control {

class Control;

inline constexpr std::string_view create_job_type = "create";

// Of what conforms to BlockdevCreateOptions. The job stays until it is dismissed, so that its user
// learns how it has ended.
GraphResult<> LV_NO_COROUTINE_FN start_create(Control& control, const std::string& id,
                                              const Json& options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_BLOCK_CREATE_JOB_H
