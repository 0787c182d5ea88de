// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which exports a list takes, how it finds them, and what they offer.

#include "runtime/export/nbd/export_list.h"
#include "runtime/export/nbd/protocol.h"
#include "runtime/export/null_device.h"

#include <gtest/gtest.h>

namespace lockvet::runtime::nbd {
namespace {

NullDevice device(4096);

// One whose last block is not whole, and whose flush is one connection's.
class OddDevice final : public NullDevice {
public:
  OddDevice() : NullDevice(10'000) {}

  BlockSizes block_sizes() const noexcept override { return {512, 4096}; }
  bool flush_covers_all() const noexcept override { return false; }
};

TEST(ExportListTest, FindsByName) {
  ExportList exports;
  EXPECT_EQ(exports.find("disk"), nullptr);
  EXPECT_EQ(exports.add({"disk", "", &device}), "");
  EXPECT_EQ(exports.add({"other", "", &device}), "");
  ASSERT_NE(exports.find("other"), nullptr);
  EXPECT_EQ(exports.find("other")->options().name, "other");
  EXPECT_EQ(exports.find("oth"), nullptr);
  EXPECT_EQ(exports.find("other "), nullptr);
}

TEST(ExportListTest, TheEmptyNameIsTheOnlyExports) {
  ExportList exports;
  ASSERT_EQ(exports.add({"disk", "", &device}), "");
  EXPECT_EQ(exports.find(""), exports.all()[0]);
  ASSERT_EQ(exports.add({"other", "", &device}), "");
  EXPECT_EQ(exports.find(""), nullptr);
  ASSERT_EQ(exports.add({"", "", &device}), "");
  EXPECT_EQ(exports.find(""), exports.all()[2]);
}

TEST(ExportListTest, RefusesNamesThatAreNone) {
  ExportList exports;
  EXPECT_NE(exports.add({std::string(4097, 'x'), "", &device}), "");
  EXPECT_NE(exports.add({"disk", std::string(4097, 'x'), &device}), "");
  EXPECT_NE(exports.add({"\xff", "", &device}), "");
  EXPECT_NE(exports.add({"\xc3", "", &device}), "");
  EXPECT_NE(exports.add({std::string("a\0b", 3), "", &device}), "");
  EXPECT_TRUE(exports.all().empty());
  EXPECT_EQ(exports.add({std::string(4096, 'x'), "\xc3\xa4 \xe2\x82\xac", &device}), "");
  EXPECT_NE(exports.add({std::string(4096, 'x'), "", &device}), "");
}

TEST(ExportListTest, OffersWhatTheDeviceHas) {
  const Export one({"disk", "", &device});
  EXPECT_EQ(one.transmission_flags(false), has_flags | send_flush | send_fua | send_trim |
                                               send_write_zeroes | send_fast_zero | can_multi_conn);
  EXPECT_EQ(one.transmission_flags(true), one.transmission_flags(false) | send_df);
}

TEST(ExportListTest, AReadOnlyExportOffersNoWrites) {
  OddDevice odd;
  const Export one({"disk", "", &odd, true});
  EXPECT_EQ(one.transmission_flags(true),
            has_flags | send_flush | send_fua | nbd::read_only | send_df | can_multi_conn);
}

TEST(ExportListTest, SeveralConnectionsNeedAFlushThatCoversAll) {
  OddDevice odd;
  const Export one({"disk", "", &odd});
  EXPECT_EQ(one.transmission_flags(true) & can_multi_conn, 0);
}

TEST(ExportListTest, SeveralConnectionsAreWhatTheOptionSays) {
  OddDevice odd;
  const Export allowed({.name = "disk", .device = &odd, .multi_conn = true});
  EXPECT_NE(allowed.transmission_flags(true) & can_multi_conn, 0);
  const Export forbidden({.name = "disk", .device = &device, .multi_conn = false});
  EXPECT_EQ(forbidden.transmission_flags(true) & can_multi_conn, 0);
}

TEST(ExportListTest, WhoHasFoundAnExportKeepsItAfterItsRemoval) {
  ExportList exports;
  unsigned released = 0;
  ASSERT_EQ(exports.add({.name = "disk", .device = &device, .released = [&] { ++released; }}), "");
  std::shared_ptr<Export> found = exports.find("disk");
  EXPECT_EQ(exports.remove("other", ExportList::Removal::with_its_clients),
            ExportList::Removed::no_such_export);
  EXPECT_FALSE(found->closing().requested());
  EXPECT_EQ(exports.remove("disk", ExportList::Removal::with_its_clients),
            ExportList::Removed::yes);
  EXPECT_TRUE(found->closing().requested());
  EXPECT_EQ(exports.find("disk"), nullptr);
  EXPECT_EQ(released, 0U);
  found = nullptr;
  EXPECT_EQ(released, 1U);
  EXPECT_EQ(exports.add({"disk", "", &device}), "") << "its name is free";
}

TEST(ExportListTest, AnExportWithClientsStaysIfItIsToBeUnused) {
  ExportList exports;
  ASSERT_EQ(exports.add({"disk", "", &device}), "");
  exports.find("disk")->enter();
  EXPECT_EQ(exports.remove("disk", ExportList::Removal::only_if_unused),
            ExportList::Removed::in_use);
  ASSERT_NE(exports.find("disk"), nullptr);
  EXPECT_FALSE(exports.find("disk")->closing().requested());
  exports.find("disk")->leave();
  EXPECT_EQ(exports.remove("disk", ExportList::Removal::only_if_unused), ExportList::Removed::yes);
}

TEST(ExportListTest, TheSizeIsOneOfWholeBlocks) {
  OddDevice odd;
  const Export one({"disk", "", &odd});
  EXPECT_EQ(one.size(), 9728U);
}

} // namespace
} // namespace lockvet::runtime::nbd
