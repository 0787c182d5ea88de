// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/id_set.h"

#include <gtest/gtest.h>

namespace lockvet::store {
namespace {

std::vector<Id> decode(llvm::StringRef bytes) {
  std::vector<Id> ids;
  EXPECT_TRUE(forEachRun(bytes, [&](Id first, Id count) {
    for (Id i = 0; i != count; ++i)
      ids.push_back(first + i);
  }));
  return ids;
}

TEST(IdSet, KeepsTheSetAndNotTheOrder) {
  EXPECT_EQ(decode(encodeIds({7, 3, 4, 5, 900000, 3})), (std::vector<Id>{3, 4, 5, 7, 900000}));
  EXPECT_TRUE(encodeIds({}).empty());
}

TEST(IdSet, ARunTakesTwoNumbers) {
  std::vector<Id> ids;
  for (Id id = 1000; id != 9000; ++id)
    ids.push_back(id);
  EXPECT_LE(encodeIds(ids).size(), 4u);
}

TEST(IdSet, DamagedBytesAreNoSet) {
  const auto ignore = [](Id, Id) {};
  EXPECT_FALSE(forEachRun(llvm::StringRef("\x05", 1), ignore));
  EXPECT_FALSE(forEachRun("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01", ignore));
  EXPECT_FALSE(forEachRun("\x01\xff\xff\xff\xff\xff\xff\xff\x01", ignore));
}

TEST(IdBits, HoldsWhatWasSet) {
  IdBits bits;
  bits.setRun(5, 3);
  bits.set(100);
  EXPECT_FALSE(bits.test(4));
  EXPECT_TRUE(bits.test(7));
  EXPECT_FALSE(bits.test(8));
  EXPECT_TRUE(bits.test(100));
  EXPECT_FALSE(bits.test(1000000));
  std::vector<Id> all;
  bits.forEach([&](Id id) { all.push_back(id); });
  EXPECT_EQ(all, (std::vector<Id>{5, 6, 7, 100}));
}

} // namespace
} // namespace lockvet::store
