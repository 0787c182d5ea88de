// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/reply.h"

#include "runtime/export/nbd/wire.h"

#include <algorithm>

namespace lockvet::runtime::nbd {

void ReplyHead::set_simple(Error error, uint64_t cookie) noexcept {
  std::byte* to = store(bytes_.data(), simple_reply_magic);
  to = store(to, static_cast<uint32_t>(error));
  end(store(to, cookie));
}

std::byte* ReplyHead::begin_chunk(Chunk type, uint64_t cookie, uint32_t payload_bytes,
                                  bool last) noexcept {
  std::byte* to = store(bytes_.data(), structured_reply_magic);
  to = store(to, last ? chunk_done : uint16_t{0});
  to = store(to, static_cast<uint16_t>(type));
  to = store(to, cookie);
  return store(to, payload_bytes);
}

void ReplyHead::set_done(const RequestHeader& header) noexcept {
  set_simple(Error::none, header.cookie);
}

void ReplyHead::set_data(const RequestHeader& header, bool structured) noexcept {
  if (!structured)
    return set_simple(Error::none, header.cookie);
  // A chunk of data is never empty.
  if (header.length == 0)
    return end(begin_chunk(Chunk::none, header.cookie, 0));
  end(store(begin_chunk(Chunk::offset_data, header.cookie, sizeof(uint64_t) + header.length),
            header.offset));
}

void ReplyHead::set_block_status(const RequestHeader& header, uint32_t metadata, size_t extents,
                                 bool last) noexcept {
  const auto bytes = static_cast<uint32_t>(sizeof(uint32_t) + extents * 2 * sizeof(uint32_t));
  end(store(begin_chunk(Chunk::block_status, header.cookie, bytes, last), metadata));
}

void ReplyHead::set_error(const RequestHeader& header, bool structured, Verdict verdict) noexcept {
  if (!structured)
    return set_simple(verdict.error, header.cookie);
  constexpr size_t fixed_bytes = sizeof(uint32_t) + sizeof(uint16_t);
  const std::string_view words =
      std::string_view(verdict.why).substr(0, most_bytes - chunk_header_bytes - fixed_bytes);
  const auto size = static_cast<uint16_t>(words.size());
  std::byte* to = begin_chunk(Chunk::error, header.cookie, fixed_bytes + size);
  to = store(to, static_cast<uint32_t>(verdict.error));
  to = store(to, size);
  std::memcpy(to, words.data(), size);
  end(to + size);
}

// --- block status --------------------------------------------------------------------------------

StatusExtents::StatusExtents(const RequestHeader& header) noexcept
    : offset_(header.offset), length_(header.length), only_one_(header.has(command_req_one)) {}

bool StatusExtents::complete() const noexcept {
  // With one only, the first may still grow; but that is for the client to ask.
  return covered_ >= length_ || added_ >= (only_one_ ? 1 : most_extents);
}

void StatusExtents::add(MetadataContext::Extent extent) {
  // None is longer than was asked for, so that it fits the wire, and lengths stay multiples of the
  // minimum block.
  const auto length = static_cast<uint32_t>(std::min(extent.length, left()));
  covered_ += length;
  ++added_;
  if (!extents_.empty() && extents_.back().flags == extent.flags)
    extents_.back().length += length;
  else
    extents_.push_back({length, extent.flags});
}

void StatusExtents::append_to(std::vector<std::byte>& bytes) const {
  const size_t before = bytes.size();
  bytes.resize(before + extents_.size() * 2 * sizeof(uint32_t));
  std::byte* to = bytes.data() + before;
  for (const Encoded& extent : extents_)
    to = store(store(to, extent.length), extent.flags);
}

} // namespace lockvet::runtime::nbd
