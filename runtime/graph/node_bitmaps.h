// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dirty bitmaps of nodes, as a user has them by name. A node keeps them; who reads one shares
// it, so that it is there also when it is removed. All in the main loop. One that is busy belongs
// to a job for a while, and refuses all that would change it.

#ifndef LOCKVET_RUNTIME_GRAPH_NODE_BITMAPS_H
#define LOCKVET_RUNTIME_GRAPH_NODE_BITMAPS_H

#include "runtime/graph/node.h"

namespace lockvet::runtime {

struct BitmapOptions {
  // Not longer than most_bitmap_name.
  std::string name;
  // In bytes; see DirtyBitmap.
  uint64_t granularity = uint64_t{64} * 1024;
  bool enabled = true;
  // Whether the node's image keeps it.
  bool persistent = false;
};

inline constexpr size_t most_bitmap_name = 1023;

// All clean, from a moment in which nothing is in flight in the node.
[[nodiscard]] GraphResult<std::shared_ptr<DirtyBitmap>> LV_NO_COROUTINE_FN
add_dirty_bitmap(Node& node, const BitmapOptions& options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

// From the image, too, if that keeps it.
[[nodiscard]] GraphResult<> LV_NO_COROUTINE_FN
remove_dirty_bitmap(Node& node, std::string_view name) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

// Whoever removes one takes it whether it is inconsistent or not.
enum class BitmapUse { read, change, remove };

// Without being busy, and one that can be used so; an error that says which is missing, otherwise.
[[nodiscard]] GraphResult<std::shared_ptr<DirtyBitmap>>
find_free_dirty_bitmap(const Node& node, std::string_view name,
                       BitmapUse use = BitmapUse::change) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_NODE_BITMAPS_H
