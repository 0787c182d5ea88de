// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Commands for dirty bitmaps of nodes, which transactions can have as actions, too.

#include "runtime/control/qmp/command_tables.h"
#include "runtime/control/qmp/transaction.h"
#include "runtime/control/schema/block_types.h"
#include "runtime/graph/node_bitmaps.h"

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

using Done = GraphResult<ActionDone>;

GraphResult<Bitmap> find(Control& control, const Json& arguments, std::string_view name,
                         BitmapUse use = BitmapUse::change) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto node = control.nodes().find(arguments["node"].get<std::string>());
  if (!node)
    return std::unexpected(node.error());
  return find_free_dirty_bitmap(**node, name, use);
}

Done LV_NO_COROUTINE_FN add(const ActionPlace& place,
                            const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto flag = [&](std::string_view name) {
    const Json* const found = find_member(arguments, name);
    return found != nullptr && found->get<bool>();
  };
  const auto node = place.control.nodes().find(arguments["node"].get<std::string>());
  if (!node)
    return std::unexpected(node.error());
  BitmapOptions options{.name = arguments["name"].get<std::string>(),
                        .enabled = !flag("disabled"),
                        .persistent = flag("persistent")};
  if (const Json* const granularity = find_member(arguments, "granularity"))
    options.granularity = granularity->get<uint64_t>();
  if (const auto added = add_dirty_bitmap(**node, options); !added)
    return std::unexpected(added.error());
  return ActionDone{.undo = [node = *node, name = options.name] {
    MainLoop::assert_here();
    (void)remove_dirty_bitmap(*node, name);
  }};
}

Done clear(const ActionPlace& place, const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto bitmap = find(place.control, arguments, arguments["name"].get<std::string>());
  if (!bitmap)
    return std::unexpected(bitmap.error());
  const auto before = std::make_shared<DirtyBitmap>((*bitmap)->name(), (*bitmap)->length(),
                                                    (*bitmap)->granularity());
  before->take_from(**bitmap);
  return ActionDone{.undo = [bitmap = *bitmap, before] { bitmap->merge(*before); }};
}

template <bool Enabled>
Done set_enabled(const ActionPlace& place, const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto bitmap = find(place.control, arguments, arguments["name"].get<std::string>());
  if (!bitmap)
    return std::unexpected(bitmap.error());
  const bool before = (*bitmap)->enabled();
  (*bitmap)->set_enabled(Enabled);
  return ActionDone{.undo = [bitmap = *bitmap, before] { bitmap->set_enabled(before); }};
}

Done merge(const ActionPlace& place, const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto target = find(place.control, arguments, arguments["target"].get<std::string>());
  if (!target)
    return std::unexpected(target.error());
  std::vector<Bitmap> sources;
  for (const Json& name : arguments["bitmaps"]) {
    auto source = find(place.control, arguments, name.get<std::string>(), BitmapUse::read);
    if (!source)
      return std::unexpected(std::move(source.error()));
    sources.push_back(std::move(*source));
  }
  const auto before = std::make_shared<DirtyBitmap>((*target)->name(), (*target)->length(),
                                                    (*target)->granularity());
  before->merge(**target);
  for (const Bitmap& source : sources)
    (*target)->merge(*source);
  return ActionDone{.undo = [target = *target, before] {
    target->clear_all();
    target->merge(*before);
  }};
}

template <Done (*Action)(const ActionPlace&, const Json&)>
CommandResult LV_NO_COROUTINE_FN run_action(Control& control,
                                            const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  if (const Done done = Action({control}, arguments); !done)
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

// --- as actions of transactions ------------------------------------------------------------------

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

// It is nobody's until then, and goes when no more can go wrong.
Done remove_later(const ActionPlace& place, const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto bitmap =
      find(place.control, arguments, arguments["name"].get<std::string>(), BitmapUse::remove);
  if (!bitmap)
    return std::unexpected(bitmap.error());
  (*bitmap)->set_busy(true);
  return ActionDone{.undo = [bitmap = *bitmap] { bitmap->set_busy(false); },
                    .commit =
                        [&control = place.control, bitmap = *bitmap, arguments] {
                          MainLoop::assert_here();
                          bitmap->set_busy(false);
                          (void)remove(control, arguments);
                        }};
}

constexpr TransactionAction bitmap_action_table[] = {
    {"block-dirty-bitmap-add", &add_wrapper, "node", add},
    {"block-dirty-bitmap-clear", &name_wrapper, "node", clear},
    {"block-dirty-bitmap-disable", &name_wrapper, "node", set_enabled<false>},
    {"block-dirty-bitmap-enable", &name_wrapper, "node", set_enabled<true>},
    {"block-dirty-bitmap-merge", &merge_wrapper, "node", merge},
    {"block-dirty-bitmap-remove", &name_wrapper, "node", remove_later},
};

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
};

} // namespace

std::span<const Command> bitmap_commands() {
  return bitmap_table;
}

std::span<const TransactionAction> bitmap_actions() {
  return bitmap_action_table;
}

} // namespace lockvet::runtime::control
