// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/aio/adaptive_polling.h"
#include "runtime/aio/timer_heap.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <vector>

namespace lockvet::runtime {
namespace {

Clock::time_point at(int tick) {
  return Clock::time_point(std::chrono::nanoseconds(tick));
}

// Random insertions, removals and expiries, against a multimap that does the same.
TEST(TimerHeapTest, AgreesWithASortedMap) {
  std::mt19937 random(5);
  TimerHeap heap;
  std::vector<TimerHeap::Entry> entries(300);
  std::multimap<Clock::time_point, TimerHeap::Entry*> model;
  for (int step = 0; step < 20000; ++step) {
    TimerHeap::Entry& entry = entries[random() % entries.size()];
    if (!entry.armed()) {
      const auto deadline = at(static_cast<int>(random() % 1000));
      heap.insert(entry, deadline);
      model.emplace(deadline, &entry);
    } else if (random() % 3 != 0) {
      heap.remove(entry);
      std::erase_if(model, [&](const auto& item) { return item.second == &entry; });
    } else {
      const auto deadline = heap.earliest();
      ASSERT_EQ(deadline, model.begin()->first);
      TimerHeap::Entry& first = heap.pop();
      const auto [from, to] = model.equal_range(deadline);
      const auto found = std::find_if(from, to, [&](auto& item) { return item.second == &first; });
      ASSERT_NE(found, to);
      model.erase(found);
      ASSERT_FALSE(first.armed());
    }
    ASSERT_EQ(heap.size(), model.size());
    if (!heap.empty()) {
      ASSERT_EQ(heap.earliest(), model.begin()->first);
    }
  }
}

TEST(AdaptivePollingTest, GrowsWhileItPaysAndStopsWhenItDoesNot) {
  using namespace std::chrono_literals;
  AdaptivePolling polling(32us);
  EXPECT_EQ(polling.span(), 0ns);
  polling.note_idle(20us);
  EXPECT_EQ(polling.span(), 4us);
  for (int round = 0; round < 5; ++round)
    polling.note_idle(20us);
  EXPECT_EQ(polling.span(), 32us);
  polling.note_idle(10us);
  EXPECT_EQ(polling.span(), 32us);
  polling.note_idle(1ms);
  EXPECT_EQ(polling.span(), 0ns);

  AdaptivePolling off(0ns);
  off.note_idle(1us);
  EXPECT_EQ(off.span(), 0ns);
}

} // namespace
} // namespace lockvet::runtime
