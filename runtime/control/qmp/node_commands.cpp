// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Commands that make, change and remove nodes.

#include "runtime/control/qmp/command_tables.h"
#include "runtime/control/qmp/transaction.h"
#include "runtime/control/schema/block_types.h"
#include "runtime/graph/context_move.h"

namespace lockvet::runtime::control {

namespace {

CommandResult LV_NO_COROUTINE_FN add_node(Control& control,
                                          const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto options = node_options(arguments);
  if (!options)
    return command_error(options.error());
  if (const auto added = control.nodes().add(*options); !added)
    return command_error(added.error().message);
  return Json::object();
}

constexpr Member node_name_members[] = {{"node-name", &string_type, true}};
constexpr Type delete_node_type{
    .kind = TypeKind::object, .name = "blockdev-del-arguments", .members = node_name_members};

CommandResult LV_NO_COROUTINE_FN delete_node(Control& control,
                                             const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  return command_result(control.nodes().remove(arguments["node-name"].get<std::string>()));
}

const Type options_list_type{
    .kind = TypeKind::array, .name = "[BlockdevOptions]", .element = &blockdev_options_type};
const Member reopen_members[] = {{"options", &options_list_type, true}};
const Type reopen_type{
    .kind = TypeKind::object, .name = "blockdev-reopen-arguments", .members = reopen_members};

CommandResult LV_NO_COROUTINE_FN reopen(Control& control,
                                        const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  std::vector<NodeOptions> all;
  for (const Json& one : arguments["options"]) {
    auto options = node_options(one);
    if (!options)
      return command_error(options.error());
    if (options->name.empty())
      return command_error("'node-name' is missing: it says which node is opened anew.");
    all.push_back(std::move(*options));
  }
  return command_result(control.nodes().reopen(all));
}

// --- snapshots -----------------------------------------------------------------------------------

constexpr Member snapshot_members[] = {{"node", &string_type, true},
                                       {"overlay", &string_type, true}};
constexpr Type snapshot_type{
    .kind = TypeKind::object, .name = "BlockdevSnapshot", .members = snapshot_members};
constexpr Member snapshot_wrapper_members[] = {{"data", &snapshot_type, true}};
constexpr Type snapshot_wrapper{.kind = TypeKind::object,
                                .name = "BlockdevSnapshotWrapper",
                                .members = snapshot_wrapper_members};

BlockNodes::Snapshot snapshot_of(const Json& arguments) {
  return {arguments["node"].get<std::string>(), arguments["overlay"].get<std::string>()};
}

CommandResult LV_NO_COROUTINE_FN snapshot(Control& control,
                                          const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  return command_result(control.nodes().snapshot(snapshot_of(arguments)));
}

GraphResult<ActionDone> LV_NO_COROUTINE_FN
snapshot_action(const ActionPlace& place, const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const BlockNodes::Snapshot wanted = snapshot_of(arguments);
  if (auto done = place.control.nodes().snapshot(wanted); !done)
    return std::unexpected(std::move(done.error()));
  return ActionDone{.undo = [&nodes = place.control.nodes(), wanted] {
    MainLoop::assert_here();
    nodes.take_back(wanted);
  }};
}

constexpr TransactionAction node_action_table[] = {
    {"blockdev-snapshot", &snapshot_wrapper, "node", snapshot_action},
};

// --- sizes ---------------------------------------------------------------------------------------

constexpr Member resize_members[] = {{"node-name", &string_type, true}, {"size", &size_type, true}};
constexpr Type resize_type{
    .kind = TypeKind::object, .name = "block_resize-arguments", .members = resize_members};

// One change of a node's length. It may have to wait for the end of a drained section, which the
// main loop must not, so that a coroutine does.
class Resize {
public:
  static void LV_NO_COROUTINE_FN begin(Control& control, const Json& arguments,
                                       CommandDone done) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const auto node = control.nodes().find(arguments["node-name"].get<std::string>());
    if (!node)
      return done(command_error(node.error().message));
    if (const auto free = check_resizable(control, **node); !free)
      return done(command_error(free.error().message));
    auto self = std::make_unique<Resize>(control, std::move(done));
    if (auto inserted = self->backend_.insert(**node); !inserted)
      return self->done_(command_error(inserted.error().message));
    const auto size = arguments["size"].get<uint64_t>();
    // The loop holds it until it has run.
    (void)Coroutine::spawn(control.home(), [self = self.release(), size]() LV_COROUTINE_FN {
      self->failed_ = self->backend_.co_truncate(size);
      (void)self->control_.home().schedule([self] {
        MainLoop::assert_here();
        self->finish();
      });
    });
  }

