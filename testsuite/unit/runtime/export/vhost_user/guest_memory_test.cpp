// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Addresses lead into the regions that a front end has shared, and nowhere else.

#include "runtime/export/vhost_user/guest_memory.h"

#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

namespace lockvet::runtime::vhost_user {
namespace {

constexpr uint64_t kib = 1024;
using Policy = SharedMapping::Policy;

FileDescriptor file_of(uint64_t bytes, unsigned flags = MFD_ALLOW_SEALING) {
  FileDescriptor file(memfd_create("region", MFD_CLOEXEC | flags));
  EXPECT_EQ(ftruncate(file.get(), static_cast<off_t>(bytes)), 0);
  return file;
}

std::string error_of(const std::expected<GuestMemory, std::string>& made) {
  return made ? "" : made.error();
}

class GuestMemoryTest : public testing::Test {
protected:
  // Two regions side by side for the guest, and apart for the front end.
  void SetUp() override {
    const auto first = GuestMemory().with({.guest_address = 64 * kib,
                                           .size = 64 * kib,
                                           .user_address = uint64_t{1} << 40,
                                           .mmap_offset = 0},
                                          file_, Policy::any);
    ASSERT_EQ(error_of(first), "");
    const auto both = first->with({.guest_address = 128 * kib,
                                   .size = 32 * kib,
                                   .user_address = uint64_t{1} << 41,
                                   // In the middle of a page.
                                   .mmap_offset = 64 * kib + 512},
                                  file_, Policy::any);
    ASSERT_EQ(error_of(both), "");
    memory_ = *both;
  }

  FileDescriptor file_ = file_of(128 * kib);
  GuestMemory memory_;
};

TEST_F(GuestMemoryTest, LeadsIntoTheFile) {
  std::memcpy(memory_.at_guest_address(64 * kib + 100, 5), "first", 5);
  std::memcpy(memory_.at_user_address((uint64_t{1} << 41) + 100, 6), "second", 6);
  char text[6];
  ASSERT_EQ(pread(file_.get(), text, 5, 100), 5);
  EXPECT_EQ(std::string_view(text, 5), "first");
  ASSERT_EQ(pread(file_.get(), text, 6, 64 * kib + 512 + 100), 6);
  EXPECT_EQ(std::string_view(text, 6), "second");
}

TEST_F(GuestMemoryTest, GivesAPieceForEachRegion) {
  std::vector<iovec> pieces;
  ASSERT_TRUE(memory_.add_pieces(127 * kib, 2 * kib, pieces));
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0].iov_len, kib);
  EXPECT_EQ(pieces[0].iov_base, memory_.at_guest_address(127 * kib, kib));
  EXPECT_EQ(pieces[1].iov_base, memory_.at_guest_address(128 * kib, kib));
  // In one piece it is not there.
  EXPECT_EQ(memory_.at_guest_address(127 * kib, 2 * kib), nullptr);
}

TEST_F(GuestMemoryTest, LeadsNowhereElse) {
  std::vector<iovec> pieces;
  EXPECT_FALSE(memory_.add_pieces(0, 1, pieces));
  EXPECT_FALSE(memory_.add_pieces(64 * kib - 1, 2, pieces));
  EXPECT_FALSE(memory_.add_pieces(159 * kib, 2 * kib, pieces));
  EXPECT_FALSE(memory_.add_pieces(UINT64_MAX, 2, pieces));
  EXPECT_FALSE(memory_.add_pieces(64 * kib, UINT64_MAX, pieces));
  EXPECT_EQ(memory_.at_guest_address(160 * kib, 0), nullptr);
  EXPECT_EQ(memory_.at_guest_address(160 * kib - 1, 2), nullptr);
  EXPECT_EQ(memory_.at_user_address((uint64_t{1} << 40) - 1, 1), nullptr);
  EXPECT_EQ(memory_.at_user_address((uint64_t{1} << 40) + 64 * kib - 8, UINT64_MAX - 4), nullptr);
}

TEST_F(GuestMemoryTest, RefusesRegionsThatCantBe) {
  const auto with = [&](const RegionDescription& region) {
    return error_of(memory_.with(region, file_, Policy::any));
  };
  const uint64_t free = uint64_t{1} << 42;
  EXPECT_EQ(with({free, 64 * kib, free, 0}), "");
  EXPECT_EQ(with({159 * kib, 4 * kib, free, 0}), "two regions of the guest's memory overlap");
  EXPECT_EQ(with({free, 64 * kib, (uint64_t{1} << 40) + 1, 0}),
            "two regions of the guest's memory overlap");
  EXPECT_EQ(with({free, 0, free, 0}),
            "a region of the guest's memory has no valid size and addresses");
  EXPECT_EQ(with({UINT64_MAX - kib, 4 * kib, free, 0}),
            "a region of the guest's memory has no valid size and addresses");
  EXPECT_EQ(with({free, 128 * kib + 1, free, 0}),
            "the file of a region is no file or shorter than the region");
  EXPECT_EQ(with({free, 64 * kib, free, 65 * kib}),
            "the file of a region is no file or shorter than the region");
  EXPECT_EQ(with({free, 64 * kib, free, UINT64_MAX - 4095}),
            "a region of shared memory has no valid size and offset");
  const FileDescriptor pipe_like(open("/dev/zero", O_RDWR | O_CLOEXEC));
  EXPECT_EQ(error_of(memory_.with({free, 4 * kib, free, 0}, pipe_like, Policy::any)),
            "the file of a region is no file or shorter than the region");
}

TEST_F(GuestMemoryTest, AFileThatIsMappedKeepsItsLength) {
  EXPECT_NE(ftruncate(file_.get(), 0), 0);
}

TEST_F(GuestMemoryTest, WhatCantBeSealedIsRefusedIfThatIsWanted) {
  const FileDescriptor unsealable = file_of(64 * kib, 0);
  const RegionDescription region{uint64_t{1} << 42, 64 * kib, uint64_t{1} << 42, 0};
  EXPECT_EQ(error_of(memory_.with(region, unsealable, Policy::any)), "");
  EXPECT_EQ(error_of(memory_.with(region, unsealable, Policy::sealed_only)),
            "a region's file can't be sealed, so that it might become shorter");
  const FileDescriptor sealable = file_of(64 * kib);
  EXPECT_EQ(error_of(memory_.with(region, sealable, Policy::sealed_only)), "");
}

TEST_F(GuestMemoryTest, IsWithoutARegionThatWasRemoved) {
  const auto fewer = memory_.without({64 * kib, 64 * kib, uint64_t{1} << 40, 0});
  ASSERT_EQ(error_of(fewer), "");
  EXPECT_EQ(fewer->at_guest_address(64 * kib, 1), nullptr);
  EXPECT_NE(fewer->at_guest_address(128 * kib, 1), nullptr);
  EXPECT_FALSE(memory_.without({64 * kib, 63 * kib, uint64_t{1} << 40, 0}).has_value());
}

} // namespace
} // namespace lockvet::runtime::vhost_user
