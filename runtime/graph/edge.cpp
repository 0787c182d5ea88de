// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/edge.h"

#include "runtime/graph/node.h"

namespace lockvet::runtime {

std::string Edge::describe() const {
  return "'" + name_ + "' of " + parent_.describe();
}

// --- requests ------------------------------------------------------------------------------------

std::error_code Edge::check(uint64_t offset, uint64_t size, Permission needed, Range range) {
  if (child_ == nullptr)
    return std::make_error_code(std::errc::no_such_device);
  if ((permissions_.used & needed) == Permission::none) {
    if constexpr (checks)
      misuse(describe() + " is used for '" + to_string(needed) + "' and has only '" +
             to_string(permissions_.used) + "'.");
    return std::make_error_code(std::errc::operation_not_permitted);
  }
  const auto length = child_->driver().co_length();
  if (!length)
    return length.error();
  if (size > *length || offset > *length - size) {
    // A driver may append to its file.
    const bool grows = range == Range::growing && contains(permissions_.used, Permission::resize) &&
                       offset + size >= size;
    if (!grows)
      return std::make_error_code(std::errc::io_error);
  }
  return {};
}

std::error_code Edge::co_preadv(uint64_t offset, const IoVector& to, RequestFlags flags) {
  // A parent that only copies need not read consistently.
  if (const std::error_code error = check(offset, to.size(), Permission::all))
    return error;
  const std::error_code result = child_->co_preadv(offset, to, flags);
  child_->counts().note(RequestKind::read, to.size(), static_cast<bool>(result));
  return result;
}

std::error_code Edge::co_pwritev(uint64_t offset, const IoVector& from, RequestFlags flags) {
  if (const std::error_code error = check(
          offset, from.size(), Permission::write | Permission::write_unchanged, Range::growing))
    return error;
  const std::error_code result = child_->co_pwritev(offset, from, flags);
  child_->counts().note(RequestKind::write, from.size(), static_cast<bool>(result));
  return result;
}

std::error_code Edge::co_flush() {
  if (child_ == nullptr)
    return std::make_error_code(std::errc::no_such_device);
  const std::error_code result = child_->co_flush();
  child_->counts().note(RequestKind::flush, 0, static_cast<bool>(result));
  return result;
}

std::error_code Edge::co_pwrite_zeroes(uint64_t offset, uint64_t size, RequestFlags flags) {
  if (const std::error_code error =
          check(offset, size, Permission::write | Permission::write_unchanged, Range::growing))
    return error;
  const std::error_code result = child_->co_pwrite_zeroes(offset, size, flags);
  child_->counts().note(RequestKind::write_zeroes, size, static_cast<bool>(result));
  return result;
}

std::error_code Edge::co_discard(uint64_t offset, uint64_t size) {
  if (const std::error_code error = check(offset, size, Permission::write))
    return error;
  const std::error_code result = child_->co_discard(offset, size);
  child_->counts().note(RequestKind::discard, size, static_cast<bool>(result));
  return result;
}

std::expected<BlockStatus, std::error_code> Edge::co_block_status(uint64_t offset, uint64_t size) {
  if (const std::error_code error = check(offset, size, Permission::all))
    return std::unexpected(error);
  return child_->co_block_status(offset, size);
}

std::error_code Edge::co_populate(uint64_t offset, uint64_t size) {
  if (const std::error_code error =
          check(offset, size, Permission::write | Permission::write_unchanged))
    return error;
  return child_->co_populate(offset, size);
}

std::error_code Edge::co_truncate(uint64_t length) {
  if (const std::error_code error = check(0, 0, Permission::resize))
    return error;
  return child_->co_truncate(length);
}

std::expected<uint64_t, std::error_code> Edge::co_length() {
  if (child_ == nullptr)
    return std::unexpected(std::make_error_code(std::errc::no_such_device));
  return child_->co_length();
}

void Edge::co_meet_event(BlockEvent event) {
  if (child_ != nullptr)
    child_->co_meet_event(event);
}

// --- changes -------------------------------------------------------------------------------------

void Edge::set_child(Node* child) {
  if (child == child_)
    return;
  // First quiet for the new one, so that the parent does not wake up between the two.
  if (child != nullptr && child->quiesced())
    child_quiesced();
  Node* const before = std::exchange(child_, child);
  if (before != nullptr) {
    before->remove_parent(*this);
    if (before->quiesced())
      child_resumed();
  }
  if (child != nullptr)
    child->add_parent(*this);
}

void Edge::child_quiesced() {
  parent_.quiesce_begin();
}

void Edge::child_resumed() {
  parent_.quiesce_end();
}

} // namespace lockvet::runtime
