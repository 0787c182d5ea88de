// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes as a qcow2 image: it is refused with words, or it can be used, whatever its tables say;
// and what a repair calls whole is whole. Images come from strangers.

#include "holds.h"
#include "runtime/drivers/qcow2/check.h"
#include "runtime/drivers/qcow2/image.h"
#include "testsuite/unit/runtime/qcow2/files.h"
#include "testsuite/unit/runtime/test_home.h"

#include <algorithm>
#include <optional>

using lockvet::fuzz::holds;
using namespace lockvet::runtime;
using namespace lockvet::runtime::qcow2;

namespace {

constexpr uint64_t piece = 3000;

// Takes one, deletes the first and the last, and leaves what is between.
void LV_COROUTINE_FN co_use_snapshots(Image& image) {
  const size_t before = image.snapshots().size();
  const auto taken = image.co_take_snapshot({.name = "new"});
  holds(image.snapshots().size() == before + (taken ? 1 : 0), "one that was taken is listed");
  for (const bool first : {true, false}) {
    const auto all = image.snapshots();
    if (all.empty())
      continue;
    const std::string id = first ? all.front().id : all.back().id;
    bool goes_on = image.co_begin_deletion(id, std::nullopt).has_value();
    while (goes_on) {
      const auto done = image.co_continue_deletion();
      goes_on = done && !*done;
    }
  }
}

// Removes the first, adds one, and stores all that can be used.
void LV_COROUTINE_FN co_use_bitmaps(Image& image, Bitmaps bitmaps) {
  if (!bitmaps.empty() && !image.co_remove_bitmap(bitmaps.front()->name()))
    bitmaps.erase(bitmaps.begin());
  std::erase_if(bitmaps, [](const auto& bitmap) { return bitmap->inconsistent(); });
  if (std::ranges::none_of(bitmaps, [](const auto& bitmap) { return bitmap->name() == "new"; }) &&
      image.can_keep_bitmaps() && bitmap_bytes(image.size(), 65536) < (1u << 20))
    bitmaps.push_back(std::make_shared<DirtyBitmap>("new", image.size(), 65536));
  for (const auto& bitmap : bitmaps) {
    bitmap->resize(image.size());
    bitmap->set(image.size() / 2, piece);
  }
  (void)image.co_store_bitmaps(bitmaps);
}

// Both ends of the disk, with every kind of request.
void LV_COROUTINE_FN co_use(Image& image) {
  Bitmaps bitmaps = image.take_bitmaps();
  const uint64_t size = image.co_size().value();
  const uint64_t bytes = std::min(size, piece);
  for (const uint64_t offset : {uint64_t{0}, size - bytes}) {
    Bytes buffer(bytes);
    (void)image.co_read(offset, buffer);
    (void)image.co_write(offset, buffer);
    (void)image.co_write_zeroes(offset, bytes, true);
    (void)image.co_write_compressed(image.geometry().cluster_start(offset),
                                    Bytes(std::min(image.geometry().cluster_size(),
                                                   size - image.geometry().cluster_start(offset))));
    (void)image.co_discard(offset, bytes);
    (void)image.co_flush();
    co_use_snapshots(image);
  }
  (void)image.co_truncate(size / 2);
  (void)image.co_truncate(size / 2 + piece);
  co_use_bitmaps(image, std::move(bitmaps));
  (void)image.co_close();
}

void LV_COROUTINE_FN co_open_and_use(const Bytes& content, bool writable) {
  MemoryFile file(content);
  MemoryFile backing(Bytes(piece, std::byte{0x42}));
  auto image = Image::co_open(file, {{.writable = writable, .l2_cache_bytes = 0}, &backing});
  if (!image)
    return holds(image.error().message.size() > 10, "an error says something");
  co_use(**image);
  if (!writable)
    holds(file.content() == content, "an image that is read only is not written");
}

void LV_COROUTINE_FN co_repair(const Bytes& content) {
  MemoryFile file(content);
  const auto report = co_check(file, Repair::all);
  if (!report)
    return holds(report.error().message.size() > 10, "an error says something");
  holds(report->clean() || !report->problems.empty(), "a check says what it found");
  if (!report->clean())
    return;
  auto image = Image::co_open(file, {});
  // Clusters of snapshots may be shared in ways that only a check minds.
  if (!image)
    return;
  (void)(*image)->co_close();
  const auto again = co_check(file);
  holds(again && again->corruptions == 0, "what was repaired is whole");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto* const bytes = reinterpret_cast<const std::byte*>(data);
  const Bytes content(bytes, bytes + size);
  ManualHome home;
  const bool started = Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
    co_open_and_use(content, true);
    co_open_and_use(content, false);
    co_repair(content);
  });
  holds(started, "a coroutine starts");
  home.run();
  return 0;
}
