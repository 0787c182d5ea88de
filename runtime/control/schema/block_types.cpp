// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/schema/block_types.h"

namespace lockvet::runtime::control {

namespace {

constexpr Type enumeration(std::string_view name, std::span<const std::string_view> values) {
  return {.kind = TypeKind::enumeration, .name = name, .values = values};
}

constexpr Type object(std::string_view name, std::span<const Member> members) {
  return {.kind = TypeKind::object, .name = name, .members = members};
}

// --- nodes ---------------------------------------------------------------------------------------

extern const Type blockdev_ref_type;
extern const Type blockdev_ref_or_null_type;

constexpr std::string_view drivers[] = {"blkdebug",    "blklogwrites", "file",
                                        "host_device", "null-aio",     "null-co",
                                        "qcow2",       "raw",          "throttle"};
constexpr Type driver_type = enumeration("BlockdevDriver", drivers);
// To ignore discards is not offered: who sends one wants it done.
constexpr std::string_view discards[] = {"unmap"};
constexpr Type discard_type = enumeration("BlockdevDiscardOptions", discards);
constexpr std::string_view detections[] = {"off"};
constexpr Type detect_zeroes_type = enumeration("BlockdevDetectZeroesOptions", detections);
constexpr std::string_view engines[] = {"threads", "io_uring"};
constexpr Type aio_type = enumeration("BlockdevAioOptions", engines);
constexpr std::string_view on_off_auto[] = {"auto", "on", "off"};
constexpr Type on_off_auto_type = enumeration("OnOffAuto", on_off_auto);

constexpr Member cache_members[] = {{"direct", &boolean_type}, {"no-flush", &boolean_type}};
constexpr Type cache_type = object("BlockdevCacheOptions", cache_members);

constexpr Member file_members[] = {
    {"filename", &string_type, true}, {"aio", &aio_type}, {"locking", &on_off_auto_type}};
constexpr Type file_type = object("BlockdevOptionsFile", file_members);

constexpr Member null_members[] = {
    {"size", &size_type}, {"latency-ns", &size_type}, {"read-zeroes", &boolean_type}};
constexpr Type null_driver_type = object("BlockdevOptionsNull", null_members);

constexpr Member raw_members[] = {
    {"file", &blockdev_ref_type, true}, {"offset", &size_type}, {"size", &size_type}};
constexpr Type raw_type = object("BlockdevOptionsRaw", raw_members);

constexpr Member qcow2_members[] = {{"file", &blockdev_ref_type, true},
                                    {"backing", &blockdev_ref_or_null_type},
                                    {"l2-cache-size", &size_type},
                                    {"refcount-cache-size", &size_type}};
constexpr Type qcow2_type = object("BlockdevOptionsQcow2", qcow2_members);

constexpr Member throttle_members[] = {{"throttle-group", &string_type, true},
                                       {"file", &blockdev_ref_type, true}};
constexpr Type throttle_type = object("BlockdevOptionsThrottle", throttle_members);

constexpr std::string_view io_types[] = {"read",    "write", "write-zeroes",
                                         "discard", "flush", "block-status"};
constexpr Type io_type_type = enumeration("BlkdebugIOType", io_types);
constexpr std::string_view events[] = {"none",
                                       "l1_update",
                                       "l1_grow_alloc_table",
                                       "l1_grow_write_table",
                                       "l1_grow_activate_table",
                                       "l2_load",
                                       "l2_update",
                                       "l2_alloc_write",
                                       "read_aio",
                                       "read_backing_aio",
                                       "read_compressed",
                                       "write_aio",
                                       "write_compressed",
                                       "cow_read",
                                       "reftable_load",
                                       "reftable_grow",
                                       "refblock_load",
                                       "refblock_update_part",
                                       "refblock_alloc",
                                       "refblock_alloc_hookup",
                                       "refblock_alloc_write_blocks",
                                       "refblock_alloc_write_table",
                                       "refblock_alloc_switch_table",
                                       "cluster_alloc",
                                       "cluster_alloc_bytes",
                                       "cluster_free",
                                       "flush_to_os",
                                       "flush_to_disk"};
constexpr Type event_type = enumeration("BlkdebugEvent", events);
constexpr Member inject_members[] = {{"event", &event_type, true},
                                     {"iotype", &io_type_type},
                                     {"errno", &integer_type},
                                     {"sector", &size_type},
                                     {"once", &boolean_type}};
constexpr Type inject_type = object("BlkdebugInjectErrorOptions", inject_members);
constexpr Type injects_type{
    .kind = TypeKind::array, .name = "[BlkdebugInjectErrorOptions]", .element = &inject_type};
constexpr Member blkdebug_members[] = {{"image", &blockdev_ref_type, true},
                                       {"inject-error", &injects_type}};
constexpr Type blkdebug_type = object("BlockdevOptionsBlkdebug", blkdebug_members);

constexpr Member blklogwrites_members[] = {{"file", &blockdev_ref_type, true},
                                           {"log", &blockdev_ref_type, true},
                                           {"log-sector-size", &size_type},
                                           {"log-super-update-interval", &size_type}};
constexpr Type blklogwrites_type = object("BlockdevOptionsBlklogwrites", blklogwrites_members);

constexpr Member node_members[] = {{"driver", &driver_type, true},
                                   {"node-name", &string_type},
                                   {"read-only", &boolean_type},
                                   {"auto-read-only", &boolean_type},
                                   {"discard", &discard_type},
                                   {"cache", &cache_type},
                                   {"detect-zeroes", &detect_zeroes_type}};
constexpr Variant node_variants[] = {{"blkdebug", &blkdebug_type},
                                     {"blklogwrites", &blklogwrites_type},
                                     {"file", &file_type},
                                     {"host_device", &file_type},
                                     {"null-aio", &null_driver_type},
                                     {"null-co", &null_driver_type},
                                     {"qcow2", &qcow2_type},
                                     {"raw", &raw_type},
                                     {"throttle", &throttle_type}};

// Where an empty text may stand for null it does.
const Type* const references[] = {&blockdev_options_type, &string_type};
const Type blockdev_ref_type{
    .kind = TypeKind::alternative, .name = "BlockdevRef", .alternatives = references};
const Type* const references_or_null[] = {&blockdev_options_type, &null_type, &string_type};
const Type blockdev_ref_or_null_type{
    .kind = TypeKind::alternative, .name = "BlockdevRefOrNull", .alternatives = references_or_null};

// --- new images ----------------------------------------------------------------------------------

constexpr std::string_view create_drivers[] = {"file", "qcow2"};
constexpr Type create_driver_type = enumeration("BlockdevCreateDriver", create_drivers);
constexpr std::string_view versions[] = {"v2", "v3"};
constexpr Type version_type = enumeration("BlockdevQcow2Version", versions);
constexpr std::string_view compressions[] = {"zlib", "zstd"};
constexpr Type compression_type = enumeration("Qcow2CompressionType", compressions);
constexpr Member create_members[] = {{"driver", &create_driver_type, true}};
constexpr Member create_file_members[] = {{"filename", &string_type, true},
                                          {"size", &size_type, true}};
constexpr Type create_file_type = object("BlockdevCreateOptionsFile", create_file_members);
constexpr Member create_qcow2_members[] = {
    {"file", &string_type, true},     {"size", &size_type, true},
    {"version", &version_type},       {"backing-file", &string_type},
    {"backing-fmt", &driver_type},    {"cluster-size", &size_type},
    {"refcount-bits", &integer_type}, {"compression-type", &compression_type}};
constexpr Type create_qcow2_type = object("BlockdevCreateOptionsQcow2", create_qcow2_members);
constexpr Variant create_variants[] = {{"file", &create_file_type}, {"qcow2", &create_qcow2_type}};

// --- objects -------------------------------------------------------------------------------------

constexpr std::string_view object_kinds[] = {"iothread", "secret", "throttle-group",
                                             "tls-creds-psk", "tls-creds-x509"};
constexpr Type object_kind_type = enumeration("ObjectType", object_kinds);
constexpr Member object_members[] = {{"qom-type", &object_kind_type, true},
                                     {"id", &string_type, true}};

constexpr Member iothread_members[] = {{"poll-max-ns", &size_type}};
constexpr Type iothread_type = object("IothreadProperties", iothread_members);

constexpr std::string_view secret_formats[] = {"raw"};
constexpr Type secret_format_type = enumeration("QCryptoSecretFormat", secret_formats);
constexpr Member secret_members[] = {
    {"data", &string_type}, {"file", &string_type}, {"format", &secret_format_type}};
constexpr Type secret_type = object("SecretProperties", secret_members);

constexpr Member limit_members[] = {
    {"bps-total", &size_type},      {"bps-read", &size_type},      {"bps-write", &size_type},
    {"iops-total", &size_type},     {"iops-read", &size_type},     {"iops-write", &size_type},
    {"bps-total-max", &size_type},  {"bps-read-max", &size_type},  {"bps-write-max", &size_type},
    {"iops-total-max", &size_type}, {"iops-read-max", &size_type}, {"iops-write-max", &size_type}};
constexpr Type limits_type = object("ThrottleLimits", limit_members);
constexpr Member group_members[] = {
    {"limits", &limits_type},         {"x-bps-total", &size_type},
    {"x-bps-read", &size_type},       {"x-bps-write", &size_type},
    {"x-iops-total", &size_type},     {"x-iops-read", &size_type},
    {"x-iops-write", &size_type},     {"x-bps-total-max", &size_type},
    {"x-bps-read-max", &size_type},   {"x-bps-write-max", &size_type},
    {"x-iops-total-max", &size_type}, {"x-iops-read-max", &size_type},
    {"x-iops-write-max", &size_type}};
constexpr Type group_type = object("ThrottleGroupProperties", group_members);

constexpr std::string_view endpoints[] = {"server"};
constexpr Type endpoint_type = enumeration("QCryptoTLSCredsEndpoint", endpoints);
constexpr Member x509_members[] = {{"dir", &string_type, true},
                                   {"endpoint", &endpoint_type},
                                   {"verify-peer", &boolean_type},
                                   {"priority", &string_type}};
constexpr Type x509_type = object("TlsCredsX509Properties", x509_members);
constexpr Member psk_members[] = {
    {"dir", &string_type, true}, {"endpoint", &endpoint_type}, {"priority", &string_type}};
constexpr Type psk_type = object("TlsCredsPskProperties", psk_members);

constexpr Variant object_variants[] = {{"iothread", &iothread_type},
                                       {"secret", &secret_type},
                                       {"throttle-group", &group_type},
                                       {"tls-creds-psk", &psk_type},
                                       {"tls-creds-x509", &x509_type}};

// --- exports -------------------------------------------------------------------------------------

constexpr std::string_view export_kinds[] = {"nbd", "vhost-user-blk"};
constexpr Type export_kind_type = enumeration("BlockExportType", export_kinds);
// One, or several over which the connections are distributed in turn.
const Type* const iothreads[] = {&string_type, &strings_type};
const Type iothreads_type{
    .kind = TypeKind::alternative, .name = "ExportIothreads", .alternatives = iothreads};
constexpr Member export_members[] = {
    {"type", &export_kind_type, true}, {"id", &string_type, true},
    {"node-name", &string_type, true}, {"writable", &boolean_type},
    {"iothread", &iothreads_type},     {"fixed-iothread", &boolean_type}};
constexpr Member nbd_members[] = {
    {"name", &string_type}, {"description", &string_type}, {"bitmaps", &strings_type}};
constexpr Type nbd_type = object("BlockExportOptionsNbd", nbd_members);
constexpr Type queue_numbers_type{.kind = TypeKind::array, .name = "[size]", .element = &size_type};
constexpr Member mapping_members[] = {{"iothread", &string_type, true},
                                      {"vqs", &queue_numbers_type}};
constexpr Type mapping_type = object("IOThreadVirtQueueMapping", mapping_members);
constexpr Type mappings_type{
    .kind = TypeKind::array, .name = "[IOThreadVirtQueueMapping]", .element = &mapping_type};
constexpr Member vhost_user_members[] = {{"addr", &socket_address_type, true},
                                         {"num-queues", &size_type},
                                         {"iothread-vq-mapping", &mappings_type}};
constexpr Type vhost_user_type = object("BlockExportOptionsVhostUserBlk", vhost_user_members);
constexpr Variant export_variants[] = {{"nbd", &nbd_type}, {"vhost-user-blk", &vhost_user_type}};

// --- addresses -----------------------------------------------------------------------------------

constexpr std::string_view address_kinds[] = {"inet", "unix"};
constexpr Type address_kind_type = enumeration("SocketAddressType", address_kinds);
constexpr Member inet_members[] = {{"host", &string_type, true}, {"port", &string_type, true}};
constexpr Type inet_type = object("InetSocketAddress", inet_members);
constexpr Member unix_members[] = {{"path", &string_type, true}};
constexpr Type unix_type = object("UnixSocketAddress", unix_members);
constexpr Member address_members[] = {{"type", &address_kind_type, true}};
constexpr Variant address_variants[] = {{"inet", &inet_type}, {"unix", &unix_type}};
constexpr Member inet_wrapper_members[] = {{"data", &inet_type, true}};
constexpr Type inet_wrapper_type = object("InetSocketAddressWrapper", inet_wrapper_members);
constexpr Member unix_wrapper_members[] = {{"data", &unix_type, true}};
constexpr Type unix_wrapper_type = object("UnixSocketAddressWrapper", unix_wrapper_members);
constexpr Variant wrapped_variants[] = {{"inet", &inet_wrapper_type}, {"unix", &unix_wrapper_type}};

} // namespace

const Type blockdev_options_type{.kind = TypeKind::object,
                                 .name = "BlockdevOptions",
                                 .members = node_members,
                                 .tag = "driver",
                                 .variants = node_variants};
const Type blockdev_create_options_type{.kind = TypeKind::object,
                                        .name = "BlockdevCreateOptions",
                                        .members = create_members,
                                        .tag = "driver",
                                        .variants = create_variants};
const Type object_options_type{.kind = TypeKind::object,
                               .name = "ObjectOptions",
                               .members = object_members,
                               .tag = "qom-type",
                               .variants = object_variants};
const Type block_export_options_type{.kind = TypeKind::object,
                                     .name = "BlockExportOptions",
                                     .members = export_members,
                                     .tag = "type",
                                     .variants = export_variants};
const Type socket_address_type{.kind = TypeKind::object,
                               .name = "SocketAddress",
                               .members = address_members,
                               .tag = "type",
                               .variants = address_variants};
const Type socket_address_legacy_type{.kind = TypeKind::object,
                                      .name = "SocketAddressLegacy",
                                      .members = address_members,
                                      .tag = "type",
                                      .variants = wrapped_variants};

} // namespace lockvet::runtime::control
