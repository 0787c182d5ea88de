// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/schema/query_types.h"

namespace lockvet::runtime::control {

namespace answers {

constexpr Type object(std::string_view name, std::span<const Member> members) {
  return {.kind = TypeKind::object, .name = name, .members = members};
}
constexpr Type enumeration(std::string_view name, std::span<const std::string_view> values) {
  return {.kind = TypeKind::enumeration, .name = name, .values = values};
}
constexpr Type array(std::string_view name, const Type& element) {
  return {.kind = TypeKind::array, .name = name, .element = &element};
}

// --- the program ---------------------------------------------------------------------------------

constexpr Member version_triple_members[] = {
    {"major", &integer_type, true},
    {"minor", &integer_type, true},
    {"micro", &integer_type, true},
};
constexpr Type version_triple_type = object("VersionTriple", version_triple_members);
constexpr Member version_members[] = {
    {"qemu", &version_triple_type, true},
    {"package", &string_type, true},
};
constexpr Type version_type = object("VersionInfo", version_members);
constexpr std::string_view run_state_values[] = {"running", "shutdown"};
constexpr Type run_state_type = enumeration("RunState", run_state_values);
constexpr Member status_members[] = {
    {"running", &boolean_type, true},
    {"singlestep", &boolean_type, true},
    {"status", &run_state_type, true},
};
constexpr Type status_type = object("StatusInfo", status_members);
constexpr Member command_members[] = {
    {"name", &string_type, true},
};
constexpr Type command_type = object("CommandInfo", command_members);
constexpr Type commands_type = array("[CommandInfo]", command_type);
constexpr Member iothread_members[] = {
    {"id", &string_type, true},
    {"thread-id", &integer_type, true},
};
constexpr Type iothread_type = object("IOThreadInfo", iothread_members);
constexpr Type iothreads_type = array("[IOThreadInfo]", iothread_type);

// --- introspection -------------------------------------------------------------------------------

constexpr std::string_view meta_values[] = {"builtin",   "enum",    "array", "object",
                                            "alternate", "command", "event"};
constexpr Type meta_type = enumeration("SchemaMetaType", meta_values);
constexpr std::string_view json_kind_values[] = {"string", "number", "int",   "boolean",
                                                 "null",   "object", "array", "value"};
constexpr Type json_kind_type = enumeration("JSONType", json_kind_values);
constexpr Member builtin_members[] = {
    {"json-type", &json_kind_type, true},
};
constexpr Type builtin_type = object("SchemaInfoBuiltin", builtin_members);
constexpr Member enum_member_members[] = {
    {"name", &string_type, true},
};
constexpr Type enum_member_type = object("SchemaInfoEnumMember", enum_member_members);
constexpr Type enum_member_list_type = array("[SchemaInfoEnumMember]", enum_member_type);
constexpr Member enumeration_members[] = {
    {"members", &enum_member_list_type, true},
    {"values", &strings_type, true},
};
constexpr Type enumeration_type = object("SchemaInfoEnum", enumeration_members);
constexpr Member array_info_members[] = {
    {"element-type", &string_type, true},
};
constexpr Type array_info_type = object("SchemaInfoArray", array_info_members);
constexpr Member member_info_members[] = {
    {"name", &string_type, true},
    {"type", &string_type, true},
    {"default", &any_type},
};
constexpr Type member_info_type = object("SchemaInfoObjectMember", member_info_members);
constexpr Type member_info_list_type = array("[SchemaInfoObjectMember]", member_info_type);
constexpr Member variant_info_members[] = {
    {"case", &string_type, true},
    {"type", &string_type, true},
};
constexpr Type variant_info_type = object("SchemaInfoObjectVariant", variant_info_members);
constexpr Type variant_info_list_type = array("[SchemaInfoObjectVariant]", variant_info_type);
constexpr Member object_info_members[] = {
    {"members", &member_info_list_type, true},
    {"tag", &string_type},
    {"variants", &variant_info_list_type},
};
constexpr Type object_info_type = object("SchemaInfoObject", object_info_members);
constexpr Member alternate_member_members[] = {
    {"type", &string_type, true},
};
constexpr Type alternate_member_type =
    object("SchemaInfoAlternateMember", alternate_member_members);
constexpr Type alternate_member_list_type =
    array("[SchemaInfoAlternateMember]", alternate_member_type);
constexpr Member alternate_info_members[] = {
    {"members", &alternate_member_list_type, true},
};
constexpr Type alternate_info_type = object("SchemaInfoAlternate", alternate_info_members);
constexpr Member command_info_members[] = {
    {"arg-type", &string_type, true},
    {"ret-type", &string_type, true},
};
constexpr Type command_info_type = object("SchemaInfoCommand", command_info_members);
constexpr Member event_info_members[] = {
    {"arg-type", &string_type, true},
};
constexpr Type event_info_type = object("SchemaInfoEvent", event_info_members);
constexpr Member schema_members[] = {{"name", &string_type, true}, {"meta-type", &meta_type, true}};
constexpr Variant schema_variants[] = {
    {"builtin", &builtin_type},          {"enum", &enumeration_type},
    {"array", &array_info_type},         {"object", &object_info_type},
    {"alternate", &alternate_info_type}, {"command", &command_info_type},
    {"event", &event_info_type}};
constexpr Type schema_type{.kind = TypeKind::object,
                           .name = "SchemaInfo",
                           .members = schema_members,
                           .tag = "meta-type",
                           .variants = schema_variants};
constexpr Type schema_list_type = array("[SchemaInfo]", schema_type);

// --- nodes ---------------------------------------------------------------------------------------

constexpr Member cache_members[] = {
    {"writeback", &boolean_type, true},
    {"direct", &boolean_type, true},
    {"no-flush", &boolean_type, true},
};
constexpr Type cache_type = object("BlockdevCacheInfo", cache_members);
constexpr Member bitmap_members[] = {
    {"name", &string_type},
    {"count", &integer_type, true},
    {"granularity", &integer_type, true},
    {"recording", &boolean_type, true},
    {"busy", &boolean_type, true},
    {"persistent", &boolean_type, true},
    {"inconsistent", &boolean_type},
};
constexpr Type bitmap_type = object("BlockDirtyInfo", bitmap_members);
constexpr Type bitmap_list_type = array("[BlockDirtyInfo]", bitmap_type);
constexpr Member child_members[] = {
    {"child", &string_type, true},
    {"node-name", &string_type, true},
};
constexpr Type child_type = object("BlockdevChild", child_members);
constexpr Type child_list_type = array("[BlockdevChild]", child_type);
constexpr Member snapshot_members[] = {
    {"id", &string_type, true},
    {"name", &string_type, true},
    {"vm-state-size", &integer_type, true},
    {"date-sec", &integer_type, true},
    {"date-nsec", &integer_type, true},
    {"vm-clock-sec", &integer_type, true},
    {"vm-clock-nsec", &integer_type, true},
    {"icount", &integer_type},
};
constexpr Type snapshot_type = object("SnapshotInfo", snapshot_members);
constexpr Type snapshot_list_type = array("[SnapshotInfo]", snapshot_type);
constexpr Member image_members[] = {
    {"filename", &string_type, true},   {"format", &string_type, true},
    {"virtual-size", &integer_type},    {"backing-filename", &string_type},
    {"snapshots", &snapshot_list_type},
};
constexpr Type image_type = object("ImageInfo", image_members);
constexpr std::string_view zeroes_values[] = {"off", "on", "unmap"};
constexpr Type zeroes_type = enumeration("BlockdevDetectZeroesOptions", zeroes_values);
constexpr Member device_members[] = {
    {"node-name", &string_type, true},
    {"drv", &string_type, true},
    {"file", &string_type, true},
    {"backing_file", &string_type},
    {"ro", &boolean_type, true},
    {"encrypted", &boolean_type, true},
    {"backing_file_depth", &integer_type, true},
    {"detect_zeroes", &zeroes_type, true},
    {"write_threshold", &integer_type, true},
    {"cache", &cache_type, true},
    {"bps", &integer_type, true},
    {"bps_rd", &integer_type, true},
    {"bps_wr", &integer_type, true},
    {"iops", &integer_type, true},
    {"iops_rd", &integer_type, true},
    {"iops_wr", &integer_type, true},
    {"dirty-bitmaps", &bitmap_list_type, true},
    {"children", &child_list_type, true},
    {"image", &image_type, true},
};
constexpr Type device_type = object("BlockDeviceInfo", device_members);
constexpr Type device_list_type = array("[BlockDeviceInfo]", device_type);
constexpr Type integer_list_type = array("[int]", integer_type);
constexpr Member histogram_members[] = {
    {"boundaries", &integer_list_type, true},
    {"bins", &integer_list_type, true},
};
constexpr Type histogram_type = object("BlockLatencyHistogramInfo", histogram_members);
constexpr Member device_stats_members[] = {
    {"rd_operations", &integer_type, true},
    {"failed_rd_operations", &integer_type, true},
    {"rd_bytes", &integer_type, true},
    {"rd_total_time_ns", &integer_type},
    {"rd_latency_histogram", &histogram_type},
    {"wr_operations", &integer_type, true},
    {"failed_wr_operations", &integer_type, true},
    {"wr_bytes", &integer_type, true},
    {"wr_total_time_ns", &integer_type},
    {"wr_latency_histogram", &histogram_type},
    {"flush_operations", &integer_type, true},
    {"failed_flush_operations", &integer_type, true},
    {"flush_total_time_ns", &integer_type},
    {"flush_latency_histogram", &histogram_type},
    {"unmap_operations", &integer_type, true},
    {"failed_unmap_operations", &integer_type, true},
    {"unmap_bytes", &integer_type, true},
    {"unmap_total_time_ns", &integer_type},
};
constexpr Type device_stats_type = object("BlockDeviceStats", device_stats_members);
constexpr Member stats_members[] = {
    {"device", &string_type},
    {"node-name", &string_type},
    {"stats", &device_stats_type, true},
};
constexpr Type stats_type = object("BlockStats", stats_members);
constexpr Type stats_list_type = array("[BlockStats]", stats_type);

// --- jobs and exports ----------------------------------------------------------------------------

constexpr std::string_view job_kind_values[] = {"commit", "stream", "mirror", "backup", "create"};
constexpr Type job_kind_type = enumeration("JobType", job_kind_values);
constexpr std::string_view job_status_values[] = {"created",   "running", "paused",  "ready",
                                                  "standby",   "waiting", "pending", "aborting",
                                                  "concluded", "null"};
constexpr Type job_status_type = enumeration("JobStatus", job_status_values);
constexpr Member job_members[] = {
    {"id", &string_type, true},
    {"type", &job_kind_type, true},
    {"status", &job_status_type, true},
    {"current-progress", &integer_type, true},
    {"total-progress", &integer_type, true},
    {"error", &string_type},
};
constexpr Type job_type = object("JobInfo", job_members);
constexpr Type job_list_type = array("[JobInfo]", job_type);
constexpr std::string_view io_status_values[] = {"ok", "failed", "nospace"};
constexpr Type io_status_type = enumeration("BlockDeviceIoStatus", io_status_values);
constexpr Member block_job_members[] = {
    {"device", &string_type, true},
    {"type", &job_kind_type, true},
    {"status", &job_status_type, true},
    {"offset", &integer_type, true},
    {"len", &integer_type, true},
    {"speed", &integer_type, true},
    {"busy", &boolean_type, true},
    {"paused", &boolean_type, true},
    {"ready", &boolean_type, true},
    {"io-status", &io_status_type, true},
    {"auto-finalize", &boolean_type, true},
    {"auto-dismiss", &boolean_type, true},
    {"error", &string_type},
};
constexpr Type block_job_type = object("BlockJobInfo", block_job_members);
constexpr Type block_job_list_type = array("[BlockJobInfo]", block_job_type);
constexpr Member export_members[] = {
    {"id", &string_type, true},
    {"type", &string_type, true},
    {"node-name", &string_type, true},
    {"shutting-down", &boolean_type, true},
};
constexpr Type export_type = object("BlockExportInfo", export_members);
constexpr Type export_list_type = array("[BlockExportInfo]", export_type);

} // namespace answers

const Type version_info_type = answers::version_type;
const Type status_info_type = answers::status_type;
const Type command_infos_type = answers::commands_type;
const Type schema_infos_type = answers::schema_list_type;
const Type iothread_infos_type = answers::iothreads_type;
const Type block_export_infos_type = answers::export_list_type;
const Type block_device_infos_type = answers::device_list_type;
const Type block_stats_list_type = answers::stats_list_type;
const Type job_infos_type = answers::job_list_type;
const Type block_job_infos_type = answers::block_job_list_type;

} // namespace lockvet::runtime::control
