// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Dirty bitmaps that an image keeps: they come back as they were stored, are not to be used when
// their user was killed, and damaged ones are refused with words.

#include "runtime/drivers/qcow2/check.h"
#include "testsuite/unit/runtime/qcow2/bits_of.h"
#include "testsuite/unit/runtime/qcow2/disk_model.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {
namespace {

constexpr uint64_t cluster = 4096;
constexpr uint64_t disk = 64u << 20;

std::shared_ptr<DirtyBitmap> make_bitmap(const std::string& name, uint64_t length = disk,
                                         uint64_t granularity = 65536) {
  auto bitmap = std::make_shared<DirtyBitmap>(name, length, granularity);
  bitmap->set_persistent(true);
  return bitmap;
}

std::shared_ptr<DirtyBitmap> find(const Bitmaps& bitmaps, const std::string& name) {
  const auto found = std::ranges::find(bitmaps, name, &DirtyBitmap::name);
  return found == bitmaps.end() ? nullptr : *found;
}

class Qcow2BitmapsTest : public testing::Test {
protected:
  void create(CreateOptions options = {.size = disk, .cluster_bits = 12}) {
    run_in_coroutine([&]() LV_COROUTINE_FN { ASSERT_TRUE(co_create(file_, options)); });
  }
  // Adds these to what is there.
  void store(const Bitmaps& added) {
    run_in_coroutine([&]() LV_COROUTINE_FN {
      const auto image = co_open_image(file_);
      ASSERT_TRUE(image);
      Bitmaps all = image->take_bitmaps();
      std::erase_if(all, [](const auto& bitmap) { return bitmap->inconsistent(); });
      all.insert(all.end(), added.begin(), added.end());
      ASSERT_FALSE(image->co_store_bitmaps(all));
      ASSERT_FALSE(image->co_close());
    });
    expect_clean();
  }
  Bitmaps load(bool writable = false) {
    Bitmaps bitmaps;
    run_in_coroutine([&]() LV_COROUTINE_FN {
      const auto image = co_open_image(file_, {{.writable = writable}, nullptr});
      ASSERT_TRUE(image);
      bitmaps = image->take_bitmaps();
      ASSERT_FALSE(image->co_close());
    });
    return bitmaps;
  }
  std::string open_error() {
    std::string message = "no error";
    run_in_coroutine([&]() LV_COROUTINE_FN {
      if (auto image = Image::co_open(file_, {}); !image)
        message = image.error().message;
    });
    return message;
  }
  void expect_clean() {
    run_in_coroutine([&]() LV_COROUTINE_FN {
      const auto report = co_check(file_);
      ASSERT_TRUE(report) << report.error().message;
      EXPECT_TRUE(report->clean()) << report->problems.front();
    });
  }
  Header header() {
    Header header;
    run_in_coroutine([&]() LV_COROUTINE_FN {
      auto read = co_read_header(file_);
      ASSERT_TRUE(read) << read.error().message;
      header = std::move(*read);
    });
    return header;
  }
  BitmapDirectory directory() {
    BitmapDirectory directory;
    run_in_coroutine([&]() LV_COROUTINE_FN {
      auto read = co_read_bitmap_directory(file_, header(), file_.length());
      ASSERT_TRUE(read) << read.error().message;
      directory = std::move(*read);
    });
    return directory;
  }

