// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images as nodes of a graph: requests from several contexts while the graph changes, and what an
// image wants of its neighbours.

#include "runtime/coroutine/co_group.h"
#include "runtime/drivers/qcow2/backing_chain.h"
#include "runtime/graph/context_move.h"
#include "testsuite/unit/runtime/graph/test_drivers.h"
#include "testsuite/unit/runtime/qcow2/image_driver_fixture.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {
namespace {

using Qcow2ImageDriverTest = ImageDriverTest;

TEST_F(Qcow2ImageDriverTest, HoldsWhatAModelHolds) {
  MainLoop::assert_here();
  start_threads(1);
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    DiskModel maker({}, 512, seed);
    const uint64_t size = 1 + maker.below(200 * 512);
    const auto file = make_image(
        {.size = size, .version = seed % 3 == 0 ? 2U : 3U, .cluster_bits = 9, .backing_name = "b"});
    const auto base = std::make_shared<MemoryFile>(maker.random_bytes(maker.below(2 * size)));
    Bytes content = base->content();
    content.resize(size);
    DiskModel model(std::move(content), 512, seed);
    for (int round = 0; round < 2; ++round) {
      const auto image = add_image("image", file, {.l2_cache_bytes = 0, .refcount_cache_bytes = 0});
      const auto backing = add<FileNodeDriver>("base", base);
      Transaction transaction;
      transaction.attach(image.node, "backing", EdgeRole::copy_on_write, backing.node);
      ASSERT_TRUE(transaction.commit());
      ASSERT_TRUE(image.driver.open());
      BlockBackend& disk = backend_of(image.node);
      in_coroutine(io(0), [&]() LV_COROUTINE_FN {
        BackendFile as_file(disk);
        for (int step = 0; step < 100 && !HasFailure(); ++step)
          EXPECT_FALSE(model.co_step(as_file, true));
        model.co_expect_same(as_file);
      });
      ASSERT_TRUE(disk.remove());
      ASSERT_TRUE(image.driver.close());
      ASSERT_TRUE(graph().remove(image.node));
      ASSERT_TRUE(graph().remove(image.file));
      ASSERT_TRUE(graph().remove(backing.node));
    }
    expect_clean(*file);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

// Holders of the image's locks wait for the file, and for the graph lock then. If who waits for
// them held the graph lock, a writer would keep all from going on.
TEST_F(Qcow2ImageDriverTest, ItsLocksAndTheGraphLockDoNotWaitForEachOther) {
  MainLoop::assert_here();
  start_threads(3);
  const auto file = make_image();
  const auto image = add_image("image", file, {.l2_cache_bytes = 0});
  ASSERT_TRUE(image.driver.open());
  BlockBackend& disk = backend_of(image.node);
  file->yields = true;
  const auto elsewhere = add<MemoryDriver>("elsewhere", size_t{512});
  constexpr uint64_t writers = 9;
  constexpr uint64_t sector = 256;
  std::atomic<uint64_t> running = writers;
  Bytes model(disk_size);
  for (uint64_t number = 0; number < writers; ++number)
    ASSERT_TRUE(Coroutine::spawn(io(number % 3), [&, number]() LV_COROUTINE_FN {
      DiskModel random({}, cluster, number);
      for (int step = 0; step < 150; ++step) {
        const uint64_t stripe = random.below(disk_size / sector / writers);
        const uint64_t offset = (stripe * writers + number) * sector;
        const auto mine = std::span(model).subspan(offset, sector);
        Bytes bytes(sector);
        EXPECT_FALSE(disk.co_preadv(offset, {bytes.data(), sector}));
        EXPECT_TRUE(std::ranges::equal(bytes, mine)) << "writer " << number << " at " << offset;
        bytes = random.random_bytes(sector);
        EXPECT_FALSE(disk.co_pwritev(offset, {bytes.data(), sector}));
        std::ranges::copy(bytes, mine.begin());
        if (random.below(20) == 0) {
          EXPECT_FALSE(disk.co_flush());
        }
      }
      --running;
    }));
  unsigned changes = 0;
  while (running > 0) {
    BlockBackend other("other", {});
    ASSERT_TRUE(other.insert(elsewhere.node));
    ASSERT_TRUE(other.remove());
    if (++changes % 8 == 0) {
      ASSERT_TRUE(move_subtree(image.node, io(changes / 8 % 3)));
    }
    run_some_turns();
  }
  EXPECT_GT(changes, 0u);
  in_coroutine(io(0), [&]() LV_COROUTINE_FN {
    BackendFile as_file(disk);
    DiskModel(model, cluster, 1).co_expect_same(as_file);
  });
  ASSERT_TRUE(disk.remove());
  ASSERT_TRUE(image.driver.close());
  expect_clean(*file);
}

TEST_F(Qcow2ImageDriverTest, IsPutAboveADiskThatIsInUse) {
  MainLoop::assert_here();
  start_threads(1);
  const auto lower_file = make_image();
  const auto lower = add_image("lower", lower_file);
  ASSERT_TRUE(lower.driver.open());
  BlockBackend& disk = backend_of(lower.node);
  in_coroutine(io(0), [&]() LV_COROUTINE_FN {
    co_write_letter(disk, 0, 'a');
    co_write_letter(disk, 1, 'b');
  });
  const auto upper_file = make_image(
      {.size = disk_size, .cluster_bits = 12, .backing_name = "lower", .backing_format = "qcow2"});
  const auto upper = add_image("upper", upper_file);
  ASSERT_TRUE(upper.driver.open());
  ASSERT_TRUE(
      disk.set_permissions({Permission::consistent_read | Permission::write, Permission::all}));
  const auto inserted = insert_overlay(lower.node, upper.node);
  ASSERT_TRUE(inserted) << inserted.error().message;
  in_coroutine(io(0), [&]() LV_COROUTINE_FN {
    EXPECT_EQ(co_letters(disk, 3), "ab0");
    co_write_letter(disk, 1, 'c');
    EXPECT_EQ(co_letters(disk, 3), "ac0");
    // What the backing file has does not show again.
    EXPECT_FALSE(disk.co_discard(0, cluster));
    EXPECT_EQ(co_letters(disk, 3), "0c0");
  });
  ASSERT_TRUE(disk.remove());
  const auto closed = close_chain(graph(), upper.node);
  ASSERT_TRUE(closed) << closed.error().message;
  EXPECT_TRUE(graph().nodes().empty());
  expect_clean(*upper_file);
  expect_clean(*lower_file);
}

// Its header says that there is something below, and so what it has not got is not zeroes.
TEST_F(Qcow2ImageDriverTest, DoesNotReadWhatIsMissingAsZeroes) {
  MainLoop::assert_here();
  const auto file = make_image(
      {.size = disk_size, .cluster_bits = 12, .backing_name = "lower", .backing_format = "raw"});
  const auto image = add_image("image", file);
  ASSERT_TRUE(image.driver.open());
  BlockBackend& disk = backend_of(image.node);
  const std::error_code missing = std::make_error_code(std::errc::no_such_device);
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    char letter = 'x';
    EXPECT_EQ(disk.co_preadv(0, {&letter, 1}), missing);
    // What is around it would have to be read.
    EXPECT_EQ(disk.co_pwritev(1, {&letter, 1}), missing);
    EXPECT_EQ(disk.co_truncate(disk_size + cluster), missing);
    co_write_letter(disk, 1, 'a');
    EXPECT_FALSE(disk.co_preadv(cluster, {&letter, 1}));
    EXPECT_EQ(letter, 'a');
    EXPECT_FALSE(disk.co_pwrite_zeroes(2 * cluster, cluster));
    EXPECT_FALSE(disk.co_preadv(2 * cluster, {&letter, 1}));
    EXPECT_EQ(letter, 0);
    const auto status = disk.co_block_status(0, cluster);
    ASSERT_TRUE(status);
    EXPECT_FALSE(status->allocated || status->zero);
  });
  // From when the backing file is there, and until it is gone.
  const auto lower = add<MemoryDriver>("lower", size_t{disk_size});
  ASSERT_TRUE(
      disk.set_permissions({Permission::consistent_read | Permission::write, Permission::all}));
  Transaction attaching;
  attaching.attach(image.node, "backing", EdgeRole::copy_on_write, lower.node);
  ASSERT_TRUE(attaching.commit());
  in_coroutine(main(), [&]() LV_COROUTINE_FN { EXPECT_EQ(co_letters(disk, 3), "0a0"); });
  Transaction detaching;
  {
    const MainGraphReadLock lock;
    detaching.detach(*image.node.child("backing"));
  }
  ASSERT_TRUE(detaching.commit());
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    char letter = 'x';
    EXPECT_EQ(disk.co_preadv(0, {&letter, 1}), missing);
  });
  ASSERT_TRUE(disk.remove());
  ASSERT_TRUE(image.driver.close());
  expect_clean(*file);
}

