// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "testsuite/unit/runtime/qcow2/disk_model.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

// Of every kind that compression meets: noise, runs, and zeroes.
Bytes DiskModel::random_bytes(uint64_t size) {
  Bytes bytes(size);
  const uint64_t kind = below(4);
  if (kind == 0)
    return bytes;
  const uint64_t run = kind == 1 ? 1 : 1 + below(64);
  for (uint64_t at = 0; at < size; at += run)
    std::fill_n(bytes.begin() + static_cast<ptrdiff_t>(at), std::min(run, size - at),
                static_cast<std::byte>(random_()));
  return bytes;
}

DiskModel::Piece DiskModel::random_piece() {
  const uint64_t disk = content_.size();
  uint64_t offset = below(disk);
  uint64_t size = 1 + below(below(3) == 0 ? 8 * cluster_size_ : cluster_size_);
  if (below(2) == 0)
    offset = offset / cluster_size_ * cluster_size_;
  if (below(2) == 0)
    size = round_up(size, cluster_size_);
  return {offset, std::min(size, disk - offset)};
}

std::error_code DiskModel::co_write(ImageFile& disk) {
  const Piece piece = random_piece();
  const Bytes bytes = random_bytes(piece.size);
  if (const auto error = disk.co_write(piece.offset, bytes))
    return error;
  std::ranges::copy(bytes, content_.begin() + static_cast<ptrdiff_t>(piece.offset));
  return {};
}

std::error_code DiskModel::co_write_compressed(ImageFile& disk) {
  auto* const image = dynamic_cast<Image*>(&disk);
  if (image == nullptr)
    return co_write(disk);
  const uint64_t offset = below(content_.size()) / cluster_size_ * cluster_size_;
  const Bytes bytes = random_bytes(std::min<uint64_t>(cluster_size_, content_.size() - offset));
  if (const auto error = image->co_write_compressed(offset, bytes))
    return error;
  std::ranges::copy(bytes, content_.begin() + static_cast<ptrdiff_t>(offset));
  return {};
}

std::error_code DiskModel::co_discard(ImageFile& disk) {
  const Piece piece = random_piece();
  if (const auto error = disk.co_discard(piece.offset, piece.size))
    return error;
  Bytes now(piece.size);
  if (const auto error = disk.co_read(piece.offset, now))
    return error;
  for (uint64_t at = 0; at < piece.size; ++at) {
    std::byte& before = content_[piece.offset + at];
    if (compares && now[at] != before && now[at] != std::byte{0})
      ADD_FAILURE() << "a discard at " << piece.offset << " left something new";
    before = now[at];
  }
  return {};
}

std::error_code DiskModel::co_resize(ImageFile& disk) {
  const uint64_t change = below(80 * cluster_size_);
  const bool grows = below(2) == 0 || change >= content_.size();
  const uint64_t size = grows ? content_.size() + change : content_.size() - change;
  if (const auto error = disk.co_truncate(size))
    return error;
  content_.resize(size);
  return {};
}

std::error_code DiskModel::co_step(ImageFile& disk, bool may_resize) {
  switch (below(16)) {
  case 0:
  case 1: {
    const Piece piece = random_piece();
    const bool may_unmap = below(2) == 0;
    if (const auto error = disk.co_write_zeroes(piece.offset, piece.size, may_unmap))
      return error;
    std::fill_n(content_.begin() + static_cast<ptrdiff_t>(piece.offset), piece.size, std::byte{0});
    return {};
  }
  case 2:
    return co_discard(disk);
  case 3:
    return disk.co_flush();
  case 4:
  case 5:
  case 6:
    return co_write_compressed(disk);
  case 7: {
    const Piece piece = random_piece();
    Bytes bytes(piece.size);
    if (const auto error = disk.co_read(piece.offset, bytes))
      return error;
    EXPECT_TRUE(!compares ||
                std::ranges::equal(bytes, std::span(content_).subspan(piece.offset, piece.size)))
        << "read at " << piece.offset << " of " << piece.size << " bytes";
    return {};
  }
  case 8:
    if (may_resize && below(2) == 0)
      return co_resize(disk);
    [[fallthrough]];
  default:
    return co_write(disk);
  }
}

void DiskModel::co_expect_same(ImageFile& disk) {
  const auto size = disk.co_size();
  ASSERT_TRUE(size);
  ASSERT_EQ(*size, content_.size());
  Bytes all(content_.size());
  ASSERT_FALSE(disk.co_read(0, all));
  const auto [found, expected] = std::ranges::mismatch(all, content_);
  ASSERT_EQ(found - all.begin(), static_cast<ptrdiff_t>(all.size())) << "differs there";
  for (uint64_t offset = 0; offset < content_.size();) {
    const uint64_t bytes =
        std::min<uint64_t>(1 + below(3 * cluster_size_), content_.size() - offset);
    Bytes piece(bytes);
    ASSERT_FALSE(disk.co_read(offset, piece));
    ASSERT_TRUE(std::ranges::equal(piece, std::span(content_).subspan(offset, bytes)));
    offset += bytes;
  }
}

} // namespace lockvet::runtime::qcow2