  MemoryFile file_;
};

TEST_F(Qcow2BitmapsTest, ComeBackAsTheyWereStored) {
  create();
  DiskModel random({}, cluster, 7);
  Bitmaps stored;
  for (const uint64_t granularity : {512u, 4096u, 65536u, 1u << 31}) {
    auto bitmap = make_bitmap("g" + std::to_string(granularity), disk, granularity);
    for (int area = 0; area < 20; ++area)
      bitmap->set(random.below(disk), random.below(100000));
    bitmap->set_enabled(granularity != 4096);
    stored.push_back(std::move(bitmap));
  }
  stored.push_back(make_bitmap("clean"));
  stored.push_back(make_bitmap("all", disk, 512));
  stored.back()->set(0, disk);
  store(stored);
  const Bitmaps loaded = load();
  ASSERT_EQ(loaded.size(), stored.size());
  for (const auto& bitmap : stored) {
    const auto found = find(loaded, bitmap->name());
    ASSERT_NE(found, nullptr) << bitmap->name();
    EXPECT_EQ(bits_of(*found), bits_of(*bitmap));
    EXPECT_EQ(found->count(), bitmap->count());
    EXPECT_EQ(found->granularity(), bitmap->granularity());
    EXPECT_EQ(found->enabled(), bitmap->enabled());
    EXPECT_TRUE(found->persistent());
    EXPECT_TRUE(found->read_only());
    EXPECT_FALSE(found->inconsistent());
  }
}

TEST_F(Qcow2BitmapsTest, AreInconsistentAfterTheirUserWasKilled) {
  create();
  auto bitmap = make_bitmap("one");
  bitmap->set(65536, 1);
  bitmap->set_enabled(false);
  store({bitmap});
  // Who opens it for writing may write, and does not store them.
  const Bitmaps lost = load(true);
  EXPECT_FALSE(find(lost, "one")->inconsistent());
  expect_clean();
  for (const bool writable : {false, true}) {
    const auto found = find(load(writable), "one");
    ASSERT_NE(found, nullptr);
    EXPECT_TRUE(found->inconsistent());
    EXPECT_TRUE(found->persistent());
    EXPECT_FALSE(found->enabled());
    EXPECT_EQ(found->length(), 0u);
  }
  // It stays beside others, and can be removed.
  store({make_bitmap("two")});
  EXPECT_TRUE(find(load(), "one")->inconsistent());
  EXPECT_FALSE(find(load(), "two")->inconsistent());
  run_in_coroutine([&]() LV_COROUTINE_FN {
    const auto image = co_open_image(file_);
    ASSERT_FALSE(image->co_remove_bitmap("one"));
    ASSERT_FALSE(image->co_remove_bitmap("none"));
    ASSERT_FALSE(image->co_store_bitmaps({find(image->take_bitmaps(), "two")}));
    ASSERT_FALSE(image->co_close());
  });
  expect_clean();
  const Bitmaps left = load();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left.front()->name(), "two");
}

TEST_F(Qcow2BitmapsTest, LeaveNothingWhenTheLastIsRemoved) {
  create();
  const uint64_t before = header().extensions.size();
  auto bitmap = make_bitmap("one", disk, 512);
  for (uint64_t offset = 0; offset < disk; offset += 1u << 20)
    bitmap->set(offset, 1);
  store({bitmap});
  EXPECT_EQ(header().extensions.size(), before + 1);
  EXPECT_EQ(header().autoclear_features, feature_bitmaps);
  run_in_coroutine([&]() LV_COROUTINE_FN {
    const auto image = co_open_image(file_);
    ASSERT_FALSE(image->co_remove_bitmap("one"));
    // What it had is free again: this fits where it was.
    ASSERT_FALSE(image->co_write(0, Bytes(4 * cluster, std::byte{1})));
    ASSERT_FALSE(image->co_close());
  });
  EXPECT_EQ(header().extensions.size(), before);
  EXPECT_EQ(header().autoclear_features, 0u);
  EXPECT_TRUE(load().empty());
  expect_clean();
}

TEST_F(Qcow2BitmapsTest, AreStoredManyTimesInTheSameRoom) {
  create();
  store({make_bitmap("one", disk, 512)});
  uint64_t length = 0;
  for (int round = 0; round < 20; ++round) {
    run_in_coroutine([&]() LV_COROUTINE_FN {
      const auto image = co_open_image(file_);
      const Bitmaps bitmaps = image->take_bitmaps();
      bitmaps.front()->set((static_cast<uint64_t>(round) << 24) % disk + round * 512, 512);
      ASSERT_FALSE(image->co_store_bitmaps(bitmaps));
      ASSERT_FALSE(image->co_close());
    });
    if (round == 4)
      length = file_.length();
  }
  EXPECT_EQ(file_.length(), length);
  EXPECT_EQ(load().front()->count(), 20u * 512);
  expect_clean();
}

TEST_F(Qcow2BitmapsTest, FollowTheLengthOfTheDisk) {
  create();
  auto bitmap = make_bitmap("one", disk, 512);
  bitmap->set(disk - 1, 1);
  store({bitmap});
  run_in_coroutine([&]() LV_COROUTINE_FN {
    const auto image = co_open_image(file_);
    const Bitmaps bitmaps = image->take_bitmaps();
    ASSERT_FALSE(image->co_truncate(3 * disk));
    bitmaps.front()->resize(3 * disk);
    bitmaps.front()->set(2 * disk, 1);
    ASSERT_FALSE(image->co_store_bitmaps(bitmaps));
    ASSERT_FALSE(image->co_close());
  });
  expect_clean();
  const auto found = find(load(), "one");
  EXPECT_EQ(found->length(), 3 * disk);
  EXPECT_EQ(bits_of(*found),
            std::to_string(disk - 512) + "+512 " + std::to_string(2 * disk) + "+512 ");
}

