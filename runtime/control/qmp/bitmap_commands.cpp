// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Commands for dirty bitmaps of nodes, and transactions, in which these and snapshots happen in one
// moment, all or none.

#include "runtime/control/qmp/command_tables.h"
#include "runtime/control/schema/block_types.h"
#include "runtime/graph/drained_section.h"
#include "runtime/graph/node_bitmaps.h"

#include <set>

namespace lockvet::runtime::control {

namespace {

constexpr Member add_members[] = {{"node", &string_type, true},
                                  {"name", &string_type, true},
                                  {"granularity", &size_type},
                                  {"persistent", &boolean_type},
                                  {"disabled", &boolean_type}};
constexpr Type add_type{
    .kind = TypeKind::object, .name = "BlockDirtyBitmapAdd", .members = add_members};
constexpr Member name_members[] = {{"node", &string_type, true}, {"name", &string_type, true}};
constexpr Type name_type{
    .kind = TypeKind::object, .name = "BlockDirtyBitmap", .members = name_members};
constexpr Member merge_members[] = {
    {"node", &string_type, true}, {"target", &string_type, true}, {"bitmaps", &strings_type, true}};
constexpr Type merge_type{
    .kind = TypeKind::object, .name = "BlockDirtyBitmapMerge", .members = merge_members};

using Bitmap = std::shared_ptr<DirtyBitmap>;

// What takes back what an action has done.
using Undo = std::function<void()>;
using Done = GraphResult<Undo>;

// Without one for what an action has not changed.
Undo nothing() {
  return [] {};
}

GraphResult<Bitmap> find(Control& control, const Json& arguments,
                         std::string_view name) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto node = control.nodes().find(arguments["node"].get<std::string>());
  if (!node)
    return std::unexpected(node.error());
  return find_free_dirty_bitmap(**node, name);
}

Done LV_NO_COROUTINE_FN add(Control& control,
                            const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto flag = [&](std::string_view name) {
    const Json* const found = find_member(arguments, name);
    return found != nullptr && found->get<bool>();
  };
  if (flag("persistent"))
    return graph_error(std::errc::not_supported,
                       "'persistent' can only be off: bitmaps are kept in memory.");
  const auto node = control.nodes().find(arguments["node"].get<std::string>());
  if (!node)
    return std::unexpected(node.error());
  BitmapOptions options{.name = arguments["name"].get<std::string>(), .enabled = !flag("disabled")};
  if (const Json* const granularity = find_member(arguments, "granularity"))
    options.granularity = granularity->get<uint64_t>();
  if (const auto added = add_dirty_bitmap(**node, options); !added)
    return std::unexpected(added.error());
  return Undo([node = *node, name = options.name] {
    MainLoop::assert_here();
    (void)remove_dirty_bitmap(*node, name);
  });
}

Done clear(Control& control, const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto bitmap = find(control, arguments, arguments["name"].get<std::string>());
  if (!bitmap)
    return std::unexpected(bitmap.error());
  const auto before = std::make_shared<DirtyBitmap>((*bitmap)->name(), (*bitmap)->length(),
                                                    (*bitmap)->granularity());
  before->take_from(**bitmap);
  return Undo([bitmap = *bitmap, before] { bitmap->merge(*before); });
}

template <bool Enabled>
Done set_enabled(Control& control, const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto bitmap = find(control, arguments, arguments["name"].get<std::string>());
  if (!bitmap)
    return std::unexpected(bitmap.error());
  const bool before = (*bitmap)->enabled();
  (*bitmap)->set_enabled(Enabled);
  return Undo([bitmap = *bitmap, before] { bitmap->set_enabled(before); });
}

Done merge(Control& control, const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto target = find(control, arguments, arguments["target"].get<std::string>());
  if (!target)
    return std::unexpected(target.error());
  std::vector<Bitmap> sources;
  for (const Json& name : arguments["bitmaps"]) {
    auto source = find(control, arguments, name.get<std::string>());
    if (!source)
      return std::unexpected(std::move(source.error()));
    sources.push_back(std::move(*source));
  }
  const auto before = std::make_shared<DirtyBitmap>((*target)->name(), (*target)->length(),
                                                    (*target)->granularity());
  before->merge(**target);
  for (const Bitmap& source : sources)
    (*target)->merge(*source);
  return Undo([target = *target, before] {
    target->clear_all();
    target->merge(*before);
  });
}

template <Done (*Action)(Control&, const Json&)>
CommandResult LV_NO_COROUTINE_FN run_action(Control& control,
                                            const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  if (const Done done = Action(control, arguments); !done)
    return command_error(done.error().message);
  return Json::object();
}

CommandResult LV_NO_COROUTINE_FN remove(Control& control,
                                        const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto node = control.nodes().find(arguments["node"].get<std::string>());
  if (!node)
    return command_error(node.error().message);
  return command_result(remove_dirty_bitmap(**node, arguments["name"].get<std::string>()));
}

// --- transactions --------------------------------------------------------------------------------

constexpr Member snapshot_members[] = {{"data", &snapshot_type, true}};
constexpr Type snapshot_wrapper{
    .kind = TypeKind::object, .name = "BlockdevSnapshotWrapper", .members = snapshot_members};
constexpr Member add_wrapper_members[] = {{"data", &add_type, true}};
constexpr Type add_wrapper{
    .kind = TypeKind::object, .name = "BlockDirtyBitmapAddWrapper", .members = add_wrapper_members};
constexpr Member name_wrapper_members[] = {{"data", &name_type, true}};
constexpr Type name_wrapper{
    .kind = TypeKind::object, .name = "BlockDirtyBitmapWrapper", .members = name_wrapper_members};
constexpr Member merge_wrapper_members[] = {{"data", &merge_type, true}};
constexpr Type merge_wrapper{.kind = TypeKind::object,
                             .name = "BlockDirtyBitmapMergeWrapper",
                             .members = merge_wrapper_members};

constexpr std::string_view action_kinds[] = {
    "blockdev-snapshot",          "block-dirty-bitmap-add",    "block-dirty-bitmap-clear",
    "block-dirty-bitmap-disable", "block-dirty-bitmap-enable", "block-dirty-bitmap-merge"};
constexpr Type action_kind_type{
    .kind = TypeKind::enumeration, .name = "TransactionActionKind", .values = action_kinds};
constexpr Member action_members[] = {{"type", &action_kind_type, true}};
constexpr Variant action_variants[] = {
    {"blockdev-snapshot", &snapshot_wrapper},     {"block-dirty-bitmap-add", &add_wrapper},
    {"block-dirty-bitmap-clear", &name_wrapper},  {"block-dirty-bitmap-disable", &name_wrapper},
    {"block-dirty-bitmap-enable", &name_wrapper}, {"block-dirty-bitmap-merge", &merge_wrapper}};
constexpr Type action_type{.kind = TypeKind::object,
                           .name = "TransactionAction",
                           .members = action_members,
                           .tag = "type",
                           .variants = action_variants};
constexpr Type actions_type{
    .kind = TypeKind::array, .name = "[TransactionAction]", .element = &action_type};
constexpr Member transaction_members[] = {{"actions", &actions_type, true}};
constexpr Type transaction_type{
    .kind = TypeKind::object, .name = "transaction-arguments", .members = transaction_members};

Done LV_NO_COROUTINE_FN run_one(Control& control, const std::string& type,
                                const Json& data) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  if (type == "block-dirty-bitmap-add")
    return add(control, data);
  if (type == "block-dirty-bitmap-clear")
    return clear(control, data);
  if (type == "block-dirty-bitmap-disable")
    return set_enabled<false>(control, data);
  if (type == "block-dirty-bitmap-enable")
    return set_enabled<true>(control, data);
  if (type == "block-dirty-bitmap-merge")
    return merge(control, data);
  return nothing();
}

