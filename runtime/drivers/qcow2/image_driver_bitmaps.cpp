// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dirty bitmaps of an image's node that the image keeps: they are the node's while it is open.

#include "runtime/drivers/qcow2/image_driver.h"
#include "runtime/graph/node.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

void ImageDriver::adopt_bitmaps(Bitmaps bitmaps) {
  for (auto& bitmap : bitmaps)
    if (const auto known = node().dirty_bitmap(bitmap->name()); known != nullptr)
      known->set_read_only(bitmap->read_only());
    else
      node().own_dirty_bitmap(std::move(bitmap));
}

Bitmaps ImageDriver::bitmaps_to_store() const {
  Bitmaps bitmaps;
  for (const auto& bitmap : node().dirty_bitmaps())
    if (bitmap->persistent() && !bitmap->inconsistent() && !bitmap->read_only())
      bitmaps.push_back(bitmap);
  return bitmaps;
}

void ImageDriver::disown_persistent_bitmaps() {
  const Bitmaps all = node().dirty_bitmaps();
  for (const auto& bitmap : all)
    if (bitmap->persistent())
      node().disown_dirty_bitmap(*bitmap);
}

bool ImageDriver::bitmaps_fit(uint64_t length) const {
  uint64_t bytes = 0;
  for (const auto& bitmap : bitmaps_to_store())
    bytes += bitmap_bytes(length, bitmap->granularity());
  return bytes <= most_bitmap_bytes;
}

GraphResult<> ImageDriver::check_persistent_bitmap(const std::string& name,
                                                   uint64_t granularity) const {
  const auto refuse = [&](std::errc code, const std::string& why) {
    return graph_error(code, "the dirty bitmap '" + name + "' can't be kept in the image of " +
                                 node().describe() + ": " + why + ".");
  };
  if (image_ == nullptr)
    return refuse(std::errc::no_such_device, "it is not open");
  if (!image_->can_keep_bitmaps())
    return refuse(std::errc::not_supported,
                  "it has version 2 of the format, or is open for reading only");
  uint64_t count = 1;
  uint64_t directory_bytes = bitmap_entry_bytes(name.size());
  uint64_t bytes = bitmap_bytes(image_->size(), granularity);
  for (const auto& bitmap : node().dirty_bitmaps()) {
    if (!bitmap->persistent())
      continue;
    ++count;
    directory_bytes += bitmap_entry_bytes(bitmap->name().size());
    bytes += bitmap_bytes(bitmap->length(), bitmap->granularity());
  }
  if (count > most_bitmaps || directory_bytes > most_bitmap_directory_bytes)
    return refuse(std::errc::no_space_on_device, "there are too many others");
  if (bytes > most_bitmap_bytes)
    return refuse(std::errc::file_too_large, "all together would have more than " +
                                                 std::to_string(most_bitmap_bytes) +
                                                 " bytes; a larger granularity makes it smaller");
  return {};
}

std::error_code ImageDriver::co_remove_persistent_bitmap(const std::string& name) {
  Image* const image = image_.get();
  if (image == nullptr)
    return std::make_error_code(std::errc::no_such_device);
  const CoGraphReadPause pause;
  return image->co_remove_bitmap(name);
}

} // namespace lockvet::runtime::qcow2
