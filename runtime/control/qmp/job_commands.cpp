// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Commands that begin jobs, and those by which a user has a say in them (QEMU's qapi/job.json, and
// the older ones of block-core.json, which call a job's name its device).

#include "runtime/control/block/create_job.h"
#include "runtime/control/qmp/command_tables.h"
#include "runtime/control/qmp/transaction.h"
#include "runtime/control/schema/block_types.h"
#include "runtime/control/schema/query_types.h"
#include "runtime/jobs/backup.h"
#include "runtime/jobs/commit.h"
#include "runtime/jobs/mirror.h"
#include "runtime/jobs/stream.h"

namespace lockvet::runtime::control {

namespace {

constexpr std::string_view on_errors[] = {"report", "ignore", "enospc", "stop"};
constexpr Type on_error_type{
    .kind = TypeKind::enumeration, .name = "BlockdevOnError", .values = on_errors};
constexpr std::string_view mirror_syncs[] = {"top", "full", "none"};
constexpr Type mirror_sync_type{
    .kind = TypeKind::enumeration, .name = "MirrorSyncMode", .values = mirror_syncs};
constexpr std::string_view backup_syncs[] = {"top", "full", "none", "incremental"};
constexpr Type backup_sync_type{
    .kind = TypeKind::enumeration, .name = "BackupSyncMode", .values = backup_syncs};
constexpr std::string_view copy_modes[] = {"background", "write-blocking"};
constexpr Type copy_mode_type{
    .kind = TypeKind::enumeration, .name = "MirrorCopyMode", .values = copy_modes};
constexpr std::string_view bitmap_modes[] = {"on-success", "never"};
constexpr Type bitmap_mode_type{
    .kind = TypeKind::enumeration, .name = "BitmapSyncMode", .values = bitmap_modes};

constexpr Member mirror_members[] = {
    {"job-id", &string_type, true},      {"device", &string_type, true},
    {"target", &string_type, true},      {"sync", &mirror_sync_type, true},
    {"copy-mode", &copy_mode_type},      {"granularity", &size_type},
    {"filter-node-name", &string_type},  {"speed", &size_type},
    {"on-source-error", &on_error_type}, {"on-target-error", &on_error_type},
    {"auto-finalize", &boolean_type},    {"auto-dismiss", &boolean_type}};
constexpr Type mirror_type{
    .kind = TypeKind::object, .name = "blockdev-mirror-arguments", .members = mirror_members};
constexpr Member backup_members[] = {{"job-id", &string_type, true},
                                     {"device", &string_type, true},
                                     {"target", &string_type, true},
                                     {"sync", &backup_sync_type, true},
                                     {"bitmap", &string_type},
                                     {"bitmap-mode", &bitmap_mode_type},
                                     {"filter-node-name", &string_type},
                                     {"speed", &size_type},
                                     {"on-source-error", &on_error_type},
                                     {"on-target-error", &on_error_type},
                                     {"auto-finalize", &boolean_type},
                                     {"auto-dismiss", &boolean_type}};
constexpr Type backup_type{
    .kind = TypeKind::object, .name = "BlockdevBackup", .members = backup_members};
constexpr Member stream_members[] = {
    {"job-id", &string_type, true},   {"device", &string_type, true}, {"base-node", &string_type},
    {"backing-file", &string_type},   {"speed", &size_type},          {"on-error", &on_error_type},
    {"auto-finalize", &boolean_type}, {"auto-dismiss", &boolean_type}};
constexpr Type stream_type{
    .kind = TypeKind::object, .name = "block-stream-arguments", .members = stream_members};
constexpr Member commit_members[] = {{"job-id", &string_type, true},
                                     {"device", &string_type, true},
                                     {"top-node", &string_type},
                                     {"base-node", &string_type, true},
                                     {"backing-file", &string_type},
                                     {"filter-node-name", &string_type},
                                     {"speed", &size_type},
                                     {"on-error", &on_error_type},
                                     {"auto-finalize", &boolean_type},
                                     {"auto-dismiss", &boolean_type}};
constexpr Type commit_type{
    .kind = TypeKind::object, .name = "block-commit-arguments", .members = commit_members};
constexpr Member create_job_members[] = {{"job-id", &string_type, true},
                                         {"options", &blockdev_create_options_type, true}};
const Type create_type{
    .kind = TypeKind::object, .name = "blockdev-create-arguments", .members = create_job_members};

std::string text_or(const Json& arguments, std::string_view name, const std::string& otherwise) {
  const Json* const found = find_member(arguments, name);
  return found == nullptr ? otherwise : found->get<std::string>();
}

OnError on_error(const Json& arguments, std::string_view name) {
  const std::string policy = text_or(arguments, name, "report");
  return policy == "ignore"   ? OnError::ignore
         : policy == "enospc" ? OnError::enospc
         : policy == "stop"   ? OnError::stop
                              : OnError::report;
}

JobOptions job_options(const Json& arguments) {
  const auto flag = [&](std::string_view name) {
    const Json* const found = find_member(arguments, name);
    return found == nullptr || found->get<bool>();
  };
  JobOptions options{.id = arguments["job-id"].get<std::string>(),
                     .auto_finalize = flag("auto-finalize"),
                     .auto_dismiss = flag("auto-dismiss")};
  if (const Json* const speed = find_member(arguments, "speed"))
    options.speed = speed->get<uint64_t>();
  // A job of one disk has one policy.
  const std::string_view of_all = "on-error";
  options.on_source_error =
      on_error(arguments, arguments.contains(of_all) ? of_all : "on-source-error");
  options.on_target_error =
      on_error(arguments, arguments.contains(of_all) ? of_all : "on-target-error");
  return options;
}

std::optional<std::string> optional_text(const Json& arguments, std::string_view name) {
  const Json* const found = find_member(arguments, name);
  return found == nullptr ? std::nullopt : std::optional(found->get<std::string>());
}

std::optional<BackingFileName> backing_file(const Json& arguments) {
  const Json* const name = find_member(arguments, "backing-file");
  if (name == nullptr)
    return std::nullopt;
  return BackingFileName{name->get<std::string>(), {}};
}

CommandResult LV_NO_COROUTINE_FN mirror(Control& control,
                                        const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  MirrorOptions options{.node = arguments["device"].get<std::string>(),
                        .target = arguments["target"].get<std::string>(),
                        .filter_name = optional_text(arguments, "filter-node-name")};
  const Json& sync = arguments["sync"];
  options.sync = sync == "top"    ? MirrorOptions::Sync::top
                 : sync == "none" ? MirrorOptions::Sync::none
                                  : MirrorOptions::Sync::full;
  if (text_or(arguments, "copy-mode", "background") == "write-blocking")
    options.copy_mode = MirrorOptions::CopyMode::write_blocking;
  if (const Json* const granularity = find_member(arguments, "granularity"))
    options.granularity = granularity->get<uint64_t>();
  return command_result(start_mirror(control.jobs(), job_options(arguments), options));
}

BackupOptions backup_options(const Json& arguments) {
  BackupOptions options{.node = arguments["device"].get<std::string>(),
                        .target = arguments["target"].get<std::string>(),
                        .bitmap = optional_text(arguments, "bitmap"),
                        .filter_name = optional_text(arguments, "filter-node-name")};
  const Json& sync = arguments["sync"];
  options.sync = sync == "top"           ? BackupOptions::Sync::top
                 : sync == "none"        ? BackupOptions::Sync::none
                 : sync == "incremental" ? BackupOptions::Sync::incremental
                                         : BackupOptions::Sync::full;
  if (text_or(arguments, "bitmap-mode", "on-success") == "never")
    options.bitmap_mode = BackupOptions::BitmapMode::never;
  return options;
}

CommandResult LV_NO_COROUTINE_FN backup(Control& control,
                                        const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  return command_result(
      start_backup(control.jobs(), job_options(arguments), backup_options(arguments)));
}

constexpr Member backup_wrapper_members[] = {{"data", &backup_type, true}};
constexpr Type backup_wrapper{
    .kind = TypeKind::object, .name = "BlockdevBackupWrapper", .members = backup_wrapper_members};

// It runs when all others have happened, too.
GraphResult<ActionDone> LV_NO_COROUTINE_FN
backup_action(const ActionPlace& place, const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  Jobs& jobs = place.control.jobs();
  JobOptions options = job_options(arguments);
  options.group = place.group;
  if (auto prepared =
          jobs.prepare(make_backup(jobs, options.id, backup_options(arguments)), options);
      !prepared)
    return std::unexpected(std::move(prepared.error()));
  return ActionDone{.undo =
                        [&jobs, id = options.id] {
                          MainLoop::assert_here();
                          jobs.take_back(id);
                        },
                    .commit =
                        [&jobs, id = options.id] {
                          MainLoop::assert_here();
                          // The main loop's context, in which it runs, is there.
                          (void)jobs.run(id);
                        }};
}

constexpr TransactionAction job_action_table[] = {
    {"blockdev-backup", &backup_wrapper, "device", backup_action},
};

CommandResult LV_NO_COROUTINE_FN stream(Control& control,
                                        const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const StreamOptions options{.node = arguments["device"].get<std::string>(),
                              .base = optional_text(arguments, "base-node"),
                              .backing_file = backing_file(arguments)};
  return command_result(start_stream(control.jobs(), job_options(arguments), options));
}

CommandResult LV_NO_COROUTINE_FN commit(Control& control,
                                        const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const CommitOptions options{
      .top = text_or(arguments, "top-node", arguments["device"].get<std::string>()),
      .base = arguments["base-node"].get<std::string>(),
      .backing_file = backing_file(arguments),
      .filter_name = optional_text(arguments, "filter-node-name")};
  return command_result(start_commit(control.jobs(), job_options(arguments), options));
}

CommandResult LV_NO_COROUTINE_FN create(Control& control,
                                        const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  return command_result(
      start_create(control, arguments["job-id"].get<std::string>(), arguments["options"]));
}

// --- verbs ---------------------------------------------------------------------------------------

constexpr Member id_members[] = {{"id", &string_type, true}};
constexpr Type id_type{.kind = TypeKind::object, .name = "job-arguments", .members = id_members};
constexpr Member device_members[] = {{"device", &string_type, true}};
constexpr Type device_type{
    .kind = TypeKind::object, .name = "block-job-arguments", .members = device_members};
constexpr Member cancel_members[] = {{"device", &string_type, true}, {"force", &boolean_type}};
constexpr Type cancel_type{
    .kind = TypeKind::object, .name = "block-job-cancel-arguments", .members = cancel_members};
constexpr Member speed_members[] = {{"device", &string_type, true}, {"speed", &size_type, true}};
constexpr Type speed_type{
    .kind = TypeKind::object, .name = "block-job-set-speed-arguments", .members = speed_members};

// Both kinds of commands name the job, each in its own way.
std::string id_of(const Json& arguments) {
  const Json* const id = find_member(arguments, "id");
  return (id != nullptr ? *id : arguments["device"]).get<std::string>();
}

CommandResult verb_result(Control& control, const std::string& id,
                          const GraphResult<>& result) LV_MAIN_LOOP {
  if (!result && !control.jobs().find(id))
    return std::unexpected(CommandError{"DeviceNotActive", result.error().message});
  return command_result(result);
}

template <GraphResult<> (Jobs::*Verb)(std::string_view)>
CommandResult LV_NO_COROUTINE_FN run_verb(Control& control,
                                          const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const std::string id = id_of(arguments);
  return verb_result(control, id, (control.jobs().*Verb)(id));
}

// A mirror that is ready keeps what it has, unless it is forced.
CommandResult LV_NO_COROUTINE_FN cancel_block_job(Control& control, const Json& arguments)
    LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const std::string id = id_of(arguments);
  const Json* const force = find_member(arguments, "force");
  return verb_result(control, id,
                     control.jobs().cancel(id, force != nullptr && force->get<bool>()));
}

CommandResult LV_NO_COROUTINE_FN cancel_job(Control& control,
                                            const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const std::string id = id_of(arguments);
  return verb_result(control, id, control.jobs().cancel(id));
}

CommandResult set_speed(Control& control, const Json& arguments) LV_MAIN_LOOP {
  const std::string id = id_of(arguments);
  return verb_result(control, id, control.jobs().set_speed(id, arguments["speed"].get<uint64_t>()));
}

CommandResult query_jobs(Control& control, const Json&) LV_MAIN_LOOP {
  Json infos = Json::array();
  for (const JobInfo& job : control.jobs().query()) {
    Json info = {{"id", job.id},
                 {"type", job.type},
                 {"status", to_string(job.status)},
                 {"current-progress", job.current},
                 {"total-progress", job.total}};
    if (!job.error.empty())
      info["error"] = job.error;
    infos.push_back(std::move(info));
  }
  return infos;
}

CommandResult query_block_jobs(Control& control, const Json&) LV_MAIN_LOOP {
  Json infos = Json::array();
  for (const JobInfo& job : control.jobs().query()) {
    if (job.type == create_job_type)
      continue;
    Json info = {{"device", job.id},
                 {"type", job.type},
                 {"status", to_string(job.status)},
                 {"offset", job.current},
                 {"len", job.total},
                 {"speed", job.speed},
                 {"busy", job.status == JobStatus::running},
                 {"paused", job.paused},
                 {"ready", job.ready},
                 {"io-status", "ok"},
                 {"auto-finalize", job.auto_finalize},
                 {"auto-dismiss", job.auto_dismiss}};
    if (!job.error.empty())
      info["error"] = job.error;
    infos.push_back(std::move(info));
  }
  return infos;
}

const Command job_table[] = {
    {.name = "block-commit", .arguments = &commit_type, .run = commit},
    {.name = "block-job-cancel", .arguments = &cancel_type, .run = cancel_block_job},
    {.name = "block-job-complete", .arguments = &device_type, .run = run_verb<&Jobs::complete>},
    {.name = "block-job-dismiss", .arguments = &id_type, .run = run_verb<&Jobs::dismiss>},
    {.name = "block-job-finalize", .arguments = &id_type, .run = run_verb<&Jobs::finalize>},
    {.name = "block-job-pause", .arguments = &device_type, .run = run_verb<&Jobs::pause>},
    {.name = "block-job-resume", .arguments = &device_type, .run = run_verb<&Jobs::resume>},
    {.name = "block-job-set-speed", .arguments = &speed_type, .run = set_speed},
    {.name = "block-stream", .arguments = &stream_type, .run = stream},
    {.name = "blockdev-backup", .arguments = &backup_type, .run = backup},
    {.name = "blockdev-create", .arguments = &create_type, .run = create},
    {.name = "blockdev-mirror", .arguments = &mirror_type, .run = mirror},
    {.name = "job-cancel", .arguments = &id_type, .run = cancel_job},
    {.name = "job-complete", .arguments = &id_type, .run = run_verb<&Jobs::complete>},
    {.name = "job-dismiss", .arguments = &id_type, .run = run_verb<&Jobs::dismiss>},
    {.name = "job-finalize", .arguments = &id_type, .run = run_verb<&Jobs::finalize>},
    {.name = "job-pause", .arguments = &id_type, .run = run_verb<&Jobs::pause>},
    {.name = "job-resume", .arguments = &id_type, .run = run_verb<&Jobs::resume>},
    {.name = "query-block-jobs",
     .arguments = &empty_type,
     .returns = &block_job_infos_type,
     .run = query_block_jobs},
    {.name = "query-jobs", .arguments = &empty_type, .returns = &job_infos_type, .run = query_jobs},
};

} // namespace

std::span<const Command> job_commands() {
  return job_table;
}

std::span<const TransactionAction> job_actions() {
  return job_action_table;
}

} // namespace lockvet::runtime::control
