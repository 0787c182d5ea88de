// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/receive_buffer.h"

#include <algorithm>

namespace lockvet::runtime::nbd {

ReceiveBuffer::~ReceiveBuffer() {
  if (current_ != nullptr)
    let_go(current_);
}

std::span<std::byte> ReceiveBuffer::space() {
  if (current_ != nullptr && begin_ == end_) {
    if (current_->users == 1) {
      // From its start again, where the cache knows it.
      begin_ = end_ = 0;
    } else if (block_bytes - end_ < least_space) {
      let_go(std::exchange(current_, nullptr));
    }
  }
  // What is left over at the end of a block is less than a header, unless somebody takes nothing.
  if (current_ != nullptr && end_ == block_bytes) {
    Block* const full = std::exchange(current_, nullptr);
    const std::span rest(full->bytes.get() + begin_, end_ - begin_);
    const std::span fresh = space();
    std::copy(rest.begin(), rest.end(), fresh.begin());
    end_ = rest.size();
    let_go(full);
  }
  if (current_ == nullptr) {
    std::unique_ptr<Block> block;
    if (spare_.empty()) {
      block = std::make_unique<Block>();
    } else {
      block = std::move(spare_.back());
      spare_.pop_back();
    }
    block->users = 1;
    current_ = block.release();
    begin_ = end_ = 0;
  }
  return {current_->bytes.get() + end_, block_bytes - end_};
}

std::span<const std::byte> ReceiveBuffer::available() const noexcept {
  if (current_ == nullptr)
    return {};
  return {current_->bytes.get() + begin_, end_ - begin_};
}

void ReceiveBuffer::take(Payload& to, size_t bytes) {
  to.buffer_ = this;
  std::byte* const from = current_->bytes.get() + begin_;
  begin_ += bytes;
  // It may go on where it ended.
  if (!to.blocks_.empty() && to.blocks_.back() == current_) {
    to.pieces_.back().iov_len += bytes;
    return;
  }
  ++current_->users;
  to.blocks_.push_back(current_);
  to.pieces_.push_back({from, bytes});
}

void ReceiveBuffer::let_go(Block* block) {
  if (--block->users > 0)
    return;
  std::unique_ptr<Block> unused(block);
  if (spare_.size() < most_spare_blocks)
    spare_.push_back(std::move(unused));
}

void ReceiveBuffer::Payload::clear() {
  for (Block* block : blocks_)
    buffer_->let_go(block);
  blocks_.clear();
  pieces_.clear();
}

} // namespace lockvet::runtime::nbd
