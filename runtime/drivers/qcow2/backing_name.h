// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The name of the backing file in the header of an open image, and another one in its place. The
// image guards the state by its metadata lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_BACKING_NAME_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_BACKING_NAME_H

#include "runtime/drivers/qcow2/image_state.h"
#include "runtime/graph/driver.h"

namespace lockvet::runtime::qcow2 {

// Stable when it returns. The new name is written beside the old one, and then one sector that
// refers to it, so that there is one of the two whenever the power fails: unless a format is named
// where none was, which moves other sections of the header, or a cluster has no room for both. The
// format of a backing file that is gone stays, and means nothing.
//
// An error if a cluster is too small, and nothing has changed; one of the file leaves it open what
// is there, so that nothing can be written any more.
std::error_code LV_COROUTINE_FN co_change_backing_name(ImageState& state,
                                                       const BackingFileName& to);

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_BACKING_NAME_H
