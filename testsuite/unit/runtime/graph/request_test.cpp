// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Requests from a backend through edges to drivers, and what they carry.

#include "runtime/drivers/null_driver.h"
#include "runtime/graph/transaction.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"
#include "testsuite/unit/runtime/graph/test_drivers.h"

#include <array>
#include <numeric>

namespace lockvet::runtime {
namespace {

TEST(IoVector, IsSlicedAcrossPieces) {
  std::array<char, 3> first{};
  std::array<char, 4> second{};
  std::array<char, 5> third{};
  const std::array<iovec, 3> pieces = {{{first.data(), 3}, {second.data(), 4}, {third.data(), 5}}};
  const IoVector whole{std::span(pieces)};
  EXPECT_EQ(whole.size(), 12U);
  std::array<char, 12> numbers{};
  std::iota(numbers.begin(), numbers.end(), 'a');
  whole.copy_from(numbers.data());
  EXPECT_EQ(std::string_view(second.data(), 4), "defg");

  for (size_t offset = 0; offset <= 12; ++offset)
    for (size_t size = 0; offset + size <= 12; ++size) {
      std::string copy(size, '-');
      whole.slice(offset, size).copy_to(copy.data());
      EXPECT_EQ(copy, std::string_view(numbers.data() + offset, size));
      whole.slice(offset / 2, size + offset - offset / 2)
          .slice(offset - offset / 2, size)
          .copy_to(copy.data());
      EXPECT_EQ(copy, std::string_view(numbers.data() + offset, size));
    }
  whole.slice(2, 6).fill('x');
  EXPECT_EQ(std::string_view(first.data(), 3), "abx");
  EXPECT_EQ(std::string_view(second.data(), 4), "xxxx");
  EXPECT_EQ(std::string_view(third.data(), 5), "xijkl");
}

TEST(IoVector, OfOnePieceCanBeCopied) {
  std::string text = "memory";
  const IoVector whole(text.data(), text.size());
  const IoVector part = whole.slice(2, 3);
  std::string copy(3, '-');
  IoVector(part).copy_to(copy.data());
  EXPECT_EQ(copy, "mor");
}

TEST(Permissions, AreNamed) {
  EXPECT_EQ(to_string(Permission::none), "nothing");
  EXPECT_EQ(to_string(Permission::write), "write");
  EXPECT_EQ(to_string(Permission::all), "consistent read, write, write unchanged and resize");
}

class RequestTest : public GraphTest {
protected:
  std::string read(BlockBackend& backend, uint64_t offset, size_t size) {
    std::string text(size, '-');
    in_coroutine(main(), [&]() LV_COROUTINE_FN {
      EXPECT_EQ(backend.co_preadv(offset, {text.data(), size}), std::error_code());
    });
    return text;
  }
};

TEST_F(RequestTest, ReadsWhatWasWritten) {
  MainLoop::assert_here();
  start_threads(1);
  const auto memory = add<MemoryDriver>("memory", size_t{4096});
  const auto filter = add<FilterDriver>("filter");
  Transaction transaction;
  transaction.attach(filter.node, "file", EdgeRole::filtered | EdgeRole::data, memory.node);
  ASSERT_TRUE(transaction.commit());
  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(filter.node));
  EXPECT_EQ(chain(disk), "filter memory");
  std::string text = "hello";
  in_coroutine(io(0), [&]() LV_COROUTINE_FN {
    EXPECT_EQ(disk.co_pwritev(100, {text.data(), text.size()}), std::error_code());
    EXPECT_EQ(disk.co_flush(), std::error_code());
    EXPECT_EQ(*disk.co_length(), 4096U);
    EXPECT_EQ(disk.co_discard(0, 10), std::error_code());
    const auto status = disk.co_block_status(0, 10);
    ASSERT_TRUE(status);
    EXPECT_EQ(status->length, 10U);
  });
  EXPECT_EQ(read(disk, 100, 5), "hello");
  EXPECT_EQ(memory.driver.requests, 2);
}

TEST_F(RequestTest, IsRefusedBeyondTheEnd) {
  MainLoop::assert_here();
  const auto memory = add<MemoryDriver>("memory", size_t{4096});
  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(memory.node));
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    std::array<char, 16> buffer{};
    const IoVector vector(buffer.data(), buffer.size());
    EXPECT_EQ(disk.co_preadv(4080, vector), std::error_code());
    EXPECT_EQ(disk.co_preadv(4081, vector), std::errc::io_error);
    EXPECT_EQ(disk.co_preadv(~uint64_t{0} - 3, vector), std::errc::io_error);
    EXPECT_EQ(disk.co_pwritev(4081, vector), std::errc::io_error);
    EXPECT_EQ(disk.co_pwrite_zeroes(1, ~uint64_t{0}), std::errc::io_error);
    EXPECT_EQ(disk.co_discard(4096, 1), std::errc::io_error);
    EXPECT_EQ(disk.co_preadv(4096, vector.slice(0, 0)), std::error_code());
  });
  EXPECT_EQ(memory.driver.requests, 1);
}

