// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/block/objects.h"

#include <fstream>
#include <iterator>

namespace lockvet::runtime::control {

namespace {

std::string text_or(const Json& json, std::string_view name, const char* otherwise) {
  const Json* const found = find_member(json, name);
  return found == nullptr ? otherwise : found->get<std::string>();
}

GraphResult<Objects::Thread> LV_NO_COROUTINE_FN make_thread(const Json& json) {
  AioContext::Options options;
  if (const Json* const limit = find_member(json, "poll-max-ns"))
    options.polling_limit = std::chrono::nanoseconds(limit->get<uint64_t>());
  const auto id = json["id"].get<std::string>();
  auto thread = IOThread::create(id, options);
  if (!thread)
    return std::unexpected(
        GraphError{thread.error(), "the thread of iothread '" + id +
                                       "' can't be made: " + thread.error().message() + "."});
  return Objects::Thread(std::move(*thread));
}

// As x-bps-total beside the members of an object, or as bps-total in its "limits".
TokenBucket::Limit limit_of(const Json& json, const std::string& name) {
  TokenBucket::Limit limit;
  const Json* const limits = find_member(json, "limits");
  const auto value = [&](const std::string& key) -> double {
    if (limits != nullptr)
      if (const Json* const found = find_member(*limits, key))
        return static_cast<double>(found->get<uint64_t>());
    const Json* const found = find_member(json, "x-" + key);
    return found == nullptr ? 0 : static_cast<double>(found->get<uint64_t>());
  };
  limit.rate = value(name);
  limit.burst = value(name + "-max");
  return limit;
}

Objects::Group make_group(const Json& json) {
  return std::make_shared<ThrottleGroup>(ThrottleLimits{
      .bytes = limit_of(json, "bps-total"),
      .bytes_read = limit_of(json, "bps-read"),
      .bytes_written = limit_of(json, "bps-write"),
      .requests = limit_of(json, "iops-total"),
      .reads = limit_of(json, "iops-read"),
      .writes = limit_of(json, "iops-write"),
  });
}

GraphResult<Objects::Secret> LV_NO_COROUTINE_FN make_secret(const Json& json) {
  const Json* const data = find_member(json, "data");
  const Json* const file = find_member(json, "file");
  if ((data == nullptr) == (file == nullptr))
    return graph_error(std::errc::invalid_argument,
                       "a secret has either 'data' or 'file', and not both.");
  if (data != nullptr)
    return Objects::Secret{data->get<std::string>()};
  const auto path = file->get<std::string>();
  std::ifstream stream(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(stream)), {});
  if (!stream.good() && !stream.eof())
    return graph_error(std::errc::io_error, "the secret in '" + path + "' can't be read.");
  return Objects::Secret{std::move(content)};
}

GraphResult<Objects::Credentials> LV_NO_COROUTINE_FN make_credentials(const Json& json) {
  const auto directory = json["dir"].get<std::string>();
  const std::string priority = text_or(json, "priority", "");
  const Json* const verify = find_member(json, "verify-peer");
  auto made = json["qom-type"] == "tls-creds-psk"
                  ? TlsCredentials::psk({.directory = directory, .priority = priority})
                  : TlsCredentials::x509({.directory = directory,
                                          .verify_peer = verify == nullptr || verify->get<bool>(),
                                          .priority = priority});
  if (!made)
    return graph_error(std::errc::invalid_argument, std::move(made.error()));
  return std::move(*made);
}

} // namespace

GraphResult<> Objects::add(const Json& conforming) {
  const auto id = conforming["id"].get<std::string>();
  if (objects_.contains(id))
    return graph_error(std::errc::file_exists, "there is an object '" + id + "' already.");
  const Json& kind = conforming["qom-type"];
  if (kind == "iothread") {
    auto thread = make_thread(conforming);
    if (!thread)
      return std::unexpected(std::move(thread.error()));
    objects_.emplace(id, std::move(*thread));
  } else if (kind == "throttle-group") {
    objects_.emplace(id, make_group(conforming));
  } else if (kind == "secret") {
    auto secret = make_secret(conforming);
    if (!secret)
      return std::unexpected(std::move(secret.error()));
    objects_.emplace(id, std::move(*secret));
  } else {
    auto credentials = make_credentials(conforming);
    if (!credentials)
      return std::unexpected(std::move(credentials.error()));
    objects_.emplace(id, std::move(*credentials));
  }
  return {};
}

GraphResult<> Objects::remove(const std::string& id) {
  const auto found = objects_.find(id);
  if (found == objects_.end())
    return graph_error(std::errc::no_such_file_or_directory, "there is no object '" + id + "'.");
  const bool used = std::visit(
      [](const auto& object) {
        if constexpr (requires { object.use_count(); })
          return object.use_count() > 1;
        else
          return false;
      },
      found->second);
  if (used)
    return graph_error(std::errc::device_or_resource_busy, "the object '" + id + "' is in use.");
  objects_.erase(found);
  return {};
}

template <typename Kind>
GraphResult<Kind> Objects::find(const std::string& id, const char* kind) const {
  const auto found = objects_.find(id);
  if (found != objects_.end())
    if (const Kind* const object = std::get_if<Kind>(&found->second))
      return *object;
  return graph_error(std::errc::no_such_file_or_directory,
                     std::string("there is no ") + kind + " '" + id + "'.");
}

GraphResult<Objects::Thread> Objects::thread(const std::string& id) const {
  return find<Thread>(id, "iothread");
}

GraphResult<Objects::Group> Objects::throttle_group(const std::string& id) const {
  return find<Group>(id, "throttle-group");
}

GraphResult<std::string> Objects::secret(const std::string& id) const {
  auto found = find<Secret>(id, "secret");
  if (!found)
    return std::unexpected(std::move(found.error()));
  return std::move(found->data);
}

GraphResult<Objects::Credentials> Objects::tls_credentials(const std::string& id) const {
  return find<Credentials>(id, "set of TLS credentials");
}

std::vector<std::pair<std::string, Objects::Thread>> Objects::threads() const {
  std::vector<std::pair<std::string, Thread>> found;
  for (const auto& [id, object] : objects_)
    if (const Thread* const thread = std::get_if<Thread>(&object))
      found.emplace_back(id, *thread);
  return found;
}

std::string Objects::name_of(const AioContext& context) const {
  for (const auto& [id, object] : objects_)
    if (const Thread* const thread = std::get_if<Thread>(&object))
      if (&(*thread)->context() == &context)
        return id;
  return {};
}

} // namespace lockvet::runtime::control
