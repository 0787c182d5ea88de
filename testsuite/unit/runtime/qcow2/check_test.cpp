// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images that somebody damaged: what a check finds, that an open image refuses it with words, and
// that a repair leaves an image that is whole and has what could be saved.

#include "runtime/drivers/qcow2/check.h"
#include "testsuite/unit/runtime/qcow2/disk_model.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {
namespace {

constexpr uint64_t cluster = 4096;
constexpr uint64_t copied = entry_copied;

// A disk of 16 MiB whose first three clusters are written. With clusters of 4 KiB, the file is:
// header, refcount table, refcount block, L1 table, L2 table, data, data, data.
class Qcow2CheckTest : public testing::Test {
protected:
  static constexpr uint64_t table = 1 * cluster;
  static constexpr uint64_t block = 2 * cluster;
  static constexpr uint64_t l1 = 3 * cluster;
  static constexpr uint64_t data = 4 * cluster;
  static constexpr uint64_t l2 = 7 * cluster;

  void SetUp() override {
    run_in_coroutine([&]() LV_COROUTINE_FN {
      ASSERT_TRUE(co_create(file_, {.size = 16u << 20, .cluster_bits = 12}));
      const auto image = co_open_image(file_);
      ASSERT_TRUE(image);
      ASSERT_FALSE(image->co_write(0, Bytes(3 * cluster, std::byte{0x77})));
      ASSERT_FALSE(image->co_close());
    });
  }

  CheckReport check(Repair repair = Repair::nothing) {
    CheckReport report;
    run_in_coroutine([&]() LV_COROUTINE_FN {
      auto checked = co_check(file_, repair);
      ASSERT_TRUE(checked) << checked.error().message;
      report = *checked;
    });
    return report;
  }

  void expect_found(uint64_t corruptions, uint64_t leaks, const std::string& first) {
    const CheckReport report = check();
    EXPECT_EQ(report.corruptions, corruptions);
    EXPECT_EQ(report.leaks, leaks);
    ASSERT_FALSE(report.problems.empty());
    EXPECT_EQ(report.problems.front(), first);
  }

  // Afterwards it can be opened and written, and has the data that it is said to have.
  void expect_repaired(const std::vector<int>& expected) {
    const CheckReport report = check(Repair::all);
    EXPECT_TRUE(report.clean()) << (report.problems.empty() ? "" : report.problems.front());
    EXPECT_GT(report.repaired_corruptions + report.repaired_leaks, 0u);
    run_in_coroutine([&]() LV_COROUTINE_FN {
      const auto image = co_open_image(file_);
      ASSERT_TRUE(image);
      for (size_t number = 0; number < expected.size(); ++number) {
        Bytes bytes(cluster);
        ASSERT_FALSE(image->co_read(number * cluster, bytes));
        EXPECT_EQ(bytes, Bytes(cluster, static_cast<std::byte>(expected[number]))) << number;
      }
      ASSERT_FALSE(image->co_write(0, Bytes(5 * cluster, std::byte{0x11})));
      ASSERT_FALSE(image->co_close());
    });
    EXPECT_TRUE(check().clean());
  }

  std::string open_error() {
    std::string message = "no error";
    run_in_coroutine([&]() LV_COROUTINE_FN {
      if (auto image = Image::co_open(file_, {}); !image)
        message = image.error().message;
    });
    return message;
  }

  // What an open image says to a read of the first cluster, and to a write of the second.
  std::string corruption_found() {
    std::string message;
    run_in_coroutine([&]() LV_COROUTINE_FN {
      const auto image = co_open_image(file_);
      ASSERT_TRUE(image);
      Bytes bytes(cluster);
      EXPECT_EQ(image->co_read(0, bytes), io_error());
      EXPECT_EQ(image->co_write(cluster, bytes), io_error());
      message = image->co_corruption();
    });
    return message;
  }

