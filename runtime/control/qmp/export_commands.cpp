// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Commands for exports and the NBD server. Those that begin with nbd-server- take their names from
// QEMU's qapi/block-export.json, where some are there for old users only.

#include "runtime/control/qmp/command_tables.h"
#include "runtime/control/schema/block_types.h"

namespace lockvet::runtime::control {

namespace {

CommandResult LV_NO_COROUTINE_FN add_export(Control& control,
                                            const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  return command_result(control.exports().add(arguments));
}

constexpr std::string_view removals[] = {"safe", "hard"};
constexpr Type removal_type{
    .kind = TypeKind::enumeration, .name = "BlockExportRemoveMode", .values = removals};
constexpr Member delete_members[] = {{"id", &string_type, true}, {"mode", &removal_type}};
constexpr Type delete_export_type{
    .kind = TypeKind::object, .name = "block-export-del-arguments", .members = delete_members};

Exports::Removal removal_of(const Json& arguments) {
  const Json* const mode = find_member(arguments, "mode");
  return mode != nullptr && *mode == "hard" ? Exports::Removal::with_its_clients
                                            : Exports::Removal::only_if_unused;
}

CommandResult LV_NO_COROUTINE_FN delete_export(Control& control,
                                               const Json& arguments) LV_MAIN_LOOP {
  return command_result(
      control.exports().remove(arguments["id"].get<std::string>(), removal_of(arguments)));
}

// --- the server of NBD ---------------------------------------------------------------------------

const Member start_members[] = {{"addr", &socket_address_legacy_type, true},
                                {"tls-creds", &string_type},
                                {"max-connections", &size_type}};
const Type start_type{
    .kind = TypeKind::object, .name = "nbd-server-start-arguments", .members = start_members};

CommandResult LV_NO_COROUTINE_FN start_nbd(Control& control, const Json& arguments) LV_MAIN_LOOP {
  Json address = arguments["addr"]["data"];
  address["type"] = arguments["addr"]["type"];
  Exports::NbdOptions wanted{.address = std::move(address)};
  if (const Json* const most = find_member(arguments, "max-connections"))
    wanted.most_connections = most->get<uint64_t>();
  if (const Json* const tls = find_member(arguments, "tls-creds"))
    wanted.tls_credentials = tls->get<std::string>();
  return command_result(control.exports().start_nbd(wanted));
}

void stop_nbd(Control& control, const Json&, CommandDone done) LV_MAIN_LOOP {
  control.exports().stop_nbd(
      [done = std::move(done)](const GraphResult<>& result) { done(command_result(result)); });
}

constexpr Member nbd_add_members[] = {{"device", &string_type, true},
                                      {"name", &string_type},
                                      {"description", &string_type},
                                      {"writable", &boolean_type}};
constexpr Type nbd_add_type{
    .kind = TypeKind::object, .name = "NbdServerAddOptions", .members = nbd_add_members};

CommandResult LV_NO_COROUTINE_FN add_to_nbd(Control& control,
                                            const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  Json options = arguments;
  options.erase("device");
  options["type"] = "nbd";
  options["node-name"] = arguments["device"];
  const Json* const name = find_member(arguments, "name");
  options["id"] = name == nullptr ? arguments["device"] : *name;
  return command_result(control.exports().add(options));
}

constexpr Member nbd_remove_members[] = {{"name", &string_type, true}, {"mode", &removal_type}};
constexpr Type nbd_remove_type{
    .kind = TypeKind::object, .name = "nbd-server-remove-arguments", .members = nbd_remove_members};

CommandResult LV_NO_COROUTINE_FN remove_from_nbd(Control& control,
                                                 const Json& arguments) LV_MAIN_LOOP {
  return command_result(
      control.exports().remove(arguments["name"].get<std::string>(), removal_of(arguments)));
}

const Command export_table[] = {
    {.name = "block-export-add", .arguments = &block_export_options_type, .run = add_export},
    {.name = "block-export-del", .arguments = &delete_export_type, .run = delete_export},
    {.name = "nbd-server-add", .arguments = &nbd_add_type, .run = add_to_nbd},
    {.name = "nbd-server-remove", .arguments = &nbd_remove_type, .run = remove_from_nbd},
    {.name = "nbd-server-start", .arguments = &start_type, .run = start_nbd},
    {.name = "nbd-server-stop", .arguments = &empty_type, .begin = stop_nbd},
};

} // namespace

std::span<const Command> export_commands() {
  return export_table;
}

} // namespace lockvet::runtime::control
