// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An image with all that it stands on, as nodes of a graph: each backing file's file, opened by
// name, to the last one that has none. The graph owns the nodes; who has them opened has them
// closed, too, in the main loop. A chain that comes back to a file that is in it already, or does
// not end, is an error.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_BACKING_CHAIN_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_BACKING_CHAIN_H

#include "runtime/drivers/qcow2/image_driver.h"
#include "runtime/graph/graph.h"

#include <functional>

namespace lockvet::runtime::qcow2 {

inline constexpr size_t most_files_in_chain = 200;

struct OpenedFile {
  std::unique_ptr<Driver> driver;
  // Where it is; names in it are relative to that.
  std::string name;
  // Equal for two names of one file, and unlike that of any other.
  std::string identity;
};
// Opens what an image calls its backing file, relative to where the image is; the first image is
// opened by the name that open_chain() got, relative to nothing.
using FileOpener = std::function<GraphResult<OpenedFile>(
    const std::string& name, const std::string& relative_to, bool writable)>;

struct ChainPlace {
  Graph& graph;
  // The home of all nodes.
  AioContext& context;
  // Of the node on top. Those below are called after it: "disk.file" is the file of "disk", and
  // "disk.backing1" its backing file.
  std::string node_name;
};

// Opens them all and returns the node on top, which has no parents yet. Backing files are opened
// for reading. What has the format "raw", or has none and is no image, is taken as it is.
[[nodiscard]] GraphResult<Node*>
    LV_NO_COROUTINE_FN open_chain(const ChainPlace& place, const std::string& file_name,
                                  const FileOpener& opener,
                                  MetadataOptions options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

// Closes the images and removes the nodes, from the top down to what others use as well. Goes on
// after an error, and returns the first.
[[nodiscard]] GraphResult<>
    LV_NO_COROUTINE_FN close_chain(Graph& graph, Node& top) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_BACKING_CHAIN_H
