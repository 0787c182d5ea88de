// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the parts of an image's metadata have in common: the file, the header, which clusters are
// tables, and whether anything was found to be wrong. The metadata owns it; the image's metadata
// lock guards it.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_IMAGE_STATE_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_IMAGE_STATE_H

#include "runtime/drivers/qcow2/header.h"
#include "runtime/drivers/qcow2/image_file.h"
#include "runtime/drivers/qcow2/reserved_clusters.h"

namespace lockvet::runtime::qcow2 {

struct ImageState {
  ImageState(ImageFile& file, Header header, bool writable)
      : file(file), header(std::move(header)), writable(writable) {}

  ImageFile& file;
  Header header;
  bool writable;
  ReservedClusters reserved;
  // What tables point to is below it: the end of the file, and of what was allocated since.
  uint64_t end = 0;
  // What was found to be wrong while the image was in use; empty as long as nothing was.
  std::string corruption;

  const Geometry& geometry() const noexcept { return header.geometry; }

  // The part that changes, which is in one sector.
  std::error_code LV_COROUTINE_FN co_write_header();

  // Has `change` change the header, and makes that stable. If it fails nobody knows which of the
  // two is in the file, so that nothing can be written any more.
  template <typename Change> std::error_code LV_COROUTINE_FN co_change_header(Change&& change) {
    const Header old = header;
    change(header);
    auto error = co_write_header();
    if (!error)
      error = file.co_flush();
    if (error) {
      header = old;
      corruption = "the header could not be written: " + error.message();
    }
    return error;
  }

  // Remembers what is wrong, and sets the image's corrupt bit if it has one, so that nobody writes
  // any more. Returns the error of the request that found it.
  std::error_code LV_COROUTINE_FN co_mark_corrupt(std::string what);

  // An error unless the range is aligned, in the file, and of no table. `what` is for the message.
  std::error_code LV_COROUTINE_FN co_check_host_range(const char* what, uint64_t offset,
                                                      uint64_t size);
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_IMAGE_STATE_H
