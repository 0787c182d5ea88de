// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An image with all that it stands on: each backing file's file, opened by name, to the last one
// that has none. Who opens it owns it, and closes it; it takes requests as an image does. A chain
// that comes back to a file that is in it already, or does not end, is an error.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_BACKING_CHAIN_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_BACKING_CHAIN_H

#include "runtime/drivers/qcow2/image.h"

#include <functional>

namespace lockvet::runtime::qcow2 {

class BackingChain {
public:
  static constexpr size_t most_files = 200;

  struct OpenedFile {
    std::unique_ptr<ImageFile> file;
    // Equal for two names of one file, and unlike that of any other.
    std::string identity;
  };
  // Opens what an image calls its backing file, which is relative to the image's own name; the
  // first image is opened by the name that open() got, relative to nothing.
  using Opener =
      std::function<Result<OpenedFile>(const std::string& name, const std::string& relative_to)>;

  // Backing files are opened for reading. What has the format "raw", or has none and is no image,
  // is taken as it is.
  static Result<BackingChain> LV_COROUTINE_FN co_open(const std::string& name, const Opener& opener,
                                                      OpenOptions options);

  // The image on top.
  Image& image() noexcept { return *levels_.front().image; }
  size_t files() const noexcept { return levels_.size(); }

private:
  struct Level {
    std::string name;
    std::unique_ptr<ImageFile> file;
    // Otherwise the file is the disk, whatever a guest has written to its start.
    bool is_image = true;
    std::unique_ptr<Image> image = nullptr;
  };

  static Result<std::vector<Level>> LV_COROUTINE_FN co_open_files(const std::string& name,
                                                                  const Opener& opener);

  // The top comes first, and uses those after it.
  std::vector<Level> levels_;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_BACKING_CHAIN_H
