// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What has been received and nobody has taken yet. Payloads are taken out as references into the
// blocks that they came in, so that they are not copied, and a block is used anew when nobody
// refers to it. A connection owns one, in its context's thread; what was taken out of it does not
// outlive it.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_RECEIVE_BUFFER_H
#define LOCKVET_RUNTIME_EXPORT_NBD_RECEIVE_BUFFER_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <sys/uio.h>
#include <utility>
#include <vector>

namespace lockvet::runtime::nbd {

class ReceiveBuffer {
public:
  static constexpr size_t block_bytes = 256 * 1024;

  class Payload;

  ReceiveBuffer() = default;
  ReceiveBuffer(const ReceiveBuffer&) = delete;
  ReceiveBuffer& operator=(const ReceiveBuffer&) = delete;
  ~ReceiveBuffer();

  // Where to receive next, which is never empty, and how much has been.
  std::span<std::byte> space();
  void received(size_t bytes) noexcept { end_ += bytes; }

  // What is there in one piece; all that is there, that is.
  std::span<const std::byte> available() const noexcept;
  void skip(size_t bytes) noexcept { begin_ += bytes; }
  // Takes so much of it into the payload, which grows by that.
  void take(Payload& to, size_t bytes);

private:
  struct Block {
    unsigned users = 0;
    std::unique_ptr<std::byte[]> bytes = std::make_unique_for_overwrite<std::byte[]>(block_bytes);
  };

  static constexpr size_t most_spare_blocks = 4;
  // With less than this left in a block, the next is begun.
  static constexpr size_t least_space = 4096;

  void let_go(Block* block);

  Block* current_ = nullptr;
  // Of what is available in the current block.
  size_t begin_ = 0;
  size_t end_ = 0;
  std::vector<std::unique_ptr<Block>> spare_;
};

// In the order of the stream.
class ReceiveBuffer::Payload {
public:
  Payload() = default;
  Payload(const Payload&) = delete;
  Payload& operator=(const Payload&) = delete;
  ~Payload() { clear(); }

  std::span<const iovec> pieces() const noexcept { return pieces_; }
  // Before the buffer goes.
  void clear();

private:
  friend class ReceiveBuffer;
  ReceiveBuffer* buffer_ = nullptr;
  std::vector<iovec> pieces_;
  std::vector<Block*> blocks_;
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_RECEIVE_BUFFER_H
