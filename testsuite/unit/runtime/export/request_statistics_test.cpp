// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/coroutine.h"
#include "runtime/export/measured_device.h"
#include "runtime/export/null_device.h"

#include <gtest/gtest.h>
#include <thread>

namespace lockvet::runtime {
namespace {

using namespace std::chrono_literals;

TEST(RequestStatisticsTest, BucketsArePowersOfTwo) {
  EXPECT_EQ(RequestStatistics::bucket_of(0ns), 0);
  EXPECT_EQ(RequestStatistics::bucket_of(1023ns), 0);
  EXPECT_EQ(RequestStatistics::bucket_of(1024ns), 1);
  EXPECT_EQ(RequestStatistics::bucket_of(24h), RequestStatistics::buckets - 1);
  for (size_t bucket = 0; bucket + 1 < RequestStatistics::buckets; ++bucket) {
    EXPECT_EQ(RequestStatistics::bucket_of(RequestStatistics::limit_of(bucket) - 1ns), bucket);
    EXPECT_EQ(RequestStatistics::bucket_of(RequestStatistics::limit_of(bucket)), bucket + 1);
  }
}

// More threads at once than there are cells, so that some share one.
TEST(RequestStatisticsTest, NoCountIsLost) {
  constexpr unsigned threads = ContextIndex::count + 8;
  constexpr unsigned each = 1000;
  RequestStatistics statistics;
  RequestCounts counts;
  std::atomic<unsigned> waiting = 0;
  {
    std::vector<std::jthread> running;
    for (unsigned number = 0; number < threads; ++number)
      running.emplace_back([&] {
        (void)ContextIndex::here();
        ++waiting;
        while (waiting < threads)
          std::this_thread::yield();
        for (unsigned request = 0; request < each; ++request) {
          statistics.note(RequestKind::read, 512, request % 10 == 0, 2us);
          counts.note(RequestKind::discard, 4096, request % 10 == 0);
        }
      });
  }
  const RequestStatistics::Kind read = statistics.sum()[static_cast<size_t>(RequestKind::read)];
  EXPECT_EQ(read.requests, threads * each);
  EXPECT_EQ(read.errors, threads * each / 10);
  EXPECT_EQ(read.bytes, uint64_t{512} * threads * each / 10 * 9);
  EXPECT_EQ(read.time, 2us * threads * each);
  EXPECT_EQ(read.latencies[RequestStatistics::bucket_of(2us)], threads * each);
  const RequestCounts::Count discard = counts.sum()[static_cast<size_t>(RequestKind::discard)];
  EXPECT_EQ(discard.requests, threads * each);
  EXPECT_EQ(discard.errors, threads * each / 10);
  EXPECT_EQ(discard.bytes, uint64_t{4096} * threads * each / 10 * 9);
  EXPECT_EQ(counts.sum()[static_cast<size_t>(RequestKind::read)].requests, 0);
}

TEST(RequestStatisticsTest, KnowsWhichContextServed) {
  RequestStatistics statistics;
  unsigned other = 0;
  std::thread([&] {
    other = ContextIndex::here();
    statistics.note(RequestKind::read, 512, false, 2us);
    statistics.note(RequestKind::flush, 0, true, 2us);
    EXPECT_EQ(statistics.requests_of(other), 2U);
  }).join();
  const unsigned own = ContextIndex::here();
  EXPECT_EQ(statistics.requests_of(own), own == other ? 2U : 0U);
  statistics.note(RequestKind::write, 512, false, 2us);
  EXPECT_EQ(statistics.requests_of(own), own == other ? 3U : 1U);
}

TEST(MeasuredDeviceTest, NotesWhatPasses) {
  NullDevice null(1 << 20);
  MeasuredDevice device(null);
  EXPECT_EQ(device.size(), null.size());
  std::array<char, 512> memory;
  bool done = false;
  Coroutine::create([&]() LV_COROUTINE_FN {
    iovec pieces[] = {{memory.data(), 100}, {memory.data() + 100, 412}};
    EXPECT_FALSE(device.co_preadv(0, pieces));
    EXPECT_FALSE(device.co_pwritev(0, pieces, {}));
    EXPECT_FALSE(device.co_flush());
    EXPECT_FALSE(device.co_write_zeroes(0, 4096, {}));
    EXPECT_FALSE(device.co_trim(0, 8192, {}));
    done = true;
  }).enter();
  ASSERT_TRUE(done);
  const RequestStatistics::Sum sum = device.statistics().sum();
  const std::array<uint64_t, request_kinds> bytes = {512, 512, 0, 4096, 8192};
  for (size_t kind = 0; kind < request_kinds; ++kind) {
    EXPECT_EQ(sum[kind].requests, 1) << kind;
    EXPECT_EQ(sum[kind].errors, 0) << kind;
    EXPECT_EQ(sum[kind].bytes, bytes[kind]) << kind;
  }
}

} // namespace
} // namespace lockvet::runtime
