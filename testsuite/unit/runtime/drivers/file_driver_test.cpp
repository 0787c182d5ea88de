// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The driver of files, by rings and by threads, past the page cache and through it, on a disk and
// in memory: what it does to real files, and what it says if it can't.

#include "runtime/graph/context_move.h"
#include "testsuite/unit/runtime/drivers/driver_fixture.h"

#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace lockvet::runtime {
namespace {

struct Way {
  const char* name;
  FileDriver::Options options;
  const char* folder;
};

std::filesystem::path folder_of(const Way& way) {
  return way.folder != nullptr ? way.folder : std::filesystem::temp_directory_path();
}

class FileDriverTest : public DriverTest, public testing::WithParamInterface<Way> {
protected:
  FileDriverTest() : DriverTest(folder_of(GetParam())) {}

  void SetUp() override {
    const auto opened = OpenFile::open(make_file("trial", {}), false, GetParam().options.direct);
    if (!opened && opened.error().code == std::errc::invalid_argument)
      GTEST_SKIP() << "the filesystem has no direct transfers";
  }

  // A disk over that file, by the way that is tested.
  BlockBackend& disk_of(const std::string& file,
                        BlockBackend::Options options = growing) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    BlockBackend& disk = backend(options);
    const auto inserted = disk.insert(add_file("file", file, GetParam().options));
    EXPECT_TRUE(inserted) << inserted.error().message;
    return disk;
  }
  bool disk_has(BlockBackend& disk, const Bytes& model) {
    return read(disk, 0, model.size()) == model;
  }
};

INSTANTIATE_TEST_SUITE_P(
    Ways, FileDriverTest,
    testing::Values(Way{"automatic", {}, nullptr},
                    Way{"io_uring", {.engine = FileDriver::Engine::io_uring}, nullptr},
                    Way{"threads", {.engine = FileDriver::Engine::threads}, nullptr},
                    Way{"direct", {.direct = true}, "/var/tmp"},
                    Way{"direct_by_threads",
                        {.direct = true, .engine = FileDriver::Engine::threads},
                        "/var/tmp"},
                    Way{"in_memory", {}, "/dev/shm"}),
    [](const auto& info) { return info.param.name; });

// Any requests of any size, against a flat model that is held against the file in the end.
TEST_P(FileDriverTest, DoesWhatAFlatModelDoes) {
  MainLoop::assert_here();
  Bytes model = random_bytes(30'000 + below(30'000));
  const std::string file = make_file("disk", model);
  BlockBackend& disk = disk_of(file);
  for (int step = 0; step < 150 && !HasFailure(); ++step) {
    SCOPED_TRACE(step);
    const uint64_t offset = below(model.size());
    const uint64_t size = 1 + below(std::min<uint64_t>(model.size() - offset, 9'000));
    const auto begin = model.begin() + static_cast<ptrdiff_t>(offset);
    switch (below(7)) {
    case 0:
    case 1: {
      const Bytes data = random_bytes(size);
      const bool stable = below(4) == 0;
      EXPECT_FALSE(
          write(disk, offset, data, stable ? RequestFlags::force_unit_access : RequestFlags::none));
      std::copy(data.begin(), data.end(), begin);
      break;
    }
    case 2: {
      const auto flags = below(2) == 0 ? RequestFlags::may_unmap : RequestFlags::none;
      EXPECT_FALSE(
          ask([&]() LV_COROUTINE_FN { return disk.co_pwrite_zeroes(offset, size, flags); }));
      std::fill_n(begin, size, std::byte{0});
      break;
    }
    case 3: {
      // Across the end.
      const Bytes data = random_bytes(size);
      const uint64_t at = model.size() - std::min<uint64_t>(model.size(), below(5'000));
      EXPECT_FALSE(write(disk, at, data));
      model.resize(std::max<size_t>(model.size(), at + size));
      std::copy(data.begin(), data.end(), model.begin() + static_cast<ptrdiff_t>(at));
      break;
    }
    case 4: {
      const uint64_t length = 20'000 + below(60'000);
      EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_truncate(length); }));
      model.resize(length);
      break;
    }
    default: {
      // In pieces that nothing is aligned in.
      Bytes data(size + 1);
      const std::array<iovec, 2> pieces = {
          {{data.data() + 1, size / 3}, {data.data() + 1 + size / 3, size - size / 3}}};
      const IoVector to{std::span(pieces)};
      EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_preadv(offset, to); }));
      EXPECT_TRUE(std::equal(data.begin() + 1, data.end(), begin));
    }
    }
    EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk.co_length(); }), model.size());
  }
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_flush(); }));
  EXPECT_TRUE(disk_has(disk, model));
  EXPECT_EQ(read_whole_file(file), model);
}

