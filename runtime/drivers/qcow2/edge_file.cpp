// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/edge_file.h"

#include "runtime/coroutine/co_group.h"

namespace lockvet::runtime::qcow2 {

namespace {

// What a node needs for itself, down to a system call, generously.
constexpr size_t least_stack = size_t{64} * 1024;

std::error_code no_file() {
  return std::make_error_code(std::errc::no_such_device);
}

} // namespace

std::expected<uint64_t, std::error_code> EdgeFile::co_inside(uint64_t offset, uint64_t size) {
  if (edge_ == nullptr)
    return std::unexpected(no_file());
  const auto length = edge_->co_length();
  if (!length)
    return length;
  return offset < *length ? std::min(size, *length - offset) : 0;
}

std::expected<uint64_t, std::error_code> EdgeFile::co_size() {
  const CoGraphReadLock lock;
  if (edge_ == nullptr)
    return std::unexpected(no_file());
  return edge_->co_length();
}

// A chain of backing files, each of which reads from the next, may be deeper than a stack.
std::error_code EdgeFile::co_preadv(uint64_t offset, const IoVector& to) {
  if (Coroutine::stack_left() >= least_stack) [[likely]]
    return co_read_here(offset, to);
  CoGroup other_stack;
  other_stack.spawn(*Coroutine::current()->home(),
                    [&]() LV_COROUTINE_FN { return co_read_here(offset, to); });
  return other_stack.wait();
}

std::error_code EdgeFile::co_read_here(uint64_t offset, const IoVector& to) {
  const CoGraphReadLock lock;
  const auto inside = co_inside(offset, to.size());
  if (!inside)
    return inside.error();
  to.slice(*inside, to.size() - *inside).fill(0);
  return *inside == 0 ? std::error_code() : edge_->co_preadv(offset, to.slice(0, *inside));
}

std::error_code EdgeFile::co_pwritev(uint64_t offset, const IoVector& from) {
  const CoGraphReadLock lock;
  return edge_ == nullptr ? no_file() : edge_->co_pwritev(offset, from);
}

std::error_code EdgeFile::co_flush() {
  const CoGraphReadLock lock;
  return edge_ == nullptr ? no_file() : edge_->co_flush();
}

std::error_code EdgeFile::co_write_zeroes(uint64_t offset, uint64_t size, bool may_unmap) {
  const CoGraphReadLock lock;
  const RequestFlags flags = may_unmap ? RequestFlags::may_unmap : RequestFlags::none;
  return edge_ == nullptr ? no_file() : edge_->co_pwrite_zeroes(offset, size, flags);
}

std::error_code EdgeFile::co_discard(uint64_t offset, uint64_t size) {
  const CoGraphReadLock lock;
  const auto inside = co_inside(offset, size);
  if (!inside)
    return inside.error();
  return *inside == 0 ? std::error_code() : edge_->co_discard(offset, *inside);
}

std::error_code EdgeFile::co_truncate(uint64_t size) {
  const CoGraphReadLock lock;
  return edge_ == nullptr ? no_file() : edge_->co_truncate(size);
}

void EdgeFile::co_meet_event(BlockEvent event) {
  const CoGraphReadLock lock;
  if (edge_ != nullptr)
    edge_->co_meet_event(event);
}

} // namespace lockvet::runtime::qcow2
