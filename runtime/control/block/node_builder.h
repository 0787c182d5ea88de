// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes a node from its options, with its children and, where an image names them, its backing
// files; all of them or none. It belongs to one call in the main loop.

#ifndef LOCKVET_RUNTIME_CONTROL_BLOCK_NODE_BUILDER_H
#define LOCKVET_RUNTIME_CONTROL_BLOCK_NODE_BUILDER_H

#include "runtime/control/block/block_nodes.h"

#include <set>

namespace lockvet::runtime::qcow2 {
class ImageDriver;
struct Header;
} // namespace lockvet::runtime::qcow2

namespace lockvet::runtime::control {

class NodeBuilder {
public:
  explicit NodeBuilder(BlockNodes& nodes) : nodes_(nodes) {}
  NodeBuilder(const NodeBuilder&) = delete;
  NodeBuilder& operator=(const NodeBuilder&) = delete;
  // Removes what it has made, unless it is kept.
  LV_NO_COROUTINE_FN ~NodeBuilder();

  GraphResult<Node*>
      LV_NO_COROUTINE_FN build(const NodeOptions& options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    return build(options, {});
  }
  void keep() LV_MAIN_LOOP { made_.clear(); }

private:
  // What children take from their parents if they do not say it themselves.
  struct Inherited {
    bool read_only = false;
    bool auto_read_only = false;
    bool direct = false;
    // How many images are above that name the next one.
    size_t level = 0;
  };

  GraphResult<Node*> build(const NodeOptions& options,
                           const Inherited& from) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  GraphResult<std::unique_ptr<Driver>> make_driver(const NodeOptions& options,
                                                   Inherited& own) LV_MAIN_LOOP;
  GraphResult<std::unique_ptr<Driver>> open_file(const FileSettings& settings,
                                                 Inherited& own) LV_MAIN_LOOP;
  GraphResult<> add_children(Node& node, const NodeOptions& options,
                             const Inherited& own) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  GraphResult<> add_child(Node& node, const std::string& name, const ChildOption& option,
                          const Inherited& own) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  GraphResult<> open_image(Node& node, qcow2::ImageDriver& driver, const NodeOptions& options,
                           const Inherited& own) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // What the header of an image names.
  GraphResult<NodeOptions> named_backing(Node& image, const qcow2::Header& header,
                                         size_t level) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // The path of the file that a node's bytes are in, or nothing.
  std::string path_below(Node& node) const LV_MAIN_LOOP;

  BlockNodes& nodes_;
  std::vector<Node*> made_ LV_OWNED_BY_CONTEXT(lockvet_main_loop);
  // Of the files of a chain of backing files.
  std::set<std::string> identities_;
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_BLOCK_NODE_BUILDER_H
