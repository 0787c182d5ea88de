// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Commands that say what there is, in the shapes of QEMU's qapi/block-core.json.

#include "runtime/control/qmp/command_tables.h"
#include "runtime/control/qmp/snapshot_commands.h"
#include "runtime/control/schema/query_types.h"
#include "runtime/drivers/qcow2/image_driver.h"

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

Json describe_bitmap(const DirtyBitmap& bitmap) {
  Json info = {{"name", bitmap.name()},
               {"count", bitmap.count()},
               {"granularity", bitmap.granularity()},
               {"recording", bitmap.enabled()},
               {"busy", bitmap.busy()},
               {"persistent", bitmap.persistent()}};
  if (bitmap.inconsistent())
    info["inconsistent"] = true;
  return info;
}

Json LV_GRAPH_RDLOCK describe(const BlockNodes& nodes, const Node& node,
                              const std::map<std::string, uint64_t>& lengths) LV_MAIN_LOOP {
  const NodeOptions& options = nodes.options_of(node);
  const std::string file = file_name(nodes, node);
  Json image = {{"filename", file}, {"format", options.driver}};
  if (const auto length = lengths.find(node.name()); length != lengths.end())
    image["virtual-size"] = length->second;
  if (const auto* const qcow2 = dynamic_cast<const qcow2::ImageDriver*>(&node.driver()))
    for (const qcow2::Snapshot& snapshot : qcow2->snapshots())
      image["snapshots"].push_back(describe_snapshot(snapshot));
  Json info = {
      {"node-name", node.name()},
      {"drv", options.driver},
      {"file", file},
      {"ro", nodes.is_read_only(node)},
      {"encrypted", false},
      {"backing_file_depth", backing_depth(node)},
      {"detect_zeroes", "off"},
      {"write_threshold", node.write_threshold() == nullptr ? 0 : node.write_threshold()->limit()},
      {"cache",
       {{"writeback", true}, {"direct", options.direct.value_or(false)}, {"no-flush", false}}}};
  // Limits are those of nodes of their own.
  for (const char* const limit : {"bps", "bps_rd", "bps_wr", "iops", "iops_rd", "iops_wr"})
    info[limit] = 0;
  if (const Edge* const backing = node.child("backing")) {
    info["backing_file"] = file_name(nodes, backing->child());
    image["backing-filename"] = info["backing_file"];
  }
  Json bitmaps = Json::array();
  for (const auto& bitmap : node.dirty_bitmaps())
    bitmaps.push_back(describe_bitmap(*bitmap));
  info["dirty-bitmaps"] = std::move(bitmaps);
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
  MainLoop::run_coroutine([&]() LV_COROUTINE_FN { lengths = nodes.co_lengths(); });
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

// --- statistics ----------------------------------------------------------------------------------

constexpr Member query_nodes_flag[] = {{"query-nodes", &boolean_type}};
constexpr Type blockstats_type{
    .kind = TypeKind::object, .name = "query-blockstats-arguments", .members = query_nodes_flag};

// As BlockDeviceStats calls kinds of requests; zeroes are writes there.
constexpr std::pair<RequestKind, const char*> stat_names[] = {{RequestKind::read, "rd"},
                                                              {RequestKind::write, "wr"},
                                                              {RequestKind::write_zeroes, "wr"},
                                                              {RequestKind::flush, "flush"},
                                                              {RequestKind::discard, "unmap"}};

template <typename Sum> Json stats_of(const Sum& sum) {
  Json stats = Json::object();
  const auto add = [&stats](const std::string& name, uint64_t more) {
    stats[name] = stats.value(name, uint64_t{0}) + more;
  };
  for (const auto& [kind, name] : stat_names) {
    const auto& counts = sum[static_cast<size_t>(kind)];
    add(std::string(name) + "_operations", counts.requests - counts.errors);
    add("failed_" + std::string(name) + "_operations", counts.errors);
    if (kind != RequestKind::flush)
      add(std::string(name) + "_bytes", counts.bytes);
    if constexpr (requires { counts.time; })
      add(std::string(name) + "_total_time_ns", static_cast<uint64_t>(counts.time.count()));
  }
  return stats;
}

Json histogram_of(const RequestStatistics::Kind& kind) {
  Json boundaries = Json::array();
  for (size_t bucket = 0; bucket + 1 < RequestStatistics::buckets; ++bucket)
    boundaries.push_back(RequestStatistics::limit_of(bucket).count());
  return {{"boundaries", std::move(boundaries)}, {"bins", kind.latencies}};
}

// Of what clients of exports have had, or of what has come to nodes.
CommandResult query_stats(Control& control, const Json& arguments) LV_MAIN_LOOP {
  Json all = Json::array();
  const Json* const nodes = find_member(arguments, "query-nodes");
  if (nodes != nullptr && nodes->get<bool>()) {
    for (const auto& node : control.nodes().graph().nodes())
      all.push_back({{"node-name", node->name()}, {"stats", stats_of(node->counts().sum())}});
    return all;
  }
  const MainGraphReadLock lock;
  for (const auto& entry : control.exports().all()) {
    const RequestStatistics::Sum sum = entry->device->statistics().sum();
    Json stats = stats_of(sum);
    for (const auto& [kind, name] : stat_names)
      if (kind != RequestKind::write_zeroes && kind != RequestKind::discard)
        stats[std::string(name) + "_latency_histogram"] =
            histogram_of(sum[static_cast<size_t>(kind)]);
    all.push_back({{"device", entry->id},
                   {"node-name", Exports::node_name(*entry)},
                   {"stats", std::move(stats)}});
  }
  return all;
}

const Command query_table[] = {
    {.name = "query-block-exports",
     .arguments = &empty_type,
     .returns = &block_export_infos_type,
     .run = query_exports},
    {.name = "query-blockstats",
     .arguments = &blockstats_type,
     .returns = &block_stats_list_type,
     .run = query_stats},
    {.name = "query-iothreads",
     .arguments = &empty_type,
     .returns = &iothread_infos_type,
     .run = query_threads},
    {.name = "query-named-block-nodes",
     .arguments = &query_nodes_type,
     .returns = &block_device_infos_type,
     .run = query_nodes},
};

} // namespace

std::span<const Command> query_commands() {
  return query_table;
}

} // namespace lockvet::runtime::control
