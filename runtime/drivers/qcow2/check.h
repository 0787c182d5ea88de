// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Holds an image's tables against each other, and repairs it. Works on the file itself: the caller
// owns it, and nobody has the image open meanwhile.
//
// A leak is a cluster that is counted more often than it is referred to: space is lost, and no
// data. Everything else that is wrong is a corruption.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_CHECK_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_CHECK_H

#include "runtime/drivers/qcow2/header.h"
#include "runtime/drivers/qcow2/image_file.h"

namespace lockvet::runtime::qcow2 {

enum class Repair {
  nothing,
  leaks, // if there is nothing worse
  all,
};

struct CheckReport {
  uint64_t corruptions = 0;
  uint64_t leaks = 0;
  // What each of them is; after so many, they are only counted.
  static constexpr size_t most_problems = 1000;
  std::vector<std::string> problems;
  // What there was before a repair.
  uint64_t repaired_corruptions = 0;
  uint64_t repaired_leaks = 0;
  // Whether it is the dirty bitmaps with which something is wrong. A repair takes all away then.
  bool bitmaps_are_damaged = false;
  // The first cluster behind all that is in use.
  uint64_t end_cluster = 0;

  bool clean() const noexcept { return corruptions == 0 && leaks == 0; }
  void corruption(std::string what) {
    ++corruptions;
    note(std::move(what));
  }
  void leak(std::string what) {
    ++leaks;
    note(std::move(what));
  }

private:
  void note(std::string what) {
    if (problems.size() < most_problems)
      problems.push_back(std::move(what));
  }
};

// The report is of the image as it is afterwards. An error if it can't be checked at all: its
// header is malformed, or the file fails.
Result<CheckReport> LV_COROUTINE_FN co_check(ImageFile& file, Repair repair = Repair::nothing);

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_CHECK_H
