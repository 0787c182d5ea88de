// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Something that can be said of each part of an exported device, beside where its holes are: what
// of it a dirty bitmap has marked, for one. Whoever sets up an export owns it and keeps it as long
// as the export; it is asked in coroutines of any context.

#ifndef LOCKVET_RUNTIME_EXPORT_METADATA_CONTEXT_H
#define LOCKVET_RUNTIME_EXPORT_METADATA_CONTEXT_H

#include <cstdint>
#include <expected>
#include <lockvet/coroutine.h>
#include <string>
#include <system_error>

namespace lockvet::runtime {

class MetadataContext {
public:
  // What holds for so many bytes; what the flags mean is said by the context's name.
  struct Extent {
    uint64_t length = 0;
    uint32_t flags = 0;
  };

  MetadataContext() = default;
  MetadataContext(const MetadataContext&) = delete;
  MetadataContext& operator=(const MetadataContext&) = delete;
  virtual ~MetadataContext() = default;

  // With a namespace, such as "qemu:dirty-bitmap:monday". Constant.
  virtual const std::string& name() const noexcept = 0;

  // Of a part that begins at the offset and is not empty; it may go beyond the length.
  virtual std::expected<Extent, std::error_code> LV_COROUTINE_FN co_status(uint64_t offset,
                                                                           uint64_t length) = 0;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_METADATA_CONTEXT_H
