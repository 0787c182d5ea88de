// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/qmp/qmp_client.h"

#include "runtime/aio/co_socket.h"
#include "runtime/control/qmp/command_tables.h"

#include <array>
#include <sys/socket.h>

namespace lockvet::runtime::control {

namespace {

constexpr size_t receive_bytes = 4096;

std::unexpected<CommandError> not_found(std::string message) {
  return std::unexpected(CommandError{"CommandNotFound", std::move(message)});
}

} // namespace

QmpClient::QmpClient(Control& control, CoMutex& commands, FileDescriptor socket, Log& log,
                     Limits limits)
    : control_(control), home_(control.home()), commands_(commands), socket_(std::move(socket)),
      log_(log), limits_(limits), time_limit_({[](void* argument) {
                                                 auto& self = *static_cast<QmpClient*>(argument);
                                                 shutdown(self.socket_.get(), SHUT_RDWR);
                                               },
                                               this}),
      out_(home_, socket_.get()), stream_(limits.input) {}

void QmpClient::co_run() {
  home_.assert_home();
  out_.assert_home();
  put({{"QMP", {{"version", version_of(control_)}, {"capabilities", Json::array()}}}});
  co_serve();
  if (negotiated_)
    control_.events().remove(*this);
  out_.co_finish();
  home_.disarm(time_limit_);
}

void QmpClient::shut_down() {
  home_.assert_home();
  shutdown(socket_.get(), SHUT_RD);
  home_.arm(time_limit_, Clock::now() + limits_.shutdown_time);
}

void QmpClient::co_serve() {
  std::array<std::byte, receive_bytes> buffer;
  while (true) {
    const auto received = co_receive(home_, socket_.get(), buffer);
    if (!received || *received == 0)
      return;
    co_take({reinterpret_cast<const char*>(buffer.data()), *received});
  }
}

void QmpClient::co_take(std::string_view input) {
  out_.assert_home();
  while (true) {
    const JsonStream::Found found = stream_.next(input);
    if (const auto* const value = std::get_if<JsonStream::Value>(&found))
      co_answer(value->text);
    else if (const auto* const error = std::get_if<JsonStream::Error>(&found))
      reply(command_error(error->message), nullptr);
    else
      return;
    out_.co_wait_until(limits_.most_replies);
  }
}

void QmpClient::co_answer(std::string_view text) {
  const auto request = parse_json(text);
  if (!request)
    return reply(command_error("The input is no valid JSON"), nullptr);
  if (!request->is_object())
    return reply(command_error("QMP input must be a JSON object"), nullptr);
  reply(co_execute(*request), find_member(*request, "id"));
}

CommandResult QmpClient::co_execute(const Json& request) {
  for (const auto& [name, unused] : request.items())
    if (name != "execute" && name != "arguments" && name != "id")
      return command_error("QMP input member '" + name + "' is unexpected");
  const Json* const name = find_member(request, "execute");
  if (name == nullptr)
    return command_error("QMP input lacks member 'execute'");
  if (!name->is_string())
    return command_error("QMP input member 'execute' must be a string");
  const Json* const arguments = find_member(request, "arguments");
  if (arguments != nullptr && !arguments->is_object())
    return command_error("QMP input member 'arguments' must be an object");
  const Json given = arguments == nullptr ? Json::object() : *arguments;
  if (!negotiated_)
    return negotiate(name->get<std::string>(), given);
  return co_dispatch(name->get<std::string>(), given);
}

CommandResult QmpClient::negotiate(const std::string& name, const Json& arguments) {
  if (name != "qmp_capabilities")
    return not_found("Expecting capabilities negotiation with 'qmp_capabilities'");
  const Json* const enable = find_member(arguments, "enable");
  if (enable != nullptr && !enable->empty())
    return command_error("None of these capabilities was offered: " + to_text(*enable));
  negotiated_ = true;
  control_.events().add(*this);
  return Json::object();
}

CommandResult QmpClient::co_dispatch(const std::string& name, const Json& arguments) {
  const CoLock lock(commands_);
  CommandResult result = command_error("The program is ending.");
  Coroutine& self = *Coroutine::current();
  const bool scheduled = home_.schedule([&] {
    MainLoop::assert_here();
    execute(control_, name, arguments, JsonSource::typed, [&](CommandResult done) {
      result = std::move(done);
      self.wake();
    });
  });
  if (scheduled)
    Coroutine::suspend();
  return result;
}

void QmpClient::reply(const CommandResult& result, const Json* id) {
  Json message = Json::object();
  if (result)
    message["return"] = *result;
  else
    message["error"] = {{"class", result.error().kind}, {"desc", result.error().message}};
  if (id != nullptr)
    message["id"] = *id;
  put(message);
}

void QmpClient::put(const Json& message) {
  out_.assert_home();
  out_.put(to_text(message) + "\r\n");
}

void QmpClient::hear(const std::string& line) {
  out_.assert_home();
  if (out_.size() + line.size() <= limits_.most_events)
    return out_.put(line);
  log_(Log::Level::warning, "qmp", "a client is cut off, since it does not read its events");
  shutdown(socket_.get(), SHUT_RDWR);
}

} // namespace lockvet::runtime::control
