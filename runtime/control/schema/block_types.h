// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The types of nodes, objects, exports and addresses: what commands and the command line take. They
// have QEMU's names where QEMU has them (qapi/block-core.json, block-export.json, qom.json,
// sockets.json), and less in them. Constants; they need no lock.

#ifndef LOCKVET_RUNTIME_CONTROL_SCHEMA_BLOCK_TYPES_H
#define LOCKVET_RUNTIME_CONTROL_SCHEMA_BLOCK_TYPES_H

#include "runtime/control/schema/type.h"

namespace lockvet::runtime::control {

extern const Type blockdev_options_type;
extern const Type blockdev_create_options_type;
extern const Type object_options_type;
extern const Type block_export_options_type;
// {type, data}, as of nbd-server-start; and flat, as of --nbd-server.
extern const Type socket_address_legacy_type;
extern const Type socket_address_type;

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_SCHEMA_BLOCK_TYPES_H
