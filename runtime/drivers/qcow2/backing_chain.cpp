// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/backing_chain.h"

#include "runtime/graph/transaction.h"

#include <algorithm>
#include <set>

namespace lockvet::runtime::qcow2 {

namespace {

std::string quoted(const std::string& name) {
  std::string text = "'";
  text += name;
  text += "'";
  return text;
}

std::unexpected<GraphError> about(const std::string& file_name, const GraphError& error) {
  return std::unexpected(GraphError{error.code, quoted(file_name) + ": " + error.message});
}

GraphResult<> LV_NO_COROUTINE_FN attach(Node& parent, std::string name, EdgeRole role,
                                        Node& child) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  Transaction transaction;
  transaction.attach(parent, std::move(name), role, child);
  return transaction.commit();
}

// The nodes of a chain that is being opened, from the top down; removed if it stays incomplete.
class Chain {
public:
  Chain(const ChainPlace& place, const std::string& name, const FileOpener& opener)
      : place_(place), name_(name), opener_(opener) {}
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;
  ~Chain() {
    MainLoop::assert_here();
    remove_all();
  }

  // Names first, so that nothing is opened of a chain that does not end.
  GraphResult<> add_files(MetadataOptions options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  GraphResult<> open_images() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  Node* release() {
    Node* const top = levels_.front().top();
    levels_.clear();
    return top;
  }

private:
  struct Level {
    std::string file_name;
    Node* file;
    // Otherwise the file is the disk, whatever a guest has written to its start.
    Node* image = nullptr;
    ImageDriver* driver = nullptr;

    Node* top() const { return image != nullptr ? image : file; }
  };

  GraphResult<> add_file(const std::string& name, bool writable) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  GraphResult<> add_image(MetadataOptions options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  GraphResult<> remove_image() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  void remove_all() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  std::string node_name() const {
    return levels_.size() == 1 ? place_.node_name
                               : place_.node_name + ".backing" + std::to_string(levels_.size() - 1);
  }

  const ChainPlace& place_;
  const std::string& name_;
  const FileOpener& opener_;
  std::vector<Level> levels_;
  std::set<std::string> identities_;
};

GraphResult<> Chain::add_file(const std::string& name, bool writable) {
  if (levels_.size() == most_files_in_chain)
    return graph_error(std::errc::invalid_argument,
                       "the chain of backing files of " + quoted(name_) + " has more than " +
                           std::to_string(most_files_in_chain) + " files.");
  auto opened = opener_(name, levels_.empty() ? std::string() : levels_.back().file_name, writable);
  if (!opened)
    return std::unexpected(std::move(opened.error()));
  if (!identities_.insert(opened->identity).second)
    return graph_error(std::errc::invalid_argument, "the chain of backing files of " +
                                                        quoted(name_) + " comes back to " +
                                                        quoted(opened->identity) + " at its file " +
                                                        std::to_string(levels_.size()) + ".");
  levels_.push_back({std::move(opened->name), nullptr});
  auto added = place_.graph.add(node_name() + ".file", std::move(opened->driver), place_.context);
  if (!added) {
    levels_.pop_back();
    return std::unexpected(std::move(added.error()));
  }
  levels_.back().file = *added;
  return {};
}

GraphResult<> Chain::add_image(MetadataOptions options) {
  Level& level = levels_.back();
  auto driver = std::make_unique<ImageDriver>(options);
  level.driver = driver.get();
  auto added = place_.graph.add(node_name(), std::move(driver), place_.context);
  if (!added)
    return std::unexpected(std::move(added.error()));
  level.image = *added;
  return attach(*level.image, "file", EdgeRole::data | EdgeRole::metadata, *level.file);
}

GraphResult<> Chain::remove_image() {
  Level& level = levels_.back();
  level.driver = nullptr;
  return place_.graph.remove(*std::exchange(level.image, nullptr));
}

GraphResult<> Chain::add_files(MetadataOptions options) {
  std::string next = name_;
  std::string format = "qcow2";
  while (true) {
    if (auto added = add_file(next, options.writable); !added)
      return added;
    if (format == "raw")
      return {};
    if (!format.empty() && format != "qcow2")
      return graph_error(std::errc::not_supported, "the backing file " + quoted(next) +
                                                       " has the format " + quoted(format) +
                                                       ", which is not supported.");
    if (auto added = add_image(options); !added)
      return added;
    ImageDriver& driver = *levels_.back().driver;
    if (format.empty()) {
      // By what it begins with, since the image above does not say what it is.
      const auto is_image = driver.holds_image();
      if (!is_image)
        return std::unexpected(is_image.error());
      if (!*is_image)
        return remove_image();
    }
    const auto header = driver.read_header();
    if (!header)
      return about(next, header.error());
    if (header->backing_name.empty())
      return {};
    next = header->backing_name;
    format = header->backing_format();
    options.writable = false;
  }
}

GraphResult<> Chain::open_images() {
  Node* below = nullptr;
  for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
    if (level->driver != nullptr) {
      if (below != nullptr)
        if (auto attached = attach(*level->image, "backing", EdgeRole::copy_on_write, *below);
            !attached)
          return attached;
      if (auto opened = level->driver->open(); !opened)
        return about(level->file_name, opened.error());
    }
    below = level->top();
  }
  return {};
}

void Chain::remove_all() {
  for (const Level& level : levels_) {
    // What is open here has not been written to.
    if (level.driver != nullptr)
      (void)level.driver->close();
    for (Node* const node : {level.image, level.file})
      if (node != nullptr)
        (void)place_.graph.remove(*node);
  }
}

} // namespace

GraphResult<Node*> open_chain(const ChainPlace& place, const std::string& file_name,
                              const FileOpener& opener, MetadataOptions options) {
  Chain chain(place, file_name, opener);
  if (auto added = chain.add_files(options); !added)
    return std::unexpected(std::move(added.error()));
  if (auto opened = chain.open_images(); !opened)
    return std::unexpected(std::move(opened.error()));
  return chain.release();
}

GraphResult<> close_chain(Graph& graph, Node& top) {
  GraphResult<> closed;
  for (Node* node = &top; node != nullptr;) {
    Node* file = nullptr;
    Node* below = nullptr;
    {
      const MainGraphReadLock lock;
      if (node != &top && !node->parents().empty())
        return closed;
      if (const Edge* const edge = node->child("file"))
        file = &edge->child();
      if (const Edge* const edge = node->child("backing"))
        below = &edge->child();
    }
    if (auto* const driver = dynamic_cast<ImageDriver*>(&node->driver()))
      if (auto result = driver->close(); !result && closed)
        closed = std::move(result);
    for (Node* const unused : {node, file})
      if (unused != nullptr)
        if (auto removed = graph.remove(*unused); !removed)
          return closed ? removed : closed;
    node = below;
  }
  return closed;
}

} // namespace lockvet::runtime::qcow2
