// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random requests to an image, and a flat model of what the disk has to hold after each. What a
// discard leaves is not said, so that the model asks. A test owns it; one coroutine at a time.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_DISK_MODEL_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_DISK_MODEL_H

#include "runtime/drivers/qcow2/create.h"
#include "runtime/drivers/qcow2/image.h"
#include "testsuite/unit/runtime/qcow2/files.h"
#include "testsuite/unit/runtime/test_home.h"

#include <gtest/gtest.h>
#include <random>

namespace lockvet::runtime::qcow2 {

// Runs `body` in a coroutine until it ends.
template <typename Body> void run_in_coroutine(Body&& body) {
  ManualHome home;
  bool ended = false;
  ASSERT_TRUE(Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
    body();
    ended = true;
  }));
  home.run();
  ASSERT_TRUE(ended);
}

inline std::unique_ptr<Image> LV_COROUTINE_FN co_open_image(ImageFile& file,
                                                            OpenOptions options = {}) {
  auto image = Image::co_open(file, options);
  if (!image) {
    ADD_FAILURE() << image.error().message;
    return nullptr;
  }
  return std::move(*image);
}

class DiskModel {
public:
  using Random = std::mt19937_64;

  DiskModel(Bytes content, uint64_t cluster_size, uint64_t seed)
      : content_(std::move(content)), cluster_size_(cluster_size), random_(seed) {}

  // Unset where requests fail: of what they did by then, nobody knows.
  bool compares = true;

  // One request of any kind, but no resize unless `may_resize`, and compressed writes to an image
  // only.
  std::error_code LV_COROUTINE_FN co_step(ImageFile& disk, bool may_resize);
  // Everything at once, and in pieces that cross clusters.
  void LV_COROUTINE_FN co_expect_same(ImageFile& disk);

  const Bytes& content() const { return content_; }
  void resize(uint64_t size) { content_.resize(size); }
  uint64_t below(uint64_t limit) { return limit == 0 ? 0 : random_() % limit; }
  Bytes random_bytes(uint64_t size);

private:
  struct Piece {
    uint64_t offset;
    uint64_t size;
  };
  Piece random_piece();
  std::error_code LV_COROUTINE_FN co_write(ImageFile& disk);
  std::error_code LV_COROUTINE_FN co_write_compressed(ImageFile& disk);
  std::error_code LV_COROUTINE_FN co_discard(ImageFile& disk);
  std::error_code LV_COROUTINE_FN co_resize(ImageFile& disk);

  Bytes content_;
  const uint64_t cluster_size_;
  Random random_;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_DISK_MODEL_H