// The nodes that actions are about, in which nothing is in flight meanwhile: so all of them take
// effect in one moment.
GraphResult<std::vector<Parent*>> nodes_of(Control& control, const Json& actions) LV_MAIN_LOOP {
  std::set<Parent*> nodes;
  for (const Json& action : actions) {
    const auto node = control.nodes().find(action["data"]["node"].get<std::string>());
    if (!node)
      return std::unexpected(node.error());
    nodes.insert(*node);
  }
  return std::vector<Parent*>(nodes.begin(), nodes.end());
}

// Bitmaps first, since what has been done to them can be taken back; a node and its bitmaps stay
// what they are below an overlay.
CommandResult LV_NO_COROUTINE_FN transaction(Control& control,
                                             const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const Json& actions = arguments["actions"];
  auto quiet = nodes_of(control, actions);
  if (!quiet)
    return command_error(quiet.error().message);
  const DrainedSection drained(std::move(*quiet));
  std::vector<Undo> undo;
  std::vector<BlockNodes::Snapshot> snapshots;
  GraphResult<> result;
  for (const Json& action : actions) {
    const auto type = action["type"].get<std::string>();
    const Json& data = action["data"];
    if (type == "blockdev-snapshot")
      snapshots.push_back(snapshot_of(data));
    auto done = run_one(control, type, data);
    if (!done) {
      result = std::unexpected(std::move(done.error()));
      break;
    }
    undo.push_back(std::move(*done));
  }
  if (result && !snapshots.empty())
    result = control.nodes().snapshot(snapshots);
  if (!result)
    for (auto one = undo.rbegin(); one != undo.rend(); ++one)
      (*one)();
  return command_result(result);
}

const Command bitmap_table[] = {
    {.name = "block-dirty-bitmap-add", .arguments = &add_type, .run = run_action<add>},
    {.name = "block-dirty-bitmap-clear", .arguments = &name_type, .run = run_action<clear>},
    {.name = "block-dirty-bitmap-disable",
     .arguments = &name_type,
     .run = run_action<set_enabled<false>>},
    {.name = "block-dirty-bitmap-enable",
     .arguments = &name_type,
     .run = run_action<set_enabled<true>>},
    {.name = "block-dirty-bitmap-merge", .arguments = &merge_type, .run = run_action<merge>},
    {.name = "block-dirty-bitmap-remove", .arguments = &name_type, .run = remove},
    {.name = "transaction", .arguments = &transaction_type, .run = transaction},
};

} // namespace

std::span<const Command> bitmap_commands() {
  return bitmap_table;
}

} // namespace lockvet::runtime::control
