// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/index_lock.h"
#include "llvm/Support/FileSystem.h"
#include "testsuite/unit/store/fixture.h"

#include <unistd.h>

namespace lockvet::store {
namespace {

using IndexLockTest = test::StoreTest;

TEST_F(IndexLockTest, TheSecondIsToldWhoTheFirstIs) {
  IndexLock first = llvm::cantFail(IndexLock::acquire(path_));
  llvm::Expected<IndexLock> second = IndexLock::acquire(path_);
  ASSERT_FALSE(static_cast<bool>(second));
  const std::string message = llvm::toString(second.takeError());
  EXPECT_NE(message.find("process " + std::to_string(getpid())), std::string::npos) << message;
}

TEST_F(IndexLockTest, LeavesNoFileAndCanBeTakenAgain) {
  {
    IndexLock lock = llvm::cantFail(IndexLock::acquire(path_));
  }
  EXPECT_FALSE(llvm::sys::fs::exists(path_ + "-lock"));
  IndexLock again = llvm::cantFail(IndexLock::acquire(path_));
  EXPECT_TRUE(llvm::sys::fs::exists(path_ + "-lock"));
}

TEST_F(IndexLockTest, AStaleFileIsNoLock) {
  {
    std::error_code error;
    llvm::raw_fd_ostream stale(path_ + "-lock", error);
    stale << "12345\n";
  }
  llvm::cantFail(IndexLock::acquire(path_).takeError());
}

} // namespace
} // namespace lockvet::store
