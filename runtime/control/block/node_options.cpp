// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/block/node_options.h"

#include "runtime/control/schema/block_types.h"

#include <array>

namespace lockvet::runtime::control {

namespace {

template <typename Value> std::optional<Value> optional(const Json& object, std::string_view name) {
  const Json* const found = find_member(object, name);
  return found == nullptr ? std::nullopt : std::optional<Value>(found->get<Value>());
}

template <typename Value> Value value_or(const Json& object, std::string_view name, Value value) {
  return optional<Value>(object, name).value_or(std::move(value));
}

FileSettings file_settings(const Json& json) {
  FileSettings settings{.filename = json["filename"].get<std::string>()};
  const std::string engine = value_or<std::string>(json, "aio", "");
  if (engine == "threads")
    settings.engine = FileEngine::Choice::threads;
  else if (engine == "io_uring")
    settings.engine = FileEngine::Choice::io_uring;
  settings.lock = value_or<std::string>(json, "locking", "auto") != "off";
  return settings;
}

NullSettings null_settings(const Json& json) {
  NullSettings settings;
  settings.size = value_or(json, "size", settings.size);
  settings.latency_nanoseconds = value_or<uint64_t>(json, "latency-ns", 0);
  settings.read_zeroes = value_or(json, "read-zeroes", false);
  return settings;
}

// As BlockEvent has them, which takes its names from QEMU.
std::optional<BlockEvent> event_of(const Json& name, const Type& events) {
  for (size_t number = 1; number < events.values.size(); ++number)
    if (name == events.values[number])
      return static_cast<BlockEvent>(number - 1);
  return std::nullopt;
}

const Type* member_type(const Type& object, std::string_view name) {
  for (const Member& member : object.members)
    if (member.name == name)
      return member.type;
  return nullptr;
}

const Type& variant_type(const Type& object, std::string_view tag) {
  const Type* found = &object;
  for (const Variant& variant : object.variants)
    if (variant.tag == tag)
      found = variant.type;
  return *found;
}

BlkdebugSettings blkdebug_settings(const Json& json) {
  using Operation = BlkdebugDriver::Operation;
  constexpr std::array<std::pair<std::string_view, Operation>, 6> operations = {
      {{"read", Operation::read},
       {"write", Operation::write},
       {"write-zeroes", Operation::write_zeroes},
       {"discard", Operation::discard},
       {"flush", Operation::flush},
       {"block-status", Operation::block_status}}};
  const Type& events = *member_type(
      *member_type(variant_type(blockdev_options_type, "blkdebug"), "inject-error")->element,
      "event");
  BlkdebugSettings settings;
  for (const Json& one : value_or(json, "inject-error", Json::array())) {
    BlkdebugSettings::Inject inject;
    inject.event = event_of(one["event"], events);
    for (const auto& [name, operation] : operations)
      if (value_or<std::string>(one, "iotype", "") == name)
        inject.operations = operation;
    inject.error_number = value_or(one, "errno", EIO);
    inject.sector = optional<uint64_t>(one, "sector");
    inject.once = value_or(one, "once", false);
    settings.errors.push_back(inject);
  }
  return settings;
}

std::expected<LogWritesSettings, std::string> log_settings(const Json& json) {
  const auto sector = value_or<uint64_t>(json, "log-sector-size", 512);
  if (sector < 512 || sector > (uint64_t{1} << 23) || (sector & (sector - 1)) != 0)
    return std::unexpected("'log-sector-size' is a power of two from 512 to 8388608.");
  return LogWritesSettings{static_cast<uint32_t>(sector),
                           value_or<uint64_t>(json, "log-super-update-interval", 4096)};
}

std::expected<NodeOptions::Settings, std::string> settings_of(const Json& json,
                                                              const std::string& driver) {
  if (driver == "file" || driver == "host_device")
    return file_settings(json);
  if (driver == "null-co" || driver == "null-aio")
    return null_settings(json);
  if (driver == "raw")
    return RawSettings{value_or<uint64_t>(json, "offset", 0), optional<uint64_t>(json, "size")};
  if (driver == "qcow2")
    return Qcow2Settings{optional<uint64_t>(json, "l2-cache-size"),
                         optional<uint64_t>(json, "refcount-cache-size")};
  if (driver == "throttle")
    return ThrottleSettings{json["throttle-group"].get<std::string>()};
  if (driver == "blkdebug")
    return blkdebug_settings(json);
  auto settings = log_settings(json);
  if (!settings)
    return std::unexpected(std::move(settings.error()));
  return *settings;
}

std::expected<ChildOption, std::string> child_option(const Json& json) {
  if (json.is_null())
    return ChildOption{};
  if (json.is_string())
    return ChildOption{json.get<std::string>(), nullptr};
  auto described = node_options(json);
  if (!described)
    return std::unexpected(std::move(described.error()));
  return ChildOption{{}, std::make_shared<const NodeOptions>(std::move(*described))};
}

} // namespace

std::expected<NodeOptions, std::string> node_options(const Json& conforming) {
  NodeOptions options;
  options.driver = conforming["driver"].get<std::string>();
  options.name = value_or<std::string>(conforming, "node-name", "");
  options.read_only = optional<bool>(conforming, "read-only");
  options.auto_read_only = optional<bool>(conforming, "auto-read-only");
  if (const Json* const cache = find_member(conforming, "cache")) {
    options.direct = optional<bool>(*cache, "direct");
    if (value_or(*cache, "no-flush", false))
      return std::unexpected("'cache.no-flush' can only be off: no flush is left out.");
  }
  auto settings = settings_of(conforming, options.driver);
  if (!settings)
    return std::unexpected(std::move(settings.error()));
  options.settings = std::move(*settings);
  for (const std::string_view name : {"file", "backing", "image", "log"}) {
    const Json* const child = find_member(conforming, name);
    if (child == nullptr)
      continue;
    auto option = child_option(*child);
    if (!option)
      return std::unexpected(std::move(option.error()));
    // What QEMU calls the image of a blkdebug is an edge like a filter's.
    options.children.emplace(name == "image" ? "file" : name, std::move(*option));
  }
  return options;
}

} // namespace lockvet::runtime::control
