// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A file or block device that has been opened for a driver, and what was found out about it then.
// A value that the driver owns; all but the descriptor's content is constant, so that any thread
// may look at it.

#ifndef LOCKVET_RUNTIME_DRIVERS_FILE_OPEN_FILE_H
#define LOCKVET_RUNTIME_DRIVERS_FILE_OPEN_FILE_H

#include "runtime/aio/file_descriptor.h"
#include "runtime/graph/graph_error.h"

#include <cstdint>
#include <lockvet/coroutine.h>

namespace lockvet::runtime {

struct OpenFile {
  FileDescriptor descriptor;
  bool is_device = false;
  bool is_direct = false;
  // Bytes, when it was opened.
  uint64_t length = 0;
  // On a filesystem that has no disk below it, such as tmpfs.
  bool in_memory = false;
  // What it wants of memory, offsets and sizes, in bytes and powers of two: one if anything goes.
  uint32_t memory_alignment = 1;
  uint32_t offset_alignment = 1;
  // Of a device, in bytes.
  uint32_t sector = 512;

  int fd() const noexcept { return descriptor.get(); }
  // Whether both are one file, whatever it is called.
  bool is_same(const OpenFile& other) const noexcept;

  // Regular files and block devices only.
  static GraphResult<OpenFile> LV_NO_COROUTINE_FN open(const std::string& path, bool read_only,
                                                       bool direct);
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_FILE_OPEN_FILE_H