// Requests that are longer than what is copied at once, and in more pieces than a call takes.
TEST_P(FileDriverTest, TakesLargeRequests) {
  MainLoop::assert_here();
  const std::string file = make_file("disk", {});
  BlockBackend& disk = disk_of(file);
  const Bytes data = random_bytes(3'000'001);
  std::vector<iovec> pieces;
  for (size_t at = 0; at < data.size(); at += 1'501)
    pieces.push_back(
        {const_cast<std::byte*>(data.data()) + at, std::min<size_t>(1'501, data.size() - at)});
  ASSERT_GT(pieces.size(), size_t{IOV_MAX});
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN {
    return disk.co_pwritev(777, IoVector(std::span<const iovec>(pieces)));
  }));
  EXPECT_EQ(read(disk, 777, data.size()), data);
  EXPECT_EQ(read(disk, 0, 777), Bytes(777));
  EXPECT_EQ(std::filesystem::file_size(file), 777 + data.size());
}

// Requests of two contexts at once, which have neighbouring parts of the same blocks, while the
// disk is drained and its node goes from one context to the other.
TEST_P(FileDriverTest, ServesSeveralContexts) {
  MainLoop::assert_here();
  start_threads(2);
  constexpr size_t part = 100;
  constexpr size_t parts = 64;
  const std::string file = make_file("disk", Bytes(part * parts));
  BlockBackend& disk = disk_of(file);
  std::atomic<unsigned> ended = 0;
  for (size_t number = 0; number < parts; ++number)
    ASSERT_TRUE(Coroutine::spawn(io(number % 2), [&, number]() LV_COROUTINE_FN {
      const uint64_t offset = number * part;
      for (int round = 1; round <= 5; ++round) {
        const Bytes data(part, static_cast<std::byte>(number + static_cast<size_t>(round)));
        Bytes found(part);
        EXPECT_FALSE(disk.co_pwritev(offset, view(data)));
        EXPECT_FALSE(disk.co_preadv(offset, view(found)));
        EXPECT_EQ(found, data);
      }
      ++ended;
    }));
  Node& node = *graph().find("file");
  for (unsigned round = 0; ended < parts; ++round) {
    EXPECT_TRUE(move_subtree(node, io(round % 2)));
    {
      const DrainedSection drained(node);
    }
    run_some_turns();
  }
  EXPECT_TRUE(move_subtree(node, main()));
  const Bytes whole = read_whole_file(file);
  for (size_t at = 0; at < whole.size(); ++at)
    ASSERT_EQ(whole[at], static_cast<std::byte>(at / part + 5)) << at;
  end_threads();
}

// Somebody has cut the file off, behind our back.
TEST_P(FileDriverTest, ReadsZeroesBeyondTheEnd) {
  MainLoop::assert_here();
  const Bytes content = random_bytes(10'000);
  const std::string file = make_file("disk", content);
  BlockBackend& disk = disk_of(file);
  std::filesystem::resize_file(file, 5'000);
  Bytes expected = content;
  std::fill(expected.begin() + 5'000, expected.end(), std::byte{0});
  EXPECT_EQ(read(disk, 0, 10'000), expected);
  EXPECT_EQ(read(disk, 4'999, 2), Bytes({content[4'999], std::byte{0}}));
  EXPECT_EQ(read(disk, 7'000, 100), Bytes(100));
}

TEST_P(FileDriverTest, SaysWhereDataAre) {
  MainLoop::assert_here();
  constexpr uint64_t block = 65'536;
  const std::string file = make_file("disk", {});
  BlockBackend& disk = disk_of(file);
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_truncate(4 * block); }));
  EXPECT_FALSE(write(disk, block, random_bytes(2 * block)));
  const auto status = [&](uint64_t offset, uint64_t size) {
    return *ask([&]() LV_COROUTINE_FN { return disk.co_block_status(offset, size); });
  };
  EXPECT_TRUE(status(0, 4 * block).zero);
  EXPECT_EQ(status(0, 4 * block).length, block);
  EXPECT_EQ(status(100, 200).length, 200U);
  EXPECT_FALSE(status(block + 10, 4 * block - block - 10).zero);
  EXPECT_EQ(status(block + 10, 4 * block - block - 10).length, 2 * block - 10);
  EXPECT_TRUE(status(3 * block, block).zero);
  EXPECT_EQ(status(3 * block, block).length, block);

  // What is discarded, or zeroed with leave to unmap, is a hole afterwards.
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_discard(block, block); }));
  EXPECT_EQ(status(0, 4 * block).length, 2 * block);
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN {
    return disk.co_pwrite_zeroes(2 * block, block,
                                 RequestFlags::may_unmap | RequestFlags::no_fallback);
  }));
  EXPECT_EQ(status(0, 4 * block).length, 4 * block);
  EXPECT_EQ(std::filesystem::file_size(file), 4 * block);
}

