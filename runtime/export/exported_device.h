// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an export serves: a device of bytes, as little of it as a protocol needs. Requests come in
// coroutines of any context, several at once; the rest from any thread. It belongs to whoever set
// the export up, and outlives it. A disk of the block graph is one by BackendDevice.

#ifndef LOCKVET_RUNTIME_EXPORT_EXPORTED_DEVICE_H
#define LOCKVET_RUNTIME_EXPORT_EXPORTED_DEVICE_H

#include <cstdint>
#include <expected>
#include <lockvet/coroutine.h>
#include <span>
#include <sys/uio.h>
#include <system_error>

namespace lockvet::runtime {

class ExportedDevice {
public:
  // Powers of two, and `preferred` not less than 512 and `minimum`.
  struct BlockSizes {
    uint32_t minimum = 1;
    uint32_t preferred = 4096;
  };

  struct WriteFlags {
    // On stable storage when the request has ended.
    bool force_unit_access = false;
    // Zeroes may be written by giving the space back.
    bool may_unmap = false;
    // Zeroes only if that is faster than to write them: not_supported otherwise, and nothing has
    // changed.
    bool only_if_fast = false;
  };

  // What is at an offset, for so many bytes.
  struct Extent {
    uint64_t length = 0;
    bool hole = false;
    bool zero = false;
  };

  ExportedDevice() = default;
  ExportedDevice(const ExportedDevice&) = delete;
  ExportedDevice& operator=(const ExportedDevice&) = delete;
  virtual ~ExportedDevice() = default;

  // As co_update_size() has found it last. All else is constant while it is exported.
  virtual uint64_t size() const noexcept = 0;
  // Before a client is told the size; does not wait for requests. A client that knows an older one
  // keeps to it, or gets errors.
  virtual void LV_COROUTINE_FN co_update_size() {}
  virtual bool read_only() const noexcept { return false; }
  virtual BlockSizes block_sizes() const noexcept { return {}; }
  // Whether a flush covers the writes of every connection that have ended before.
  virtual bool flush_covers_all() const noexcept { return true; }

  // --- requests: all of it or an error; ranges are within the size, and not empty ---

  virtual std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset, std::span<const iovec> to) = 0;
  virtual std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset, std::span<const iovec> from,
                                                     WriteFlags flags) = 0;
  // What was written before and has ended is on stable storage afterwards.
  virtual std::error_code LV_COROUTINE_FN co_flush() = 0;
  // A hint; what is read there afterwards is not said.
  virtual std::error_code LV_COROUTINE_FN co_trim(uint64_t offset, uint64_t length,
                                                  WriteFlags flags) = 0;
  virtual std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t length,
                                                          WriteFlags flags) = 0;
  // Of a part that begins at the offset and is not empty; it may go beyond the length.
  virtual std::expected<Extent, std::error_code>
      LV_COROUTINE_FN co_block_status(uint64_t offset, uint64_t length) = 0;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_EXPORTED_DEVICE_H
