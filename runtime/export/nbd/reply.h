// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The beginnings of replies, as bytes: what goes before the data, which is sent from where it lies.
// Values and functions of them; no lock.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_REPLY_H
#define LOCKVET_RUNTIME_EXPORT_NBD_REPLY_H

#include "runtime/export/metadata_context.h"
#include "runtime/export/nbd/request.h"

#include <array>
#include <vector>

namespace lockvet::runtime::nbd {

// Room for the longest of them: a chunk's header, an error, and words for a person.
class ReplyHead {
public:
  static constexpr size_t most_bytes = 96;

  std::span<const std::byte> bytes() const noexcept { return {bytes_.data(), size_}; }

  // Success of a request without data in the reply. Both kinds of sessions take it.
  void set_done(const RequestHeader& header) noexcept;
  // Data of a read follow, all of it.
  void set_data(const RequestHeader& header, bool structured) noexcept;
  // Extents of a metadata context follow, so many, and then, unless this is the last chunk, those
  // of another.
  void set_block_status(const RequestHeader& header, uint32_t metadata, size_t extents,
                        bool last) noexcept;
  void set_error(const RequestHeader& header, bool structured, Verdict verdict) noexcept;

private:
  std::byte* begin_chunk(Chunk type, uint64_t cookie, uint32_t payload_bytes,
                         bool last = true) noexcept;
  void set_simple(Error error, uint64_t cookie) noexcept;
  void end(const std::byte* end) noexcept { size_ = static_cast<size_t>(end - bytes_.data()); }

  std::array<std::byte, most_bytes> bytes_;
  size_t size_ = 0;
};

// Extents as they are sent, merged where their status is the same, and cut as the request has it.
class StatusExtents {
public:
  // A device is asked as often for one reply, and no more are sent.
  static constexpr size_t most_extents = 1024;

  explicit StatusExtents(const RequestHeader& header) noexcept;

  // Whether there is nothing more to ask the device for.
  bool complete() const noexcept;
  // Where the next begins, and how much is left of what was asked for.
  uint64_t next_offset() const noexcept { return offset_ + covered_; }
  uint64_t left() const noexcept { return length_ - covered_; }
  // The next, which is not empty.
  void add(MetadataContext::Extent extent);

  size_t count() const noexcept { return extents_.size(); }
  // What follows the head, in the bytes of the wire.
  void append_to(std::vector<std::byte>& bytes) const;

private:
  struct Encoded {
    uint32_t length;
    uint32_t flags;
  };
  const uint64_t offset_;
  const uint64_t length_;
  const bool only_one_;
  uint64_t covered_ = 0;
  size_t added_ = 0;
  std::vector<Encoded> extents_;
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_REPLY_H