TEST_F(Qcow2ImageDriverTest, IsClosedBeforeItsNodeIsRemoved) {
  MainLoop::assert_here();
  const auto image = add_image("image", make_image());
  ASSERT_TRUE(image.driver.open());
  const auto removed = graph().remove(image.node);
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().message,
            "node 'image' has an image that is open, and has to be closed.");
  // Nothing has changed by that.
  BlockBackend& disk = backend_of(image.node);
  in_coroutine(main(), [&]() LV_COROUTINE_FN { co_write_letter(disk, 0, 'a'); });
  ASSERT_TRUE(disk.remove());
  ASSERT_TRUE(image.driver.close());
  EXPECT_TRUE(graph().remove(image.node));
}

// Deeper than a stack.
TEST_F(Qcow2ImageDriverTest, IsReadThroughAnyNumberOfOverlays) {
  MainLoop::assert_here();
  const auto empty = make_image()->content();
  std::vector<ImageNode> layers;
  Transaction stacking;
  for (int number = 0; number < 400; ++number) {
    layers.push_back(
        add_image("image" + std::to_string(number), std::make_shared<MemoryFile>(empty)));
    ASSERT_TRUE(layers.back().driver.open());
    if (number > 0)
      stacking.attach(layers.back().node, "backing", EdgeRole::copy_on_write,
                      layers[layers.size() - 2].node);
  }
  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(layers.front().node));
  in_coroutine(main(), [&]() LV_COROUTINE_FN { co_write_letter(disk, 0, 'a'); });
  ASSERT_TRUE(disk.remove());
  ASSERT_TRUE(stacking.commit());
  ASSERT_TRUE(disk.insert(layers.back().node));
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    EXPECT_EQ(co_letters(disk, 2), "a0");
    char letter = 'b';
    EXPECT_FALSE(disk.co_pwritev(1, {&letter, 1}));
    EXPECT_EQ(co_letters(disk, 2), "a0");
  });
  ASSERT_TRUE(disk.remove());
  Transaction taking_apart;
  for (size_t number = 1; number < layers.size(); ++number) {
    const MainGraphReadLock lock;
    taking_apart.detach(*layers[number].node.child("backing"));
  }
  ASSERT_TRUE(taking_apart.commit());
  for (const ImageNode& layer : layers)
    ASSERT_TRUE(close_chain(graph(), layer.node));
}

