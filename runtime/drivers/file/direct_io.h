// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads and writes past the page cache (O_DIRECT), where memory, offsets and sizes have to be
// aligned: requests that are not go through a buffer that is, and unaligned writes read what is
// around them first. A driver owns it; coroutines of any context use it, without the graph lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_FILE_DIRECT_IO_H
#define LOCKVET_RUNTIME_DRIVERS_FILE_DIRECT_IO_H

#include "runtime/coroutine/co_rw_lock.h"
#include "runtime/drivers/file/file_engine.h"
#include "runtime/drivers/growing_length.h"
#include "runtime/graph/io_vector.h"

namespace lockvet::runtime {

class AlignedBuffer;

class DirectIo {
public:
  // All outlive it.
  DirectIo(const OpenFile& file, FileEngine& engine, GrowingLength& length)
      : file_(file), engine_(engine), length_(length) {}
  DirectIo(const DirectIo&) = delete;
  DirectIo& operator=(const DirectIo&) = delete;

  // Beyond the end of the file there are zeroes.
  std::error_code LV_COROUTINE_FN co_read(uint64_t offset, const IoVector& to);
  // The length grows with what is written.
  std::error_code LV_COROUTINE_FN co_write(uint64_t offset, const IoVector& from, bool stable);

  // Held exclusively by who reads blocks to write them again, and otherwise by who changes the
  // length; shared by who changes anything else.
  CoRwLock& blocks() LV_RETURN_CAPABILITY(blocks_) { return blocks_; }

private:
  bool is_aligned(uint64_t offset, std::span<const iovec> pieces) const;
  uint64_t align_down(uint64_t offset) const { return offset & ~(file_.offset_alignment - 1ULL); }
  uint64_t align_up(uint64_t offset) const {
    return align_down(offset + file_.offset_alignment - 1);
  }
  std::error_code LV_COROUTINE_FN read_to_end(uint64_t offset, PieceProgress& progress);
  std::error_code LV_COROUTINE_FN read_aligned(uint64_t offset, std::byte* to, size_t size);
  // A part that fits into the buffer, with what is around it in its first and last block.
  std::error_code LV_COROUTINE_FN write_part(AlignedBuffer& buffer, uint64_t offset,
                                             const IoVector& from, bool stable);
  std::error_code LV_COROUTINE_FN cut_off_padding(uint64_t end, bool stable);

  const OpenFile& file_;
  FileEngine& engine_;
  GrowingLength& length_;
  CoRwLock blocks_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_FILE_DIRECT_IO_H
