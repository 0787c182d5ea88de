// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A dirty bitmap as clients of an export can ask for it, by the name and with the flag that QEMU
// gives it (docs/interop/nbd.rst there): what has been written since some moment, for a backup that
// takes only that. Whoever sets up the export owns it; it shares the bitmap.

#ifndef LOCKVET_RUNTIME_EXPORT_DIRTY_BITMAP_CONTEXT_H
#define LOCKVET_RUNTIME_EXPORT_DIRTY_BITMAP_CONTEXT_H

#include "runtime/export/metadata_context.h"
#include "runtime/graph/dirty_bitmap.h"

#include <memory>

namespace lockvet::runtime {

class DirtyBitmapContext final : public MetadataContext {
public:
  // The only flag.
  static constexpr uint32_t dirty = 1;

  explicit DirtyBitmapContext(std::shared_ptr<const DirtyBitmap> bitmap)
      : bitmap_(std::move(bitmap)), name_("qemu:dirty-bitmap:" + bitmap_->name()) {}

  const std::string& name() const noexcept override { return name_; }

  // What is behind the bitmap's end is clean.
  std::expected<Extent, std::error_code> LV_COROUTINE_FN co_status(uint64_t offset,
                                                                   uint64_t length) override {
    const auto area = bitmap_->next_dirty(offset, offset + length);
    if (!area)
      return Extent{.length = length};
    if (area->offset > offset)
      return Extent{.length = area->offset - offset};
    return Extent{.length = area->size, .flags = dirty};
  }

private:
  const std::shared_ptr<const DirtyBitmap> bitmap_;
  const std::string name_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_DIRTY_BITMAP_CONTEXT_H
