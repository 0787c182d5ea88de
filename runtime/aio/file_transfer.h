// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads and writes of a file at an offset by system calls, which block unless the flags say
// otherwise: for the threads of a pool, and for what is in the page cache. Any thread may call it;
// the kernel's positional calls need no lock.

#ifndef LOCKVET_RUNTIME_AIO_FILE_TRANSFER_H
#define LOCKVET_RUNTIME_AIO_FILE_TRANSFER_H

#include "runtime/aio/piece_progress.h"

namespace lockvet::runtime {

enum class FileDirection { read, write };

// Goes on from where the progress is until all is done, or until a read finds the end of the file,
// which leaves it incomplete. `flags` are RWF_* of preadv2(2). Returns 0, or an error number:
// EAGAIN or EOPNOTSUPP for RWF_NOWAIT, ENOSPC also where a write stops without saying why.
int transfer_at(int fd, FileDirection direction, uint64_t offset, PieceProgress& progress,
                int flags);

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_FILE_TRANSFER_H
