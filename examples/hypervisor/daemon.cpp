// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "daemon.h"

#include "runtime/control/schema/block_types.h"
#include "runtime/control/schema/conform.h"
#include "runtime/control/status.h"

#include <algorithm>
#include <charconv>
#include <poll.h>
#include <sys/signalfd.h>

namespace blockd {

using namespace lockvet::runtime;
using namespace lockvet::runtime::control;

namespace {

constexpr unsigned most_monitor_clients = 16;

const Member nbd_server_members[] = {{"addr", &socket_address_type, true},
                                     {"tls-creds", &string_type},
                                     {"max-connections", &size_type}};
const Type nbd_server_type{
    .kind = TypeKind::object, .name = "NbdServerOptions", .members = nbd_server_members};

constexpr std::string_view backends[] = {"socket"};
constexpr Type backend_type{
    .kind = TypeKind::enumeration, .name = "ChardevBackendKind", .values = backends};
constexpr Member chardev_members[] = {{"backend", &backend_type, true},
                                      {"id", &string_type, true},
                                      {"path", &string_type, true},
                                      {"server", &boolean_type},
                                      {"wait", &boolean_type}};
constexpr Type chardev_type{
    .kind = TypeKind::object, .name = "ChardevSocket", .members = chardev_members};

constexpr Member metrics_members[] = {{"addr", &string_type, true}};
constexpr Type metrics_type{
    .kind = TypeKind::object, .name = "MetricsOptions", .members = metrics_members};

constexpr unsigned most_web_clients = 32;

constexpr std::string_view modes[] = {"control"};
constexpr Type mode_type{.kind = TypeKind::enumeration, .name = "MonitorMode", .values = modes};
constexpr Member monitor_members[] = {
    {"chardev", &string_type, true}, {"id", &string_type}, {"mode", &mode_type}};
constexpr Type monitor_type{
    .kind = TypeKind::object, .name = "MonitorOptions", .members = monitor_members};

bool flag_of(const Json& json, std::string_view name) {
  const Json* const found = find_member(json, name);
  return found != nullptr && found->get<bool>();
}

// A name that can be an argument of a template.
template <size_t Size> struct SourceName {
  constexpr SourceName(const char (&text)[Size]) { std::copy_n(text, Size, name); }
  char name[Size] = {};
};

template <SourceName Source> void tell(void* log, std::string_view line) {
  (*static_cast<Log*>(log))(Log::Level::warning, Source.name, line);
}

Control::Options options_of(Log& log) {
  return {.program = "lockvet-blockd " LOCKVET_VERSION,
          .version = {LOCKVET_VERSION_MAJOR, LOCKVET_VERSION_MINOR, LOCKVET_VERSION_PATCH},
          .log = {.nbd = {tell<"nbd">, &log}, .vhost_user = {tell<"vhost-user-blk">, &log}}};
}

} // namespace

Daemon::Daemon(AioContext& home, ThreadPool& pool, Log& log)
    : home_(home), log_(log), control_(home, pool, options_of(log)),
      web_([this](const std::string& path) {
        MainLoop::assert_here();
        return web_page(control_, path);
      }) {}

std::expected<void, std::string> Daemon::take(const Step& step) {
  const auto& [value, source] = step.argument;
  const auto conforming = [&](const Type& type) { return conform(type, value, source); };
  Result result;
  if (step.option == "blockdev") {
    result = run_command("blockdev-add", value, source);
  } else if (step.option == "object") {
    result = run_command("object-add", value, source);
  } else if (step.option == "export") {
    result = run_command("block-export-add", value, source);
  } else {
    const Type& type = step.option == "nbd-server" ? nbd_server_type
                       : step.option == "chardev"  ? chardev_type
                       : step.option == "metrics"  ? metrics_type
                                                   : monitor_type;
    const auto json = conforming(type);
    if (!json)
      result = std::unexpected(json.error());
    else if (step.option == "nbd-server")
      result = start_nbd(*json);
    else if (step.option == "chardev")
      result = add_socket(*json);
    else if (step.option == "metrics")
      result = start_metrics(*json);
    else
      result = start_monitor(*json);
  }
  if (!result)
    return std::unexpected("--" + step.option + ": " + result.error());
  return result;
}

Daemon::Result Daemon::run_command(const char* name, const Json& arguments, JsonSource source) {
  Result result;
  execute(control_, name, arguments, source, [&result](const CommandResult& done) {
    if (!done)
      result = std::unexpected(done.error().message);
  });
  return result;
}

Daemon::Result Daemon::start_nbd(const Json& conforming) {
  Exports::NbdOptions wanted{.address = conforming["addr"]};
  if (const Json* const most = find_member(conforming, "max-connections"))
    wanted.most_connections = most->get<uint64_t>();
  if (const Json* const tls = find_member(conforming, "tls-creds"))
    wanted.tls_credentials = tls->get<std::string>();
  if (auto started = control_.exports().start_nbd(wanted); !started)
    return std::unexpected(started.error().message);
  return {};
}

Daemon::Result Daemon::add_socket(const Json& conforming) {
  if (!flag_of(conforming, "server"))
    return std::unexpected("'server' has to be on: only sockets that others connect to are "
                           "supported.");
  if (flag_of(conforming, "wait"))
    return std::unexpected("'wait' has to be off: clients may come when they like.");
  const auto id = conforming["id"].get<std::string>();
  if (!socket_paths_.emplace(id, conforming["path"].get<std::string>()).second)
    return std::unexpected("there is a chardev '" + id + "' already.");
  return {};
}

Daemon::Result Daemon::start_monitor(const Json& conforming) {
  const auto id = conforming["chardev"].get<std::string>();
  const auto found = socket_paths_.find(id);
  if (found == socket_paths_.end())
    return std::unexpected("there is no chardev '" + id + "' that no monitor has.");
  auto socket = ListeningSocket::at_path(found->second);
  if (!socket)
    return std::unexpected(socket.error() + ".");
  socket_paths_.erase(found);
  servers_.push_back(std::make_unique<ClientServer>(
      home_, std::move(*socket), "qmp", most_monitor_clients, log_, [this](FileDescriptor client) {
        return std::make_unique<QmpClient>(control_, commands_, std::move(client), log_,
                                           QmpClient::Limits{});
      }));
  servers_.back()->start();
  return {};
}

Daemon::Result Daemon::start_metrics(const Json& conforming) {
  const auto address = conforming["addr"].get<std::string>();
  const size_t colon = address.rfind(':');
  const bool has_host = colon != std::string::npos && colon > 0;
  const std::string host = has_host ? address.substr(0, colon) : "127.0.0.1";
  const std::string port = colon == std::string::npos ? address : address.substr(colon + 1);
  uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size())
    return std::unexpected("'" + address + "' is no address such as 127.0.0.1:9600.");
  auto socket = ListeningSocket::at_port(host, number);
  if (!socket)
    return std::unexpected(socket.error() + ".");
  servers_.push_back(std::make_unique<ClientServer>(
      home_, std::move(*socket), "web", most_web_clients, log_, [this](FileDescriptor client) {
        return std::make_unique<HttpClient>(home_, std::move(client), web_);
      }));
  servers_.back()->start();
  log_(Log::Level::info, "web",
       "there is a page at http://" + host + ":" + std::to_string(servers_.back()->port()) + "/");
  return {};
}

void Daemon::serve(int signals) {
  home_.assert_home();
  signals_ = signals;
  FdWatch watch({[](void* argument, unsigned) {
                   auto& self = *static_cast<Daemon*>(argument);
                   MainLoop::assert_here();
                   signalfd_siginfo signal;
                   if (read(self.signals_, &signal, sizeof signal) > 0)
                     self.control_.request_stop();
                 },
                 this});
  (void)home_.watch(watch, signals, POLLIN);
  // Whoever waits by wait_while() is woken by every request that ends; this waits for none of them.
  while (!control_.stop_requested())
    home_.poll(true);
  home_.unwatch(watch);
}

std::string Daemon::stop() {
  // Those who watch last: what they see is what happens.
  const auto closed = control_.close();
  for (const auto& server : servers_)
    server->stop();
  servers_.clear();
  return closed ? std::string() : closed.error().message;
}

} // namespace blockd
