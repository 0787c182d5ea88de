// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Clang's words about guarded data, as version 22 has them.

#include "analyzer/infer/guarded_access.h"

#include <gtest/gtest.h>

namespace lockvet::infer {
namespace {

std::string parsed(llvm::StringRef message) {
  std::optional<GuardedAccess> access = parseGuardedAccess(message);
  return access ? access->what + " under " + access->lock + (access->is_exclusive ? " alone" : "")
                : "nothing";
}

TEST(GuardedAccess, TellsWhatIsUsedAndUnderWhat) {
  EXPECT_EQ(parsed("reading variable 'file' requires holding mutex 'graph_lock'"),
            "reads 'file' under graph_lock");
  EXPECT_EQ(parsed("writing variable 'count' requires holding mutex 'mu' exclusively"),
            "writes 'count' under mu alone");
  EXPECT_EQ(parsed("reading the value pointed to by 'next' requires holding role 's->lock'"),
            "reads what is behind 'next' under s->lock");
  EXPECT_EQ(parsed("passing variable 'x' by reference requires holding mutex 'mu'"),
            "passes 'x' under mu");
}

TEST(GuardedAccess, LeavesOutWhatIsNoAccessToOneLock) {
  EXPECT_EQ(parsed("calling function 'f' requires holding mutex 'mu'"), "nothing");
  EXPECT_EQ(parsed("mutex 'mu' is still held at the end of function"), "nothing");
  EXPECT_EQ(parsed("reading variable 'x' requires holding any mutex"), "nothing");
  EXPECT_EQ(parsed("reading variable "), "nothing");
  EXPECT_EQ(parsed(""), "nothing");
}

} // namespace
} // namespace lockvet::infer