// An image without the flag was written by somebody who let them be.
TEST_F(Qcow2BitmapsTest, AreGoneWhereOthersHaveWritten) {
  create();
  store({make_bitmap("one")});
  file_.poke(88, 0);
  EXPECT_TRUE(load().empty());
  EXPECT_TRUE(load(true).empty());
  EXPECT_EQ(find_extension(header().extensions, HeaderExtension::bitmaps), nullptr);
  // Their clusters are leaks.
  run_in_coroutine([&]() LV_COROUTINE_FN {
    const auto report = co_check(file_, Repair::leaks);
    ASSERT_TRUE(report);
    EXPECT_GT(report->repaired_leaks, 0u);
  });
  expect_clean();
  // Features that are not known are cleared, and what is known stays.
  store({make_bitmap("two")});
  file_.poke(88, feature_bitmaps | 1u << 9);
  EXPECT_EQ(load(true).size(), 1u);
  EXPECT_EQ(header().autoclear_features, feature_bitmaps);
}

TEST_F(Qcow2BitmapsTest, FindRoomInSmallHeaders) {
  // A cluster of 512 bytes that the names of features fill.
  create({.size = disk, .cluster_bits = 9});
  ASSERT_NE(find_extension(header().extensions, HeaderExtension::feature_names), nullptr);
  store({make_bitmap("one")});
  EXPECT_EQ(load().size(), 1u);
  // One that the name of the backing file fills: there is an error, and the image goes on.
  create({.size = disk, .cluster_bits = 9, .backing_name = std::string(380, 'n')});
  run_in_coroutine([&]() LV_COROUTINE_FN {
    const auto image = co_open_image(file_);
    ASSERT_TRUE(image);
    EXPECT_EQ(image->co_store_bitmaps({make_bitmap("one")}), std::errc::no_space_on_device);
    ASSERT_FALSE(image->co_write(0, Bytes(512)));
    ASSERT_FALSE(image->co_close());
  });
  EXPECT_EQ(header().backing_name, std::string(380, 'n'));
  expect_clean();
}

TEST_F(Qcow2BitmapsTest, AreNotStoredWhereTheFileFails) {
  create();
  auto kept = make_bitmap("one", disk, 512);
  kept->set(0, disk / 2);
  store({kept});
  unsigned writes = 0;
  bool done = false;
  for (unsigned fails_at = 0; !done; ++fails_at) {
    MemoryFile file(file_.content());
    run_in_coroutine([&]() LV_COROUTINE_FN {
      // A discard that fails is no error.
      const auto image = co_open_image(file, {{.discard_freed = false}, nullptr});
      ASSERT_TRUE(image);
      const Bitmaps bitmaps = image->take_bitmaps();
      bitmaps.front()->set(0, disk);
      writes = 0;
      file.before_change = [&](MemoryFile::Event::Kind, uint64_t) {
        return writes++ == fails_at ? std::make_error_code(std::errc::no_space_on_device)
                                    : std::error_code();
      };
      const auto error = image->co_store_bitmaps(bitmaps);
      file.before_change = nullptr;
      done = writes <= fails_at;
      ASSERT_EQ(!error, done);
      (void)image->co_close();
      const auto report = co_check(file);
      ASSERT_TRUE(report);
      ASSERT_EQ(report->corruptions, 0u) << report->problems.front();
      const auto again = co_open_image(file, {{.writable = false}, nullptr});
      ASSERT_TRUE(again);
      const Bitmaps found = again->take_bitmaps();
      ASSERT_EQ(found.size(), 1u);
      ASSERT_TRUE(found.front()->inconsistent() || found.front()->count() == disk);
    });
    ASSERT_FALSE(HasFailure()) << "fails at " << fails_at;
  }
  EXPECT_GT(writes, 5u);
}

// --- damage --------------------------------------------------------------------------------------

