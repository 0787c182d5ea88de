// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The name of the backing file in the header of an open image, and another one in its place. The
// image guards the state by its metadata lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_BACKING_NAME_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_BACKING_NAME_H

#include "runtime/drivers/qcow2/image_state.h"
#include "runtime/graph/driver.h"

namespace lockvet::runtime::qcow2 {

// Stable when it returns; see co_switch_header() for what a power failure leaves. The format of a
// backing file that is gone stays, and means nothing.
//
// An error if a cluster is too small, and nothing has changed; one of the file leaves it open what
// is there, so that nothing can be written any more.
std::error_code LV_COROUTINE_FN co_change_backing_name(ImageState& state,
                                                       const BackingFileName& to);

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_BACKING_NAME_H
