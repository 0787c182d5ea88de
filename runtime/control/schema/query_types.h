// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What queries answer, by the names of QEMU's QAPI (qapi/control.json, job.json, block-core.json,
// block-export.json, misc.json, introspect.json), as far as there is something to say. Constants;
// they need no lock.

#ifndef LOCKVET_RUNTIME_CONTROL_SCHEMA_QUERY_TYPES_H
#define LOCKVET_RUNTIME_CONTROL_SCHEMA_QUERY_TYPES_H

#include "runtime/control/schema/type.h"

namespace lockvet::runtime::control {

extern const Type version_info_type;
extern const Type status_info_type;
extern const Type command_infos_type;
extern const Type schema_infos_type;
extern const Type iothread_infos_type;
extern const Type block_export_infos_type;
extern const Type block_device_infos_type;
extern const Type block_stats_list_type;
extern const Type job_infos_type;
extern const Type block_job_infos_type;

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_SCHEMA_QUERY_TYPES_H
