// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Another header for an open image: other optional sections, or another name of the backing file.
// What has not one fixed place is written beside what is there, and then one sector that refers to
// it, so that a power failure leaves the one header or the other. The image guards the state by its
// metadata lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_HEADER_SWITCH_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_HEADER_SWITCH_H

#include "runtime/drivers/qcow2/image_state.h"

namespace lockvet::runtime::qcow2 {

// Stable when it returns, and the header of the state then. Names of features, which are for people
// to read, are left out for a moment where that makes one sector of it. It is more than one where
// other sections that are long stand before what changes, or a cluster has no room for two names of
// a backing file.
//
// no_space_on_device if a cluster is too small, and nothing has changed. If the file fails nobody
// knows which of the two is there, so that nothing can be written any more.
std::error_code LV_COROUTINE_FN co_switch_header(ImageState& state, Header changed);

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_HEADER_SWITCH_H