TEST_F(Qcow2ImageDriverTest, SaysWhatIsWhere) {
  MainLoop::assert_here();
  const auto image = add_image("image", make_image());
  ASSERT_TRUE(image.driver.open());
  BlockBackend& disk = backend_of(image.node);
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    co_write_letter(disk, 1, 'a');
    EXPECT_FALSE(disk.co_pwrite_zeroes(2 * cluster, cluster));
    const auto status = [&](uint64_t number) LV_COROUTINE_FN {
      return disk.co_block_status(number * cluster, disk_size - number * cluster);
    };
    const auto unallocated = status(0);
    ASSERT_TRUE(unallocated);
    EXPECT_EQ(unallocated->length, cluster);
    EXPECT_FALSE(unallocated->allocated);
    EXPECT_TRUE(unallocated->zero);
    const auto data = status(1);
    ASSERT_TRUE(data);
    EXPECT_EQ(data->length, cluster);
    EXPECT_TRUE(data->allocated && !data->zero && data->host_offset.has_value());
    const auto zero = status(2);
    ASSERT_TRUE(zero);
    EXPECT_EQ(zero->length, cluster);
    EXPECT_TRUE(zero->allocated && zero->zero);
  });
  ASSERT_TRUE(disk.remove());
  ASSERT_TRUE(image.driver.close());
}

