// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Holds the reference counts in an image against the references that a walk has counted, and writes
// them anew. A check owns it and has the image for itself; needs no lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_REFCOUNT_CHECK_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_REFCOUNT_CHECK_H

#include "runtime/drivers/qcow2/reference_walk.h"

namespace lockvet::runtime::qcow2 {

class RefcountCheck {
public:
  RefcountCheck(ImageFile& file, Header& header, ReferenceWalk& walk, CheckReport& report)
      : file_(file), header_(header), walk_(walk), report_(report) {}

  // Counts the references of the refcount table, and compares; on demand, lowers what is too high.
  Result<> LV_COROUTINE_FN co_compare(bool mend_leaks);
  // Clusters that are counted too often, by the comparison.
  const std::set<uint64_t>& leaked() const noexcept { return leaked_; }

  // A new table and new blocks behind all that is in use, and a header that says so. The old ones
  // must not have been counted.
  Result<> LV_COROUTINE_FN co_rebuild();

private:
  const Geometry& geometry() const noexcept { return header_.geometry; }
  // Where each block is; 0 where none can be read.
  Result<std::vector<uint64_t>> LV_COROUTINE_FN co_read_table();
  Result<> LV_COROUTINE_FN co_compare_block(uint64_t number, uint64_t offset, bool mend_leaks);
  void compare(uint64_t cluster, uint64_t stored);
  Result<> LV_COROUTINE_FN co_write_blocks(const std::set<uint64_t>& blocks, uint64_t first);

  ImageFile& file_;
  Header& header_;
  ReferenceWalk& walk_;
  CheckReport& report_;
  std::set<uint64_t> leaked_;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_REFCOUNT_CHECK_H
