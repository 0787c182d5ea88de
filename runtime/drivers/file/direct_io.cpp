// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/file/direct_io.h"

#include "runtime/drivers/file/piece_list.h"

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <unistd.h>

namespace lockvet::runtime {

namespace {

// At most so much of a request is copied at once.
constexpr size_t most_buffered = size_t{1} << 20;

} // namespace

class AlignedBuffer {
public:
  AlignedBuffer(const OpenFile& file, size_t size)
      : memory_(static_cast<std::byte*>(std::aligned_alloc(
            std::max<size_t>({file.memory_alignment, file.offset_alignment, alignof(void*)}),
            size))) {}

  // Without memory it is not.
  bool valid() const noexcept { return memory_ != nullptr; }
  std::byte* data() const noexcept { return memory_.get(); }

private:
  struct Free {
    void operator()(std::byte* memory) const noexcept { std::free(memory); }
  };
  std::unique_ptr<std::byte, Free> memory_;
};

bool DirectIo::is_aligned(uint64_t offset, std::span<const iovec> pieces) const {
  if (offset % file_.offset_alignment != 0)
    return false;
  return std::all_of(pieces.begin(), pieces.end(), [this](const iovec& piece) {
    return reinterpret_cast<uintptr_t>(piece.iov_base) % file_.memory_alignment == 0 &&
           piece.iov_len % file_.offset_alignment == 0;
  });
}

std::error_code DirectIo::read_to_end(uint64_t offset, PieceProgress& progress) {
  const std::error_code error = engine_.co_read(offset, progress);
  // A read that ends within a block has met the end, and the kernel takes no offset there.
  const bool at_end = error == std::errc::invalid_argument && progress.bytes() > 0;
  if (error && !at_end)
    return error;
  progress.fill_with_zeroes();
  return {};
}

std::error_code DirectIo::read_aligned(uint64_t offset, std::byte* to, size_t size) {
  const iovec piece{to, size};
  PieceProgress progress({&piece, 1});
  return read_to_end(offset, progress);
}

std::error_code DirectIo::co_read(uint64_t offset, const IoVector& to) {
  const PieceList list(to);
  if (is_aligned(offset, list.pieces())) {
    PieceProgress progress(list.pieces());
    return read_to_end(offset, progress);
  }
  const uint64_t begin = align_down(offset);
  const size_t buffered = std::min<uint64_t>(most_buffered, align_up(offset + to.size()) - begin);
  const AlignedBuffer buffer(file_, buffered);
  if (!buffer.valid())
    return std::make_error_code(std::errc::not_enough_memory);
  for (size_t done = 0; done < to.size();) {
    const uint64_t from = align_down(offset + done);
    const size_t skipped = offset + done - from;
    const size_t part = std::min(to.size() - done, buffered - skipped);
    if (const std::error_code error =
            read_aligned(from, buffer.data(), align_up(from + skipped + part) - from))
      return error;
    to.slice(done, part).copy_from(buffer.data() + skipped);
    done += part;
  }
  return {};
}

std::error_code DirectIo::write_part(AlignedBuffer& buffer, uint64_t offset, const IoVector& from,
                                     bool stable) {
  const uint64_t begin = align_down(offset);
  const uint64_t end = align_up(offset + from.size());
  const uint64_t last = end - file_.offset_alignment;
  if (offset != begin)
    if (const std::error_code error = read_aligned(begin, buffer.data(), file_.offset_alignment))
      return error;
  if (offset + from.size() != end && (last != begin || offset == begin))
    if (const std::error_code error =
            read_aligned(last, buffer.data() + (last - begin), file_.offset_alignment))
      return error;
  from.copy_to(buffer.data() + (offset - begin));
  const iovec piece{buffer.data(), end - begin};
  PieceProgress progress({&piece, 1});
  return engine_.co_write(begin, progress, stable);
}

std::error_code DirectIo::co_write(uint64_t offset, const IoVector& from, bool stable) {
  const PieceList list(from);
  if (is_aligned(offset, list.pieces())) {
    const CoReadLock lock(blocks_);
    PieceProgress progress(list.pieces());
    const std::error_code error = engine_.co_write(offset, progress, stable);
    if (!error)
      length_.grow_to(offset + from.size());
    return error;
  }
  const size_t buffered =
      std::min<uint64_t>(most_buffered, align_up(offset + from.size()) - align_down(offset));
  AlignedBuffer buffer(file_, buffered);
  if (!buffer.valid())
    return std::make_error_code(std::errc::not_enough_memory);
  const CoWriteLock lock(blocks_);
  std::error_code error;
  for (size_t done = 0; !error && done < from.size();) {
    const size_t skipped = (offset + done) % file_.offset_alignment;
    const size_t part = std::min(from.size() - done, buffered - skipped);
    error = write_part(buffer, offset + done, from.slice(done, part), stable);
    done += part;
  }
  if (!error)
    length_.grow_to(offset + from.size());
  // Also if it has failed half-way.
  const std::error_code cut = cut_off_padding(align_up(offset + from.size()), stable);
  return error ? error : cut;
}

// A whole block at the end may have made the file longer than anybody wanted.
std::error_code DirectIo::cut_off_padding(uint64_t end, bool stable) {
  const uint64_t wanted = length_.get();
  if (file_.is_device || end <= wanted)
    return {};
  return engine_.co_blocking([&] {
    if (ftruncate(file_.fd(), static_cast<off_t>(wanted)) != 0)
      return errno;
    return stable && fdatasync(file_.fd()) != 0 ? errno : 0;
  });
}

} // namespace lockvet::runtime
