// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/qmp/command_tables.h"
#include "runtime/control/schema/block_types.h"
#include "runtime/control/schema/introspection.h"
#include "runtime/control/schema/query_types.h"

namespace lockvet::runtime::control {

namespace {

CommandResult query_version(Control& control, const Json&) {
  return version_of(control);
}

// There is no machine here that could stand still: it is as long as there is somebody to ask.
CommandResult query_status(Control& control, const Json&) LV_MAIN_LOOP {
  const bool running = !control.stop_requested();
  return Json{
      {"running", running}, {"singlestep", false}, {"status", running ? "running" : "shutdown"}};
}

CommandResult query_commands_by_name(Control&, const Json&) {
  Json names = Json::array();
  for (const Command* const command : commands())
    names.push_back({{"name", command->name}});
  return names;
}

constexpr Member export_deleted_members[] = {{"id", &string_type, true}};
constexpr Type export_deleted_type{.kind = TypeKind::object,
                                   .name = "BLOCK_EXPORT_DELETED-data",
                                   .members = export_deleted_members};

constexpr Member job_status_members[] = {{"id", &string_type, true},
                                         {"status", &string_type, true}};
constexpr Type job_status_type{
    .kind = TypeKind::object, .name = "JOB_STATUS_CHANGE-data", .members = job_status_members};
constexpr Member job_progress_members[] = {
    {"type", &string_type, true},    {"device", &string_type, true}, {"len", &integer_type, true},
    {"offset", &integer_type, true}, {"speed", &integer_type, true}, {"error", &string_type}};
constexpr Type job_progress_type{
    .kind = TypeKind::object, .name = "BLOCK_JOB-data", .members = job_progress_members};
constexpr Member job_pending_members[] = {{"type", &string_type, true}, {"id", &string_type, true}};
constexpr Type job_pending_type{
    .kind = TypeKind::object, .name = "BLOCK_JOB_PENDING-data", .members = job_pending_members};
constexpr Member job_error_members[] = {{"device", &string_type, true},
                                        {"operation", &string_type, true},
                                        {"action", &string_type, true}};
constexpr Type job_error_type{
    .kind = TypeKind::object, .name = "BLOCK_JOB_ERROR-data", .members = job_error_members};

constexpr Member threshold_event_members[] = {{"node-name", &string_type, true},
                                              {"amount-exceeded", &integer_type, true},
                                              {"write-threshold", &integer_type, true}};
constexpr Type threshold_event_type{.kind = TypeKind::object,
                                    .name = "BLOCK_WRITE_THRESHOLD-data",
                                    .members = threshold_event_members};

CommandResult query_schema(Control&, const Json&) {
  Introspection schema;
  for (const Command* const command : commands())
    schema.add_command(command->name, *command->arguments, *command->returns);
  schema.add_event("BLOCK_EXPORT_DELETED", export_deleted_type);
  schema.add_event("JOB_STATUS_CHANGE", job_status_type);
  for (const char* const event : {"BLOCK_JOB_READY", "BLOCK_JOB_COMPLETED", "BLOCK_JOB_CANCELLED"})
    schema.add_event(event, job_progress_type);
  schema.add_event("BLOCK_JOB_PENDING", job_pending_type);
  schema.add_event("BLOCK_JOB_ERROR", job_error_type);
  schema.add_event("BLOCK_WRITE_THRESHOLD", threshold_event_type);
  return schema.take();
}

CommandResult quit(Control& control, const Json&) LV_MAIN_LOOP {
  control.request_stop();
  return Json::object();
}

const Member negotiate_members[] = {{"enable", &strings_type}};
const Type negotiate_type{
    .kind = TypeKind::object, .name = "qmp_capabilities-arguments", .members = negotiate_members};

// A client that has not done it is answered by its connection.
CommandResult negotiated_already(Control&, const Json&) {
  return std::unexpected(CommandError{
      "CommandNotFound", "Capabilities negotiation is already complete, command ignored"});
}

// --- objects -------------------------------------------------------------------------------------

CommandResult LV_NO_COROUTINE_FN add_object(Control& control, const Json& arguments) LV_MAIN_LOOP {
  return command_result(control.objects().add(arguments));
}

constexpr Member delete_object_members[] = {{"id", &string_type, true}};
constexpr Type delete_object_type{
    .kind = TypeKind::object, .name = "object-del-arguments", .members = delete_object_members};

CommandResult LV_NO_COROUTINE_FN delete_object(Control& control,
                                               const Json& arguments) LV_MAIN_LOOP {
  const auto id = arguments["id"].get<std::string>();
  if (const auto thread = control.objects().thread(id)) {
    // Its end would wait for them.
    const MainGraphReadLock lock;
    for (const auto& node : control.nodes().graph().nodes())
      if (&node->context() == &(*thread)->context())
        return command_error("the object '" + id + "' is in use: it is the home of " +
                             node->describe() + ".");
  }
  return command_result(control.objects().remove(id));
}

const Command general_table[] = {
    {.name = "object-add", .arguments = &object_options_type, .run = add_object},
    {.name = "object-del", .arguments = &delete_object_type, .run = delete_object},
    {.name = "qmp_capabilities", .arguments = &negotiate_type, .run = negotiated_already},
    {.name = "query-commands",
     .arguments = &empty_type,
     .returns = &command_infos_type,
     .run = query_commands_by_name},
    {.name = "query-qmp-schema",
     .arguments = &empty_type,
     .returns = &schema_infos_type,
     .run = query_schema},
    {.name = "query-status",
     .arguments = &empty_type,
     .returns = &status_info_type,
     .run = query_status},
    {.name = "query-version",
     .arguments = &empty_type,
     .returns = &version_info_type,
     .run = query_version},
    {.name = "quit", .arguments = &empty_type, .run = quit},
};

} // namespace

Json version_of(const Control& control) {
  const auto& [program, version, log] = control.options();
  return {{"qemu", {{"major", version.major}, {"minor", version.minor}, {"micro", version.micro}}},
          {"package", program}};
}

std::span<const Command> general_commands() {
  return general_table;
}

} // namespace lockvet::runtime::control
