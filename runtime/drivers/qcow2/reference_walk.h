// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Follows all references in an image but those of the refcount table, counts them, and reports
// entries that lead nowhere; on demand it mends them on the way. A check owns it and has the image
// for itself; needs no lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_REFERENCE_WALK_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_REFERENCE_WALK_H

#include "runtime/drivers/qcow2/check.h"
#include "runtime/drivers/qcow2/reference_map.h"
#include "runtime/drivers/qcow2/table_entry.h"

#include <set>

namespace lockvet::runtime::qcow2 {

class ReferenceWalk {
public:
  // If `mends`, what is new is put behind `end`, which grows.
  ReferenceWalk(ImageFile& file, const Header& header, uint64_t file_size, CheckReport& report,
                bool mends)
      : file_(file), header_(header), file_size_(file_size), report_(report), mends_(mends),
        end_(header.geometry.clusters(file_size)) {}

  Result<> LV_COROUTINE_FN co_walk();

  // Whether the flag for "reference count of exactly one" is right in all of the active tables, or
  // makes it right. Of clusters that are counted too often, it may say that there are more.
  Result<> LV_COROUTINE_FN co_check_copied_flags(const std::set<uint64_t>& leaked, bool mends);

  ReferenceMap& references() noexcept { return references_; }
  // The first cluster behind the file and all that was added.
  uint64_t end() const noexcept { return end_; }

  // Counts clusters of a structure that must be the only one there; whether it is.
  bool count_alone(uint64_t offset, uint64_t bytes, Use use);

private:
  using Entries = std::vector<uint64_t>;

  const Geometry& geometry() const noexcept { return header_.geometry; }
  Result<Entries> LV_COROUTINE_FN co_read_entries(uint64_t offset, uint64_t count,
                                                  const char* doing);
  Result<> LV_COROUTINE_FN co_write_entry(uint64_t table, uint64_t index, uint64_t entry);

  Result<> LV_COROUTINE_FN co_walk_l1(uint64_t offset, uint64_t count, bool active);
  // What the entry of an L1 table is to be; 0 for none.
  Result<uint64_t> LV_COROUTINE_FN co_l1_entry(uint64_t entry, const std::string& where,
                                               bool active);
  Result<> LV_COROUTINE_FN co_walk_l2(uint64_t offset, const std::string& where, bool active);
  Result<uint64_t> LV_COROUTINE_FN co_l2_entry(uint64_t entry, const std::string& where,
                                               bool active);
  // The entry with a copy of what it points to.
  Result<uint64_t> LV_COROUTINE_FN co_point_to_copy(uint64_t raw);
  void drop_repeated(Entries& entries, const std::string& table);
  bool overlaps_other(uint64_t first, uint64_t last, Use use) const;
  // More copies than that were asked for by somebody who wants to fill the disk.
  bool may_copy() const noexcept {
    return mends_ && end_ <= 2 * geometry().clusters(file_size_) + 16;
  }
  // The content of a cluster, in a new one behind the end.
  Result<uint64_t> LV_COROUTINE_FN co_copy_cluster(uint64_t offset);
  Result<> LV_COROUTINE_FN co_walk_bitmaps();
  uint64_t cleared_entry() const noexcept { return header_.version >= 3 ? entry_zero : 0; }

  ImageFile& file_;
  const Header& header_;
  const uint64_t file_size_;
  CheckReport& report_;
  const bool mends_;
  uint64_t end_;
  ReferenceMap references_;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_REFERENCE_WALK_H