TEST_P(FileDriverTest, ZeroesMayMakeItLonger) {
  MainLoop::assert_here();
  const std::string file = make_file("disk", Bytes(1'000, std::byte{1}));
  BlockBackend& disk = disk_of(file);
  for (const auto flags : {RequestFlags::may_unmap, RequestFlags::none}) {
    const auto length = ask([&]() LV_COROUTINE_FN { return disk.co_length(); });
    EXPECT_FALSE(ask([&]() LV_COROUTINE_FN {
      return disk.co_pwrite_zeroes(*length - 10, 1'010, flags | RequestFlags::force_unit_access);
    }));
    EXPECT_EQ(std::filesystem::file_size(file), *length + 1'000);
  }
  Bytes expected(3'000);
  std::fill_n(expected.begin(), 990, std::byte{1});
  EXPECT_EQ(read_whole_file(file), expected);
}

// What the kernel says arrives as it is.
TEST_P(FileDriverTest, PassesErrorsOn) {
  MainLoop::assert_here();
  const std::string file = make_file("disk", Bytes(4'096));
  BlockBackend& disk = disk_of(file);
  EXPECT_FALSE(write(disk, 0, Bytes(4'096)));
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit = before;
  limit.rlim_cur = 1 << 20;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  const auto truncated = ask([&]() LV_COROUTINE_FN { return disk.co_truncate(2 << 20); });
  const auto written = write(disk, 1 << 20, Bytes(4'096));
  const auto unaligned = write(disk, (1 << 20) + 1, Bytes(10));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  (void)std::signal(SIGXFSZ, handler);
  EXPECT_EQ(truncated, std::errc::file_too_large);
  EXPECT_EQ(written, std::errc::file_too_large);
  EXPECT_EQ(unaligned, std::errc::file_too_large);
  EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk.co_length(); }), 4'096U);
  EXPECT_EQ(std::filesystem::file_size(file), 4'096U);
}

class FileDriverOpenTest : public DriverTest {};

TEST_F(FileDriverOpenTest, SaysWhyNot) {
  const auto why_not = [&](const std::string& file, FileDriver::Options options = {}) {
    const auto driver = FileDriver::open(file, options, pool());
    EXPECT_FALSE(driver);
    return driver ? GraphError{} : driver.error();
  };
  const GraphError missing = why_not(path("none"));
  EXPECT_EQ(missing.code, std::errc::no_such_file_or_directory);
  EXPECT_EQ(missing.message, "can't open '" + path("none") + "': No such file or directory.");
  EXPECT_EQ(why_not("/dev/null").message,
            "can't open '/dev/null': it is neither a file nor a block device.");
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(why_not(path("pipe"), {.read_only = true}).code, std::errc::invalid_argument);
}

TEST_F(FileDriverOpenTest, ReadOnlyRefusesWriters) {
  MainLoop::assert_here();
  const Bytes content = random_bytes(1'000);
  Node& node = add_file("file", make_file("disk", content), {.read_only = true});
  BlockBackend& writer = backend();
  const auto refused = writer.insert(node);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, std::errc::read_only_file_system);
  EXPECT_EQ(refused.error().message,
            "'" + path("disk") + "' is open for reading only, and is needed for 'write'.");
  BlockBackend& reader = backend({.permissions = {Permission::consistent_read, Permission::all}});
  EXPECT_TRUE(reader.insert(node));
  EXPECT_EQ(read(reader, 0, 1'000), content);
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return reader.co_flush(); }));
}

TEST_F(FileDriverOpenTest, ChoosesWhoReads) {
  const auto chosen = [&](const std::string& file, FileDriver::Engine engine) {
    const auto driver = FileDriver::open(file, {.engine = engine}, pool());
    EXPECT_TRUE(driver) << driver.error().message;
    return (*driver)->engine().choice();
  };
  const std::string file = make_file("disk", Bytes(1'000));
  for (const auto engine :
       {FileDriver::Engine::io_uring, FileDriver::Engine::threads, FileDriver::Engine::in_place})
    EXPECT_EQ(chosen(file, engine), engine);
  const auto opened = OpenFile::open(file, true, false);
  ASSERT_TRUE(opened);
  EXPECT_EQ(chosen(file, FileDriver::Engine::automatic),
            opened->in_memory ? FileDriver::Engine::in_place : FileDriver::Engine::io_uring);
  const TemporaryFolder in_memory("/dev/shm");
  write_whole_file(in_memory.path("disk"), Bytes(1'000));
  EXPECT_EQ(chosen(in_memory.path("disk"), FileDriver::Engine::automatic),
            FileDriver::Engine::in_place);
}

// A loop on epoll has no ring.
TEST_F(FileDriverOpenTest, DoesWithoutRings) {
  MainLoop::assert_here();
  const auto thread =
      std::move(*IOThread::create("epoll", {.backend = AioContext::Backend::epoll}));
  BlockBackend& disk = backend(growing);
  ASSERT_TRUE(disk.insert(
      add_file("file", make_file("disk", {}), {.engine = FileDriver::Engine::io_uring})));
  const Bytes data = random_bytes(10'000);
  in_coroutine(thread->context(), [&]() LV_COROUTINE_FN {
    Bytes found(data.size());
    EXPECT_FALSE(disk.co_pwritev(5, view(data)));
    EXPECT_FALSE(disk.co_preadv(5, view(found)));
    EXPECT_EQ(found, data);
  });
}

} // namespace
} // namespace lockvet::runtime
