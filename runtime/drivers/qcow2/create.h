// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes a new image in a file, which the caller owns and which nobody else uses meanwhile.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_CREATE_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_CREATE_H

#include "runtime/drivers/qcow2/header.h"
#include "runtime/drivers/qcow2/image_file.h"

#include <optional>

namespace lockvet::runtime::qcow2 {

struct CreateOptions {
  uint64_t size = 0;
  uint32_t version = 3;
  uint32_t cluster_bits = 16;
  uint32_t refcount_order = 4;
  Compression compression = Compression::deflate;
  // Kept in the image; nobody looks whether they exist.
  std::optional<std::string> backing_name = std::nullopt;
  std::optional<std::string> backing_format = std::nullopt;
};

// What was in the file is lost. The header is written last, so that what is not finished is no
// image.
Result<> LV_COROUTINE_FN co_create(ImageFile& file, const CreateOptions& options);

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_CREATE_H
