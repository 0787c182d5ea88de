// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program of a few lines with all that the lock analysis knows of it. Its locks: lock(),
// trylock() and unlock() take a mutex, read_lock() and read_unlock() the one graph lock for
// reading; poll() polls.

#pragma once

#include "analyzer/locks/lock_analysis.h"
#include "analyzer/program/context_analysis.h"
#include "testsuite/unit/program/fixture.h"

#include <memory>
#include <string>

namespace lockvet::locks::test {

class LocksTest : public program::test::ProgramTest {
protected:
  LocksTest();

  /// One unit of C, behind the declarations of the functions above.
  const LockAnalysis& analyse(const std::string& code);

  /// What a function does to a lock that it knows by that name: none where it leaves it alone.
  Effect effectOn(llvm::StringRef path, llvm::StringRef function) const;

  /// "poll in caller -> callee": what happens under a lock that must not, and the way to it.
  std::vector<std::string> pollsUnderLocks() const;

  std::unique_ptr<const program::ContextAnalysis> contexts_;
  std::unique_ptr<const LockAnalysis> locks_;

private:
  config::Config config_;
};

} // namespace lockvet::locks::test