  Resize(Control& control, CommandDone done)
      : backend_("block_resize",
                 {.permissions = {Permission::resize | Permission::write, Permission::all}}),
        control_(control), done_(std::move(done)) {}

private:
  // Jobs copy a disk of one size, through a filter that is above it.
  static GraphResult<> check_resizable(Control& control, Node& node) LV_MAIN_LOOP {
    std::vector<const Node*> look_at = {&node};
    const MainGraphReadLock lock;
    for (size_t next = 0; next < look_at.size(); ++next) {
      if (!control.nodes().knows(*look_at[next]))
        return graph_error(std::errc::device_or_resource_busy,
                           "Node '" + node.name() + "' is busy: block device is in use by block " +
                               "job: " + std::string(look_at[next]->driver().format_name()));
      for (const Edge* const edge : look_at[next]->parents())
        if (const Node* const above = edge->parent().as_node(); above != nullptr)
          look_at.push_back(above);
    }
    return {};
  }

  void LV_NO_COROUTINE_FN finish() LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const std::unique_ptr<Resize> self(this);
    CommandResult result = command_result(backend_.remove());
    control_.exports().sizes_changed();
    if (failed_)
      result = command_error("The size can't be changed: " + failed_.message() + ".");
    done_(std::move(result));
  }

  BlockBackend backend_;
  Control& control_;
  std::error_code failed_;
  const CommandDone done_;
};

void LV_NO_COROUTINE_FN begin_resize(Control& control, const Json& arguments,
                                     CommandDone done) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  Resize::begin(control, arguments, std::move(done));
}

// --- thresholds ----------------------------------------------------------------------------------

constexpr Member threshold_members[] = {{"node-name", &string_type, true},
                                        {"write-threshold", &size_type, true}};
constexpr Type threshold_type{.kind = TypeKind::object,
                              .name = "block-set-write-threshold-arguments",
                              .members = threshold_members};

CommandResult LV_NO_COROUTINE_FN set_write_threshold(Control& control, const Json& arguments)
    LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto name = arguments["node-name"].get<std::string>();
  const auto limit = arguments["write-threshold"].get<uint64_t>();
  std::unique_ptr<WriteThreshold> threshold;
  if (limit > 0)
    threshold = std::make_unique<WriteThreshold>(limit, [&control, name, limit](uint64_t exceeded) {
      // No more events when the main loop has ended.
      (void)control.home().schedule([&control, name, limit, exceeded] {
        control.events().emit(
            "BLOCK_WRITE_THRESHOLD",
            {{"node-name", name}, {"amount-exceeded", exceeded}, {"write-threshold", limit}});
      });
    });
  const GraphWriteLock lock;
  const auto node = control.nodes().find(name);
  if (!node)
    return command_error(node.error().message);
  (*node)->set_write_threshold(std::move(threshold));
  return Json::object();
}

// --- contexts ------------------------------------------------------------------------------------

const Type* const thread_or_none[] = {&null_type, &string_type};
const Type thread_or_none_type{
    .kind = TypeKind::alternative, .name = "StrOrNull", .alternatives = thread_or_none};
const Member set_thread_members[] = {{"node-name", &string_type, true},
                                     {"iothread", &thread_or_none_type, true}};
const Type set_thread_type{.kind = TypeKind::object,
                           .name = "x-blockdev-set-iothread-arguments",
                           .members = set_thread_members};

CommandResult LV_NO_COROUTINE_FN set_thread(Control& control,
                                            const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto node = control.nodes().find(arguments["node-name"].get<std::string>());
  if (!node)
    return command_error(node.error().message);
  const Json& id = arguments["iothread"];
  if (id.is_null())
    return command_result(move_subtree(**node, control.home()));
  const auto thread = control.objects().thread(id.get<std::string>());
  if (!thread)
    return command_error(thread.error().message);
  return command_result(move_subtree(**node, (*thread)->context()));
}

const Command node_table[] = {
    {.name = "block-set-write-threshold", .arguments = &threshold_type, .run = set_write_threshold},
    {.name = "block_resize", .arguments = &resize_type, .begin = begin_resize},
    {.name = "blockdev-add", .arguments = &blockdev_options_type, .run = add_node},
    {.name = "blockdev-del", .arguments = &delete_node_type, .run = delete_node},
    {.name = "blockdev-reopen", .arguments = &reopen_type, .run = reopen},
    {.name = "blockdev-snapshot", .arguments = &snapshot_type, .run = snapshot},
    {.name = "x-blockdev-set-iothread", .arguments = &set_thread_type, .run = set_thread},
};

} // namespace

std::span<const Command> node_commands() {
  return node_table;
}

std::span<const TransactionAction> node_actions() {
  return node_action_table;
}

} // namespace lockvet::runtime::control
