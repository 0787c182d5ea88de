// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/home_queue.h"

#include <gtest/gtest.h>
#include <string>

namespace lockvet::runtime {
namespace {

struct Named final : HomeItem {
  explicit Named(char name) : HomeItem([](HomeItem&) noexcept {}), name(name) {}
  char name;
};

std::string drain(HomeQueue& queue) {
  std::string names;
  while (!queue.empty())
    names += static_cast<Named&>(queue.pop_front()).name;
  EXPECT_EQ(queue.size(), 0U);
  return names;
}

class HomeQueueTest : public testing::Test {
protected:
  Named a_{'a'}, b_{'b'}, c_{'c'}, d_{'d'};
  HomeQueue queue_;
};

TEST_F(HomeQueueTest, KeepsTheOrder) {
  queue_.push_back(a_);
  queue_.push_back(b_);
  EXPECT_EQ(queue_.size(), 2U);
  EXPECT_EQ(drain(queue_), "ab");
  queue_.push_back(c_);
  EXPECT_EQ(drain(queue_), "c");
}

TEST_F(HomeQueueTest, AppendsAStackFromItsBottom) {
  queue_.append_reversed(nullptr);
  EXPECT_TRUE(queue_.empty());
  d_.next = &c_;
  c_.next = &b_;
  b_.next = nullptr;
  queue_.push_back(a_);
  queue_.append_reversed(&d_);
  EXPECT_EQ(queue_.size(), 4U);
  EXPECT_EQ(drain(queue_), "abcd");
  b_.next = &a_;
  a_.next = nullptr;
  queue_.append_reversed(&b_);
  queue_.push_back(c_);
  EXPECT_EQ(drain(queue_), "abc");
}

TEST_F(HomeQueueTest, TakesOutWhateverIsThere) {
  for (Named* taken : {&a_, &b_, &c_}) {
    for (Named* item : {&a_, &b_, &c_})
      queue_.push_back(*item);
    queue_.remove(*taken);
    queue_.remove(*taken);
    queue_.push_back(d_);
    EXPECT_EQ(queue_.size(), 3U);
    std::string expected = "abcd";
    std::erase(expected, taken->name);
    EXPECT_EQ(drain(queue_), expected);
  }
  queue_.push_back(a_);
  queue_.remove(a_);
  EXPECT_TRUE(queue_.empty());
  queue_.push_back(b_);
  EXPECT_EQ(drain(queue_), "b");
}

} // namespace
} // namespace lockvet::runtime