TEST_F(Qcow2ImageDriverTest, GrowsAndFlushesAsItIsTold) {
  MainLoop::assert_here();
  const auto file = make_image();
  const auto image = add_image("image", file);
  ASSERT_TRUE(image.driver.open());
  BlockBackend& disk = backend_of(image.node);
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    co_write_letter(disk, 70, 'a');
    EXPECT_EQ(disk.co_length(), 71 * cluster);
    EXPECT_EQ(co_letters(disk, 71).substr(62), "00000000a");
    // In pieces, which go on as they are.
    std::array<char, 3> left{'x', 'y', 'z'};
    std::array<char, 2> right{'v', 'w'};
    const std::array pieces = {iovec{left.data(), left.size()}, iovec{right.data(), right.size()}};
    file->logs = true;
    EXPECT_FALSE(disk.co_pwritev(cluster - 2, IoVector(pieces), RequestFlags::force_unit_access));
    EXPECT_EQ(file->log.back().kind, MemoryFile::Event::Kind::flush);
    std::array<char, 7> back{};
    EXPECT_FALSE(disk.co_preadv(cluster - 3, {back.data(), back.size()}));
    EXPECT_EQ(std::string_view(back.data(), back.size()), std::string_view("\0xyzvw\0", 7));
    // Where zeroes need a buffer, and where they do not.
    EXPECT_EQ(disk.co_pwrite_zeroes(0, cluster / 2, RequestFlags::no_fallback),
              std::errc::not_supported);
    EXPECT_FALSE(disk.co_pwrite_zeroes(0, cluster, RequestFlags::no_fallback));
    EXPECT_EQ(co_letters(disk, 2), "0z");
  });
  ASSERT_TRUE(disk.remove());
  ASSERT_TRUE(image.driver.close());
  expect_clean(*file);
}

TEST_F(Qcow2ImageDriverTest, TakesParentsWhenItIsOpenAndOnlyReadersIfItIsReadOnly) {
  MainLoop::assert_here();
  const auto file = make_image();
  const auto image = add_image("image", file, {.writable = false});
  BlockBackend& writer = backend();
  BlockBackend& reader = backend({.permissions = {Permission::consistent_read, Permission::all}});
  EXPECT_EQ(reader.insert(image.node).error().message, "node 'image' is not open.");
  ASSERT_TRUE(image.driver.open());
  EXPECT_EQ(image.driver.open().error().message, "node 'image' is open.");
  EXPECT_EQ(writer.insert(image.node).error().message, "node 'image' is open for reading only.");
  ASSERT_TRUE(reader.insert(image.node));
  EXPECT_EQ(image.driver.close().error().message,
            "node 'image' is in use, and can't be opened or closed.");
  {
    // The file is read by both, and by nobody written.
    const auto second = add<ImageDriver>("second", MetadataOptions{.writable = false});
    Transaction transaction;
    transaction.attach(second.node, "file", EdgeRole::data | EdgeRole::metadata, image.file);
    ASSERT_TRUE(transaction.commit());
    EXPECT_TRUE(second.driver.open());
    const auto third = add<ImageDriver>("third", MetadataOptions{});
    Transaction refused;
    refused.attach(third.node, "file", EdgeRole::data | EdgeRole::metadata, image.file);
    EXPECT_FALSE(refused.commit());
  }
  const MainGraphReadLock lock;
  EXPECT_EQ(image.node.child("file")->permissions().used, Permission::consistent_read);
}

TEST_F(Qcow2ImageDriverTest, RefusesWhatIsNoImageAndSaysWhy) {
  MainLoop::assert_here();
  const auto noise = add_image("noise", std::make_shared<MemoryFile>(Bytes(cluster, std::byte{1})));
  EXPECT_EQ(noise.driver.holds_image(), false);
  EXPECT_EQ(noise.driver.open().error().message,
            "node 'noise': qcow2: the file begins with 0x1010101, and an image with 0x514649fb");
  // Its L1 table is behind the end of the file.
  const auto file = make_image();
  file->poke(40, uint64_t{1} << 40);
  const auto hostile = add_image("hostile", file);
  EXPECT_EQ(hostile.driver.holds_image(), true);
  const auto opened = hostile.driver.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, std::errc::invalid_argument);
  // Nothing keeps it from being opened once it is whole.
  file->set_content(make_image()->content());
  ASSERT_TRUE(hostile.driver.open());
  ASSERT_TRUE(hostile.driver.close());
}

TEST_F(Qcow2ImageDriverTest, IsClosedAlsoIfItsFileFails) {
  MainLoop::assert_here();
  const auto file = make_image();
  const auto image = add_image("image", file);
  ASSERT_TRUE(image.driver.open());
  BlockBackend& disk = backend_of(image.node);
  in_coroutine(main(), [&]() LV_COROUTINE_FN { co_write_letter(disk, 0, 'a'); });
  ASSERT_TRUE(disk.remove());
  file->before_change = [](MemoryFile::Event::Kind, uint64_t) { return io_error(); };
  const auto closed = image.driver.close();
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, std::errc::io_error);
  EXPECT_TRUE(image.driver.close());
  EXPECT_FALSE(disk.insert(image.node));
}

} // namespace
} // namespace lockvet::runtime::qcow2
