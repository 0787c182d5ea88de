// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/node_bitmaps.h"

#include "runtime/graph/drained_section.h"

namespace lockvet::runtime {

namespace {

std::string quoted(std::string_view name) {
  std::string text = "'";
  text += name;
  text += "'";
  return text;
}

GraphResult<> check(const BitmapOptions& options) {
  if (options.name.empty() || options.name.size() > most_bitmap_name)
    return graph_error(std::errc::invalid_argument, "the name of a dirty bitmap has from 1 to " +
                                                        std::to_string(most_bitmap_name) +
                                                        " bytes.");
  if (!DirtyBitmap::is_granularity(options.granularity))
    return graph_error(std::errc::invalid_argument,
                       "the granularity of a dirty bitmap is a power of two from " +
                           std::to_string(DirtyBitmap::least_granularity) + " to " +
                           std::to_string(DirtyBitmap::most_granularity) + " bytes, and not " +
                           std::to_string(options.granularity) + ".");
  return {};
}

std::string describe(const Node& node, std::string_view name) {
  return "the dirty bitmap " + quoted(name) + " of " + node.describe();
}

} // namespace

GraphResult<std::shared_ptr<DirtyBitmap>> add_dirty_bitmap(Node& node,
                                                           const BitmapOptions& options) {
  if (auto checked = check(options); !checked)
    return std::unexpected(std::move(checked.error()));
  const DrainedSection drained(node);
  if (options.persistent) {
    const MainGraphReadLock lock;
    if (auto checked = node.driver().check_persistent_bitmap(options.name, options.granularity);
        !checked)
      return std::unexpected(std::move(checked.error()));
  }
  std::expected<uint64_t, std::error_code> length;
  MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
    const CoGraphReadLock lock;
    length = node.co_length();
  });
  if (!length)
    return std::unexpected(
        GraphError{length.error(), "the length of " + node.describe() +
                                       " is not known: " + length.error().message() + "."});
  auto bitmap = std::make_shared<DirtyBitmap>(options.name, *length, options.granularity);
  bitmap->set_enabled(options.enabled);
  bitmap->set_persistent(options.persistent);
  const GraphWriteLock lock;
  // After all that has run the main loop, in which somebody may have taken the name.
  if (node.dirty_bitmap(options.name) != nullptr)
    return graph_error(std::errc::file_exists, node.describe() + " has a dirty bitmap " +
                                                   quoted(options.name) + " already.");
  node.own_dirty_bitmap(bitmap);
  return bitmap;
}

GraphResult<std::shared_ptr<DirtyBitmap>>
find_free_dirty_bitmap(const Node& node, std::string_view name, BitmapUse use) {
  const MainGraphReadLock lock;
  auto bitmap = node.dirty_bitmap(name);
  if (bitmap == nullptr)
    return graph_error(std::errc::no_such_file_or_directory,
                       node.describe() + " has no dirty bitmap " + quoted(name) + ".");
  if (bitmap->busy())
    return graph_error(std::errc::device_or_resource_busy,
                       describe(node, name) + " is in use by a job.");
  if (bitmap->inconsistent() && use != BitmapUse::remove)
    return graph_error(std::errc::invalid_argument,
                       describe(node, name) +
                           " is inconsistent, since who had it in memory was killed, and can't "
                           "be used. 'block-dirty-bitmap-remove' takes it out of the image.");
  if (bitmap->read_only() && use != BitmapUse::read)
    return graph_error(std::errc::read_only_file_system,
                       describe(node, name) +
                           " can't be changed: its image is open for reading only.");
  return bitmap;
}

GraphResult<> remove_dirty_bitmap(Node& node, std::string_view name) {
  const DrainedSection drained(node);
  auto bitmap = find_free_dirty_bitmap(node, name, BitmapUse::remove);
  if (!bitmap)
    return std::unexpected(std::move(bitmap.error()));
  if ((*bitmap)->persistent()) {
    // The main loop runs meanwhile.
    (*bitmap)->set_busy(true);
    std::error_code failed;
    MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
      const CoGraphReadLock lock;
      failed = node.driver().co_remove_persistent_bitmap((*bitmap)->name());
    });
    (*bitmap)->set_busy(false);
    if (failed)
      return std::unexpected(
          GraphError{failed, describe(node, name) +
                                 " can't be taken out of the image: " + failed.message() + "."});
  }
  const GraphWriteLock lock;
  node.disown_dirty_bitmap(**bitmap);
  return {};
}

} // namespace lockvet::runtime
