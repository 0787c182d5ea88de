// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What of a file has space on the disk: giving it back, making it zeroes without writing them, and
// looking where data are. System calls that block, for the threads of a pool; they need no lock.
// Functions return 0 or an error number, EOPNOTSUPP if the filesystem or device can't.

#ifndef LOCKVET_RUNTIME_DRIVERS_FILE_FILE_SPACE_H
#define LOCKVET_RUNTIME_DRIVERS_FILE_FILE_SPACE_H

#include "runtime/drivers/file/open_file.h"
#include "runtime/graph/request.h"

namespace lockvet::runtime {

// Of a device only the whole sectors within. The length of a file stays.
int discard_space(const OpenFile& file, uint64_t offset, uint64_t size);

// Beyond the length, in bytes, it grows. `may_unmap` and `no_fallback` as in RequestFlags; for the
// latter also a device must not write the zeroes itself.
int zero_space(const OpenFile& file, uint64_t offset, uint64_t size, uint64_t length,
               RequestFlags flags);

// What is at the offset, which is below `end`, for how long but not beyond that. A filesystem that
// can't tell has data everywhere.
BlockStatus status_of_space(const OpenFile& file, uint64_t offset, uint64_t end);

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_FILE_FILE_SPACE_H