TEST_F(Qcow2BitmapsTest, AreRefusedWithWordsWhereTheyAreDamaged) {
  struct Damage {
    uint64_t offset;
    uint64_t number;
    const char* words;
  };
  create();
  auto bitmap = make_bitmap("one", disk, 512);
  bitmap->set(0, 1);
  store({bitmap, make_bitmap("two", disk, 512)});
  const uint64_t place = directory().offset;
  const uint64_t table = directory().entries[0].table_offset;
  const uint64_t entry = directory().entries[0].table_entries;
  const uint64_t extension = 112 + 8;
  const Bytes whole = file_.content();
  const auto first_word = [&](uint64_t offset) {
    return load_big_endian<uint64_t>(whole.data() + offset);
  };
  const std::vector<Damage> damages = {
      {extension, 0, "has 0 bitmaps"},
      {extension, uint64_t{65536} << 32, "has 65536 bitmaps"},
      {extension, (uint64_t{2} << 32) | 1, "zeroes behind that"},
      {extension, uint64_t{3} << 32, "ends before bitmap 2"},
      {extension, uint64_t{1} << 32, "more than its 1 bitmaps"},
      {extension + 8, ~uint64_t{0}, "longer than"},
      {extension + 8, 40, "ends before bitmap 1"},
      {extension + 8, 56, "reaches past the end of the directory"},
      {extension + 16, 0, "is not in the file"},
      {extension + 16, place + 8, "is not in the file"},
      {extension + 16, uint64_t{1} << 50, "is not in the file"},
      {place, 0, "a table at 0x0"},
      {place, table + 512, "which is not in the file"},
      {place, place, "is not a cluster of the file"},
      {place + 8, 0, "with 0 entries"},
      {place + 8, uint64_t{0x7fffffff} << 32, "which is not in the file"},
      {place + 8, (entry + 1) << 32, "needs "},
      {place + 8, (entry << 32) | 4, "flags 0x4"},
      {place + 16, (first_word(place + 16) & ~(uint64_t{255} << 56)) | uint64_t{2} << 56,
       "has type 2"},
      {place + 16, (first_word(place + 16) & ~(uint64_t{255} << 48)) | uint64_t{8} << 48,
       "granularity bits 8"},
      {place + 16, (first_word(place + 16) & ~(uint64_t{255} << 48)) | uint64_t{32} << 48,
       "granularity bits 32"},
      {place + 16, first_word(place + 16) | 8, "a kind that is not supported"},
      {place + 16, first_word(place + 16) & ~(uint64_t{0xffff} << 32), "a name of 0 bytes"},
      {place + 16, first_word(place + 16) | uint64_t{0xffff} << 32, "a name of 65535 bytes"},
      {place + 24, first_word(place + 32 + 24), "the name of another"},
      {table, uint64_t{1} << 60, "is not a cluster of the file"},
      {table, uint64_t{1} << 40, "is not a cluster of the file"},
      {table, (first_word(table)) | 1, "is not a cluster of the file"},
      {table, 2, "is not a cluster of the file"},
      {table, cluster, "overlap"},
      {table, place, "overlap"},
  };
  for (const Damage& damage : damages) {
    file_.set_content(whole);
    file_.poke(damage.offset, damage.number);
    const std::string message = open_error();
    EXPECT_NE(message.find(damage.words), std::string::npos) << damage.words << ": " << message;
    // A repair does without them.
    run_in_coroutine([&]() LV_COROUTINE_FN {
      const auto report = co_check(file_, Repair::all);
      ASSERT_TRUE(report) << report.error().message;
      EXPECT_TRUE(report->clean()) << damage.words << ": " << report->problems.front();
      EXPECT_GT(report->repaired_corruptions, 0u) << damage.words;
    });
    EXPECT_EQ(open_error(), "no error") << damage.words;
  }
}

// What a few bytes ask for is bounded.
TEST_F(Qcow2BitmapsTest, AreNotTakenWhereTheyAreTooLarge) {
  constexpr uint64_t large = uint64_t{8} << 40;
  create({.size = large, .cluster_bits = 21});
  store({make_bitmap("one", large, DirtyBitmap::most_granularity)});
  const uint64_t place = directory().offset;
  const uint64_t flags = load_big_endian<uint64_t>(file_.content().data() + place + 16);
  // Of 512 bytes, for which the table would be long enough.
  file_.poke(place + 16, (flags & ~(uint64_t{255} << 48)) | uint64_t{9} << 48);
  file_.poke(place + 8, uint64_t{1024} << 32 | BitmapEntry::enabled);
  const std::string message = open_error();
  EXPECT_NE(message.find("which is the limit"), std::string::npos) << message;
}

} // namespace
} // namespace lockvet::runtime::qcow2