TEST_F(RequestTest, MayGrowTheNodeIfPermitted) {
  MainLoop::assert_here();
  const auto null = add<NullDriver>("null", NullDriver::Options{.length = 100});
  BlockBackend& disk = backend({.permissions = {.used = Permission::write | Permission::resize}});
  ASSERT_TRUE(disk.insert(null.node));
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    std::array<char, 16> buffer{};
    EXPECT_EQ(disk.co_pwritev(90, {buffer.data(), 16}), std::error_code());
    EXPECT_EQ(*disk.co_length(), 106U);
    EXPECT_EQ(disk.co_pwrite_zeroes(106, 10), std::error_code());
    EXPECT_EQ(*disk.co_length(), 116U);
    // Only what writes makes it grow.
    EXPECT_EQ(disk.co_preadv(110, {buffer.data(), 16}), std::errc::io_error);
    EXPECT_EQ(disk.co_discard(110, 16), std::errc::io_error);
    EXPECT_EQ(disk.co_block_status(110, 16).error(), std::errc::io_error);
    EXPECT_EQ(disk.co_pwritev(~uint64_t{0} - 3, {buffer.data(), 16}), std::errc::io_error);
    EXPECT_EQ(disk.co_truncate(50), std::error_code());
    EXPECT_EQ(*disk.co_length(), 50U);
  });
}

TEST_F(RequestTest, WritesZeroesForADriverThatCanNot) {
  MainLoop::assert_here();
  const auto memory = add<MemoryDriver>("memory", size_t{200 * 1024}, 7);
  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(memory.node));
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    EXPECT_EQ(disk.co_pwrite_zeroes(10, 10, RequestFlags::no_fallback), std::errc::not_supported);
    EXPECT_EQ(disk.co_pwrite_zeroes(100, 150 * 1024, RequestFlags::may_unmap), std::error_code());
  });
  EXPECT_EQ(memory.driver.requests, 3) << "in pieces of 64 KiB";
  EXPECT_EQ(read(disk, 99, 3), std::string("\7\0\0", 3));
  EXPECT_EQ(read(disk, 100 + 150 * 1024 - 1, 3), std::string("\0\7\7", 3));
}

TEST_F(RequestTest, NeedsANode) {
  BlockBackend& disk = backend();
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    char byte = 0;
    EXPECT_EQ(disk.co_preadv(0, {&byte, 1}), std::errc::no_such_device);
    EXPECT_EQ(disk.co_flush(), std::errc::no_such_device);
    EXPECT_EQ(disk.co_length().error(), std::errc::no_such_device);
  });
}

TEST_F(RequestTest, ComesHomeForADriverThatWantsIt) {
  MainLoop::assert_here();
  start_threads(4);
  const auto home = add_in<HomeOnlyDriver>(io(0), "home", size_t{4096});
  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(home.node));
  std::atomic<int> done = 0;
  for (unsigned number = 0; number < 4; ++number)
    ASSERT_TRUE(Coroutine::spawn(io(number), [&, number]() LV_COROUTINE_FN {
      char byte = 1;
      for (int times = 0; times < 200; ++times) {
        EXPECT_EQ(disk.co_pwritev(number, {&byte, 1}), std::error_code());
        EXPECT_TRUE(io(number).is_here()) << "back again";
      }
      ++done;
    }));
  run_until([&] { return done == 4; });
  EXPECT_EQ(home.driver.not_atomic, 800);
}

TEST_F(RequestTest, KeepsNobodyElsewhereFromChangingTheGraphWhileItWaits) {
  MainLoop::assert_here();
  start_threads(1);
  const auto memory = add<MemoryDriver>("memory", size_t{16});
  const auto other = add<MemoryDriver>("other", size_t{16});
  BlockBackend& disk = backend();
  BlockBackend& another = backend();
  ASSERT_TRUE(disk.insert(memory.node));
  memory.driver.hold = true;
  ASSERT_TRUE(Coroutine::spawn(io(0), [&]() LV_COROUTINE_FN {
    char byte = 0;
    EXPECT_EQ(disk.co_preadv(0, {&byte, 1}), std::error_code());
  }));
  run_until([&] { return memory.driver.in_flight == 1; });
  EXPECT_TRUE(another.insert(other.node));
  EXPECT_EQ(memory.driver.in_flight, 1);
  memory.driver.hold = false;
  run_until([&] { return memory.driver.in_flight == 0; });
}

TEST_F(RequestTest, ToNullTakesItsTime) {
  MainLoop::assert_here();
  const auto slow = add<NullDriver>(
      "slow", NullDriver::Options{.latency = std::chrono::microseconds(50), .read_zeroes = true});
  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(slow.node));
  const auto begun = Clock::now();
  EXPECT_EQ(read(disk, 0, 2), std::string(2, '\0'));
  EXPECT_GE(Clock::now() - begun, std::chrono::microseconds(50));
}

} // namespace
} // namespace lockvet::runtime