  MemoryFile file_;
};

TEST_F(Qcow2CheckTest, FindsNothingInAWholeImage) {
  EXPECT_TRUE(check().clean());
  EXPECT_EQ(check().end_cluster, 8u);
}

TEST_F(Qcow2CheckTest, FindsAndMendsLeaks) {
  file_.poke(block + 32, 0x0001000000000000);
  expect_found(0, 1,
               "the cluster at offset 0x10000 (nothing) is counted 1 times, and referred "
               "to 0 times");
  EXPECT_EQ(check(Repair::leaks).repaired_leaks, 1u);
  EXPECT_TRUE(check().clean());
}

TEST_F(Qcow2CheckTest, MendsACountThatIsTooHigh) {
  file_.poke(block + 8, 0x0003000100010001);
  file_.poke(l2, data);
  EXPECT_EQ(check().corruptions, 0u);
  EXPECT_EQ(check(Repair::leaks).leaks, 0u);
  EXPECT_TRUE(check().clean());
}

TEST_F(Qcow2CheckTest, MendsACountThatIsTooLow) {
  file_.poke(block + 8, 0x0000000000010001);
  expect_found(2, 0,
               "the cluster at offset 0x4000 (guest data) is counted 0 times, and referred "
               "to 1 times");
  EXPECT_EQ(check(Repair::leaks).corruptions, 2u);
  expect_repaired({0x77, 0x77, 0x77, 0});
}

TEST_F(Qcow2CheckTest, MendsARefcountTableThatIsGone) {
  file_.poke(table, 0);
  EXPECT_EQ(check().corruptions, 7u);
  expect_repaired({0x77, 0x77, 0x77, 0});
}

TEST_F(Qcow2CheckTest, MendsARefcountTableThatIsNowhere) {
  file_.poke(48, 123);
  EXPECT_EQ(open_error(), "qcow2: the refcount table is at offset 0x7b, which is no multiple of "
                          "the cluster size 4096");
  expect_repaired({0x77, 0x77, 0x77, 0});
}

TEST_F(Qcow2CheckTest, MendsARefcountBlockInAnotherTable) {
  file_.poke(table, l2);
  EXPECT_EQ(open_error(),
            "qcow2: a refcount block and an L2 table overlap: both have the cluster at offset "
            "0x7000");
  expect_repaired({0x77, 0x77, 0x77, 0});
}

TEST_F(Qcow2CheckTest, RefusesAndMendsAnL1EntryThatIsNoOffset) {
  file_.poke(l1, copied | (l2 + 512));
  EXPECT_EQ(open_error(), "qcow2: entry 0 of the L1 table is 0x8000000000007200, which is not the "
                          "offset of a cluster");
  expect_repaired({0, 0, 0, 0});
}

TEST_F(Qcow2CheckTest, RefusesAndMendsAnL1EntryPastTheEnd) {
  file_.poke(l1, copied | (l2 + 100 * cluster));
  EXPECT_EQ(open_error(), "qcow2: entry 0 of the L1 table is 0x800000000006b000, past the end of "
                          "the file at 0x8000");
  expect_repaired({0, 0, 0, 0});
}

TEST_F(Qcow2CheckTest, RefusesAndMendsAnL2TableThatIsThereTwice) {
  file_.poke(l1 + 8, copied | l2);
  EXPECT_EQ(open_error(), "qcow2: an L2 table and an L2 table overlap: both have the cluster at "
                          "offset 0x7000");
  expect_repaired({0x77, 0x77, 0x77, 0});
}

TEST_F(Qcow2CheckTest, RefusesAndMendsDataWhereATableIs) {
  file_.poke(l2, copied | l1);
  EXPECT_EQ(corruption_found(), "guest data at host offset 0x3000 overlaps the L1 table");
  // Nobody opens it for writing now.
  EXPECT_EQ(open_error(), "qcow2: the image has the feature 'corrupt bit' set, and can be read "
                          "only until it is repaired");
  // What the guest sees there stays the same, in a cluster of its own.
  const CheckReport report = check(Repair::all);
  EXPECT_TRUE(report.clean());
  EXPECT_EQ(open_error(), "no error");
}

TEST_F(Qcow2CheckTest, RefusesAndMendsDataPastTheEnd) {
  file_.poke(l2, copied | uint64_t{1} << 40);
  EXPECT_EQ(corruption_found(),
            "guest data is at host offset 0x10000000000, past the end of the file at 0x8000");
  expect_repaired({0, 0x77, 0x77, 0});
}

TEST_F(Qcow2CheckTest, RefusesAndMendsCompressedDataPastTheEnd) {
  file_.poke(l2, entry_compressed | uint64_t{1} << 40);
  EXPECT_EQ(corruption_found(), "the compressed data of disk offset 0x0 is at host offset "
                                "0x10000000000, past the end of the file at 0x8000");
  expect_repaired({0, 0x77, 0x77, 0});
}

TEST_F(Qcow2CheckTest, RefusesAndMendsAnL2EntryThatBreaksTheRules) {
  file_.poke(l2, copied | (data + 2));
  EXPECT_EQ(corruption_found(), "the L2 entry of disk offset 0x0 is 0x8000000000004002, which "
                                "breaks the format's rules");
  expect_repaired({0, 0x77, 0x77, 0});
}

TEST_F(Qcow2CheckTest, MendsClustersThatAreThereTwice) {
  file_.poke(l2 + 8, copied | data);
  const CheckReport report = check();
  EXPECT_GE(report.corruptions, 3u);
  EXPECT_EQ(report.leaks, 1u);
  expect_repaired({0x77, 0x77, 0x77, 0});
}

TEST_F(Qcow2CheckTest, RefusesCountsOfZeroForTablesBeforeItWrites) {
  file_.poke(block, 0);
  run_in_coroutine([&]() LV_COROUTINE_FN {
    const auto image = co_open_image(file_);
    ASSERT_TRUE(image);
    EXPECT_EQ(image->co_write(1u << 20, Bytes(cluster)), io_error());
    EXPECT_EQ(image->co_corruption(), "the clusters from host offset 0x0 are free by their "
                                      "reference counts, and the header is there");
  });
  expect_repaired({0x77, 0x77, 0x77, 0});
}

TEST_F(Qcow2CheckTest, ClearsTheDirtyBit) {
  file_.poke(72, feature_dirty);
  EXPECT_TRUE(check(Repair::all).clean());
  run_in_coroutine([&]() LV_COROUTINE_FN {
    const auto header = co_read_header(file_);
    ASSERT_TRUE(header);
    EXPECT_FALSE(header->has(feature_dirty));
  });
}

// Who writes with lazy reference counts, and is killed, leaves clusters that are not counted.
TEST_F(Qcow2CheckTest, CountsAnewWhenADirtyImageIsOpenedForWriting) {
  file_.poke(72, feature_dirty);
  file_.poke(block + 8, 0);
  const Bytes before = file_.content();
  run_in_coroutine([&]() LV_COROUTINE_FN {
    const auto image = co_open_image(file_, {{.writable = false}});
    ASSERT_TRUE(image);
    Bytes bytes(cluster);
    EXPECT_FALSE(image->co_read(cluster, bytes));
    EXPECT_EQ(bytes, Bytes(cluster, std::byte{0x77}));
    EXPECT_EQ(file_.content(), before);
  });
  EXPECT_GT(check().corruptions, 0u);
  EXPECT_EQ(open_error(), "no error");
  EXPECT_TRUE(check().clean());
  run_in_coroutine([&]() LV_COROUTINE_FN {
    const auto header = co_read_header(file_);
    ASSERT_TRUE(header);
    EXPECT_FALSE(header->has(feature_dirty));
  });
}

TEST_F(Qcow2CheckTest, LeavesADirtyImageThatIsCorruptToARepair) {
  file_.poke(72, feature_dirty | feature_corrupt);
  EXPECT_EQ(open_error(), "qcow2: the image has the feature 'corrupt bit' set, and can be read "
                          "only until it is repaired");
}

TEST_F(Qcow2CheckTest, DoesNotOpenADirtyImageForWritingThatItCantRepair) {
  file_.poke(72, feature_dirty);
  file_.poke(block + 8, 0);
  file_.before_change = [](MemoryFile::Event::Kind, uint64_t) { return io_error(); };
  EXPECT_NE(open_error(), "no error");
  file_.before_change = nullptr;
  EXPECT_EQ(open_error(), "no error");
}

// Any damage: no crash, no endless work; and what is repaired is whole.
TEST_F(Qcow2CheckTest, SurvivesRandomDamage) {
  const Bytes whole = file_.content();
  unsigned repaired = 0;
  for (uint64_t seed = 0; seed < 1500; ++seed) {
    DiskModel random({}, cluster, seed);
    Bytes damaged = whole;
    const uint64_t changes = 1 + random.below(4);
    for (uint64_t change = 0; change < changes; ++change) {
      const uint64_t starts[] = {0, table, block, l1, l2};
      const uint64_t place = starts[random.below(5)] + random.below(13) * 8;
      // Whole entries, as a rule in the file.
      uint64_t value = random.below(10) * cluster | (random.below(2) == 0 ? copied : 0);
      if (random.below(4) == 0)
        value |= uint64_t{1} << random.below(64);
      store_big_endian<uint64_t>(damaged.data() + place, value);
    }
    file_.set_content(damaged);
    run_in_coroutine([&]() LV_COROUTINE_FN {
      if (auto image = Image::co_open(file_, {})) {
        Bytes bytes(3 * cluster);
        (void)(*image)->co_read(0, bytes);
        (void)(*image)->co_write(100, bytes);
        (void)(*image)->co_write_zeroes(2 * cluster, 7 * cluster, true);
        (void)(*image)->co_write_compressed(5 * cluster, Bytes(cluster));
        (void)(*image)->co_truncate(8u << 20);
        (void)(*image)->co_close();
      }
      file_.set_content(damaged);
      auto checked = co_check(file_, Repair::all);
      if (!checked)
        return;
      if (!checked->clean())
        return;
      ++repaired;
      const auto again = co_check(file_);
      ASSERT_TRUE(again && again->clean()) << "seed " << seed;
      const auto image = co_open_image(file_);
      ASSERT_TRUE(image) << "seed " << seed;
      const uint64_t size = std::min<uint64_t>(image->co_size().value(), 9 * cluster);
      const auto error = image->co_write(0, Bytes(size));
      EXPECT_FALSE(error) << error.message() << image->co_corruption();
      EXPECT_FALSE(image->co_close());
      const auto last = co_check(file_);
      ASSERT_TRUE(last && last->clean()) << "seed " << seed;
    });
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
  // Most damage is not in the header.
  EXPECT_GT(repaired, 800u);
}

} // namespace
} // namespace lockvet::runtime::qcow2
