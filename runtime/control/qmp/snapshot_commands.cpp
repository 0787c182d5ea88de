// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Commands for internal snapshots of images, in the shapes of QEMU's qapi/block-core.json.

#include "runtime/control/qmp/snapshot_commands.h"

#include "runtime/control/qmp/command_tables.h"
#include "runtime/control/qmp/transaction.h"
#include "runtime/drivers/qcow2/image_driver.h"
#include "runtime/graph/block_backend.h"

namespace lockvet::runtime::control {

namespace {

using qcow2::ImageDriver;
using qcow2::Snapshot;

constexpr Member take_members[] = {{"device", &string_type, true}, {"name", &string_type, true}};
constexpr Type take_type{
    .kind = TypeKind::object, .name = "BlockdevSnapshotInternal", .members = take_members};
constexpr Member delete_members[] = {
    {"device", &string_type, true}, {"id", &string_type}, {"name", &string_type}};
constexpr Type delete_type{.kind = TypeKind::object,
                           .name = "blockdev-snapshot-delete-internal-sync-arguments",
                           .members = delete_members};

std::optional<std::string> text_of(const Json& arguments, std::string_view name) {
  const Json* const found = find_member(arguments, name);
  return found == nullptr ? std::nullopt : std::optional(found->get<std::string>());
}

GraphResult<ImageDriver*> find_image(Control& control, const Json& arguments) LV_MAIN_LOOP {
  const auto node = control.nodes().find(arguments["device"].get<std::string>());
  if (!node)
    return std::unexpected(node.error());
  auto* const image = dynamic_cast<ImageDriver*>(&(*node)->driver());
  if (image == nullptr)
    return graph_error(std::errc::not_supported,
                       (*node)->describe() + " has no internal snapshots: it is no qcow2 image.");
  return image;
}

// An error if the name is empty, or another one has it.
GraphResult<> check_name(const ImageDriver& image, const std::string& name) LV_MAIN_LOOP {
  if (name.empty())
    return graph_error(std::errc::invalid_argument, "the name of a snapshot is empty.");
  const MainGraphReadLock lock;
  for (const Snapshot& snapshot : image.snapshots())
    if (snapshot.name == name)
      return graph_error(std::errc::file_exists,
                         image.node().describe() + " has a snapshot '" + name + "' already.");
  return {};
}

GraphResult<ActionDone> LV_NO_COROUTINE_FN
take_as_action(const ActionPlace& place, const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto image = find_image(place.control, arguments);
  if (!image)
    return std::unexpected(image.error());
  const auto name = arguments["name"].get<std::string>();
  if (auto checked = check_name(**image, name); !checked)
    return std::unexpected(std::move(checked.error()));
  auto taken = (*image)->take_snapshot(name);
  if (!taken)
    return std::unexpected(std::move(taken.error()));
  return ActionDone{.undo = [image = *image, taken = *taken] {
    MainLoop::assert_here();
    (void)image->untake_snapshot(taken);
  }};
}

CommandResult LV_NO_COROUTINE_FN take(Control& control,
                                      const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  if (const auto taken = take_as_action({control}, arguments); !taken)
    return command_error(taken.error().message);
  return Json::object();
}

constexpr Member take_wrapper_members[] = {{"data", &take_type, true}};
constexpr Type take_wrapper{.kind = TypeKind::object,
                            .name = "BlockdevSnapshotInternalWrapper",
                            .members = take_wrapper_members};
constexpr TransactionAction snapshot_action_table[] = {
    {"blockdev-snapshot-internal-sync", &take_wrapper, "device", take_as_action},
};

// Gives back clusters a table at a time, while requests go on.
class Deletion {
public:
  static void LV_NO_COROUTINE_FN begin(Control& control, const Json& arguments,
                                       CommandDone done) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const auto image = find_image(control, arguments);
    if (!image)
      return done(command_error(image.error().message));
    auto id = text_of(arguments, "id");
    auto name = text_of(arguments, "name");
    if (!id && !name)
      return done(command_error("'id' or 'name' has to be given."));
    auto self = std::make_unique<Deletion>(control, std::move(done));
    // Keeps the image open.
    if (auto inserted = self->backend_.insert((*image)->node()); !inserted)
      return self->done_(command_error(inserted.error().message));
    // The loop holds it until it has run.
    (void)Coroutine::spawn(control.home(),
                           [self = self.release(), image = *image, id = std::move(id),
                            name = std::move(name)]() LV_COROUTINE_FN {
                             self->gone_ = image->co_delete_snapshot(id, name);
                             (void)self->control_.home().schedule([self] {
                               MainLoop::assert_here();
                               self->finish();
                             });
                           });
  }

  Deletion(Control& control, CommandDone done)
      : backend_("blockdev-snapshot-delete-internal-sync",
                 {.permissions = {Permission::none, Permission::all}}),
        control_(control), done_(std::move(done)) {}

private:
  void LV_NO_COROUTINE_FN finish() LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const std::unique_ptr<Deletion> self(this);
    const CommandResult removed = command_result(backend_.remove());
    if (!gone_)
      return done_(command_error(gone_.error().message));
    done_(removed ? CommandResult(describe_snapshot(*gone_)) : removed);
  }

  BlockBackend backend_;
  Control& control_;
  GraphResult<Snapshot> gone_;
  const CommandDone done_;
};

void LV_NO_COROUTINE_FN begin_deletion(Control& control, const Json& arguments,
                                       CommandDone done) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  Deletion::begin(control, arguments, std::move(done));
}

const Command snapshot_table[] = {
    {.name = "blockdev-snapshot-delete-internal-sync",
     .arguments = &delete_type,
     .begin = begin_deletion},
    {.name = "blockdev-snapshot-internal-sync", .arguments = &take_type, .run = take},
};

} // namespace

Json describe_snapshot(const Snapshot& snapshot) {
  constexpr uint64_t second = 1'000'000'000;
  Json info = {{"id", snapshot.id},
               {"name", snapshot.name},
               {"vm-state-size", snapshot.state_bytes()},
               {"date-sec", snapshot.seconds},
               {"date-nsec", snapshot.nanoseconds},
               {"vm-clock-sec", snapshot.clock_nanoseconds / second},
               {"vm-clock-nsec", snapshot.clock_nanoseconds % second}};
  if (const auto instructions = snapshot.instructions())
    info["icount"] = *instructions;
  return info;
}

std::span<const TransactionAction> snapshot_actions() {
  return snapshot_action_table;
}

std::span<const Command> snapshot_commands() {
  return snapshot_table;
}

} // namespace lockvet::runtime::control
