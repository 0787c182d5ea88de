// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/check.h"

#include "runtime/drivers/qcow2/image.h"
#include "runtime/drivers/qcow2/refcount_check.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

namespace {

Result<> LV_COROUTINE_FN co_write_header(ImageFile& file, const Header& header) {
  const std::vector<std::byte> bytes = serialize_fixed_part(header);
  auto error = file.co_write(
      0, std::span(bytes).first(std::min<size_t>(bytes.size(), Header::version_3_bytes)));
  if (!error)
    error = file.co_flush();
  return error ? failed_while("writing the header", error) : Result<>();
}

Result<> LV_COROUTINE_FN co_look(ImageFile& file, Header& header, uint64_t file_size,
                                 bool mend_leaks, CheckReport& report) {
  ReferenceWalk walk(file, header, file_size, report, false);
  if (auto walked = walk.co_walk(); !walked)
    return walked;
  RefcountCheck counts(file, header, walk, report);
  if (auto compared = counts.co_compare(mend_leaks); !compared)
    return compared;
  if (mend_leaks)
    // A flag that says "only one" must not come before the count that says so.
    if (const auto error = file.co_flush())
      return failed_while("writing refcount blocks", error);
  return walk.co_check_copied_flags(counts.leaked(), mend_leaks);
}

// Entries first, then new counts of what they refer to, and what depends on the counts at the end.
Result<> LV_COROUTINE_FN co_mend(ImageFile& file, Header& header, uint64_t file_size) {
  CheckReport found;
  ReferenceWalk walk(file, header, file_size, found, true);
  if (auto walked = walk.co_walk(); !walked)
    return walked;
  RefcountCheck counts(file, header, walk, found);
  if (auto rebuilt = counts.co_rebuild(); !rebuilt)
    return rebuilt;
  if (auto written = co_write_header(file, header); !written)
    return written;
  if (auto checked = walk.co_check_copied_flags({}, true); !checked)
    return checked;
  if (const auto error = file.co_flush())
    return failed_while("writing the tables", error);
  return {};
}

Result<uint64_t> LV_COROUTINE_FN co_file_size(ImageFile& file) {
  const auto size = file.co_size();
  if (!size)
    return failed_while("asking for the size of the file", size.error());
  return *size;
}

} // namespace

Result<CheckReport> co_check(ImageFile& file, Repair repair) {
  auto header = co_read_header(file, HeaderUse::repair);
  if (!header)
    return std::unexpected(header.error());
  auto file_size = co_file_size(file);
  if (!file_size)
    return std::unexpected(file_size.error());
  CheckReport report;
  if (auto looked = co_look(file, *header, *file_size, false, report); !looked)
    return std::unexpected(looked.error());
  const bool marked = header->has(feature_dirty | feature_corrupt);
  if (repair == Repair::nothing || (report.clean() && !marked) ||
      (repair == Repair::leaks && report.corruptions != 0))
    return report;
  const CheckReport before = report;
  if (!before.clean()) {
    CheckReport mended;
    if (before.bitmaps_are_damaged) {
      // Without this flag they are not there, and it is written before their clusters are free.
      header->autoclear_features &= ~feature_bitmaps;
      if (auto written = co_write_header(file, *header); !written)
        return std::unexpected(written.error());
    }
    const auto done = before.corruptions == 0 ? co_look(file, *header, *file_size, true, mended)
                                              : co_mend(file, *header, *file_size);
    if (!done)
      return std::unexpected(done.error());
    file_size = co_file_size(file);
    if (!file_size)
      return std::unexpected(file_size.error());
    report = {};
    if (auto looked = co_look(file, *header, *file_size, false, report); !looked)
      return std::unexpected(looked.error());
    report.repaired_corruptions = before.corruptions;
    report.repaired_leaks = before.leaks;
  }
  if (marked && report.clean()) {
    header->incompatible_features &= ~(feature_dirty | feature_corrupt);
    if (auto written = co_write_header(file, *header); !written)
      return std::unexpected(written.error());
  }
  return report;
}

} // namespace lockvet::runtime::qcow2
