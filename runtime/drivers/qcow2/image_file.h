// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an image needs of the file that it is in, and of its backing file, and what it gives to the
// guest: bytes at offsets. Whoever made it owns it, and keeps it longer than the image. Methods are
// called by coroutines of any home, several at once, without the graph lock: one that leads to a
// node takes it.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_IMAGE_FILE_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_IMAGE_FILE_H

#include "runtime/graph/block_event.h"
#include "runtime/graph/io_vector.h"

#include <cstdint>
#include <expected>
#include <lockvet/coroutine.h>
#include <lockvet/graph_lock.h>
#include <system_error>

namespace lockvet::runtime::qcow2 {

class ImageFile {
public:
  ImageFile() = default;
  ImageFile(const ImageFile&) = delete;
  ImageFile& operator=(const ImageFile&) = delete;
  virtual ~ImageFile() = default;

  virtual std::expected<uint64_t, std::error_code> LV_COROUTINE_FN co_size() LV_GRAPH_UNLOCKED = 0;
  // All of it; beyond the end there are zeroes.
  virtual std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset,
                                                    const IoVector& to) LV_GRAPH_UNLOCKED = 0;
  // All of it. A file that holds an image grows if it has to, and between its old end and the
  // offset there are zeroes then; a guest's disk has a fixed size, beyond which is an error.
  virtual std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset,
                                                     const IoVector& from) LV_GRAPH_UNLOCKED = 0;
  // What was written before, and has ended, is on stable storage afterwards.
  virtual std::error_code LV_COROUTINE_FN co_flush() LV_GRAPH_UNLOCKED = 0;
  // Reads give zeroes afterwards. `may_unmap`: also if that gives space back.
  virtual std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t size,
                                                          bool may_unmap) LV_GRAPH_UNLOCKED = 0;
  // A hint that nobody needs what is there; what is read there afterwards is not said.
  virtual std::error_code LV_COROUTINE_FN co_discard(uint64_t offset,
                                                     uint64_t size) LV_GRAPH_UNLOCKED = 0;
  virtual std::error_code LV_COROUTINE_FN co_truncate(uint64_t size) LV_GRAPH_UNLOCKED = 0;

  // The image is at a place in its code where a test may have it wait, or from where on a test may
  // have the file fail.
  void LV_COROUTINE_FN co_event(BlockEvent event) LV_GRAPH_UNLOCKED {
    if (BlockEventListener::anybody()) [[unlikely]]
      co_meet_event(event);
  }

  // The same for memory in one piece.
  std::error_code LV_COROUTINE_FN co_read(uint64_t offset,
                                          std::span<std::byte> to) LV_GRAPH_UNLOCKED {
    return co_preadv(offset, {to.data(), to.size()});
  }
  std::error_code LV_COROUTINE_FN co_write(uint64_t offset,
                                           std::span<const std::byte> from) LV_GRAPH_UNLOCKED {
    return co_pwritev(offset, IoVector::of_constant(from));
  }

private:
  virtual void LV_COROUTINE_FN co_meet_event(BlockEvent) LV_GRAPH_UNLOCKED {}
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_IMAGE_FILE_H
