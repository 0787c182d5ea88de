// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Commands that say what there is, in the shapes of QEMU's qapi/block-core.json.

#include "runtime/control/qmp/command_tables.h"

#include <unistd.h>

namespace lockvet::runtime::control {

namespace {

constexpr Member flat_members[] = {{"flat", &boolean_type}};
constexpr Type query_nodes_type{
    .kind = TypeKind::object, .name = "query-named-block-nodes-arguments", .members = flat_members};

// The file that a node is, or the one below it; or its driver's name if it is in none.
std::string LV_GRAPH_RDLOCK file_name(const BlockNodes& nodes, const Node& node) LV_MAIN_LOOP {
  for (const Node* at = &node;;) {
    if (const auto* const file = std::get_if<FileSettings>(&nodes.options_of(*at).settings))
      return file->filename;
    const Edge* const edge = at->child("file");
    if (edge == nullptr)
      return nodes.options_of(node).driver + "://";
    at = &edge->child();
  }
}

uint64_t LV_GRAPH_RDLOCK backing_depth(const Node& node) {
  uint64_t depth = 0;
  for (const Edge* edge = node.child("backing"); edge != nullptr;
       edge = edge->child().child("backing"))
    ++depth;
  return depth;
}

Json LV_GRAPH_RDLOCK describe(const BlockNodes& nodes, const Node& node,
                              const std::map<std::string, uint64_t>& lengths) LV_MAIN_LOOP {
  const NodeOptions& options = nodes.options_of(node);
  const std::string file = file_name(nodes, node);
  Json image = {{"filename", file}, {"format", options.driver}};
  if (const auto length = lengths.find(node.name()); length != lengths.end())
    image["virtual-size"] = length->second;
  Json info = {
      {"node-name", node.name()},
      {"drv", options.driver},
      {"file", file},
      {"ro", nodes.is_read_only(node)},
      {"encrypted", false},
      {"backing_file_depth", backing_depth(node)},
      {"detect_zeroes", "off"},
      {"write_threshold", 0},
      {"cache",
       {{"writeback", true}, {"direct", options.direct.value_or(false)}, {"no-flush", false}}}};
  // Limits are those of nodes of their own.
  for (const char* const limit : {"bps", "bps_rd", "bps_wr", "iops", "iops_rd", "iops_wr"})
    info[limit] = 0;
  if (const Edge* const backing = node.child("backing")) {
    info["backing_file"] = file_name(nodes, backing->child());
    image["backing-filename"] = info["backing_file"];
  }
  Json children = Json::array();
  for (const auto& edge : node.children())
    children.push_back({{"child", edge->name()}, {"node-name", edge->child().name()}});
  info["children"] = std::move(children);
  info["image"] = std::move(image);
  return info;
}

CommandResult LV_NO_COROUTINE_FN query_nodes(Control& control,
                                             const Json&) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const BlockNodes& nodes = control.nodes();
  std::map<std::string, uint64_t> lengths;
  control.run_coroutine([&]() LV_COROUTINE_FN { lengths = nodes.co_lengths(); });
  Json infos = Json::array();
  const MainGraphReadLock lock;
  for (const auto& node : nodes.graph().nodes())
    if (nodes.knows(*node))
      infos.push_back(describe(nodes, *node, lengths));
  return infos;
}

CommandResult query_exports(Control& control, const Json&) LV_MAIN_LOOP {
  Json infos = Json::array();
  const MainGraphReadLock lock;
  for (const auto& entry : control.exports().all())
    infos.push_back({{"id", entry->id},
                     {"type", entry->type},
                     {"node-name", Exports::node_name(*entry)},
                     {"shutting-down", entry->shutting_down}});
  return infos;
}

CommandResult LV_NO_COROUTINE_FN query_threads(Control& control,
                                               const Json&) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  Json infos = Json::array();
  for (const auto& [id, thread] : control.objects().threads()) {
    pid_t number = 0;
    if (MainLoop::run_in(thread->context(), [&number] { number = gettid(); }))
      infos.push_back({{"id", id}, {"thread-id", number}});
  }
  return infos;
}

const Command table[] = {
    {.name = "query-block-exports", .arguments = &empty_type, .run = query_exports},
    {.name = "query-iothreads", .arguments = &empty_type, .run = query_threads},
    {.name = "query-named-block-nodes", .arguments = &query_nodes_type, .run = query_nodes},
};

} // namespace

std::span<const Command> query_commands() {
  return table;
}

} // namespace lockvet::runtime::control
