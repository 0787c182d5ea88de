// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One client of QMP, from its greeting to its end (QEMU's docs/interop/qmp-spec.txt). Its server
// owns it and runs it in the main loop's context; commands run in the main loop, outside of
// coroutines, one at a time for all clients. A client that does not read gets no more commands
// done, and is cut off when too many events wait for it.

#ifndef LOCKVET_RUNTIME_CONTROL_QMP_QMP_CLIENT_H
#define LOCKVET_RUNTIME_CONTROL_QMP_QMP_CLIENT_H

#include "runtime/control/json/json_stream.h"
#include "runtime/control/net/client_server.h"
#include "runtime/control/net/outbox.h"
#include "runtime/control/qmp/command.h"
#include "runtime/coroutine/co_mutex.h"

namespace lockvet::runtime::control {

class QmpClient final : public ClientServer::Client, private EventHub::Listener {
public:
  struct Limits {
    JsonStream::Limits input = {};
    // What may wait to be sent before nothing more is read; and before the client is cut off.
    size_t most_replies = size_t{256} << 10;
    size_t most_events = size_t{4} << 20;
    // From when the server stops until a client that does not read is cut off.
    std::chrono::milliseconds shutdown_time = std::chrono::seconds(2);
  };

  // The mutex is that of all clients. All but the socket outlives it.
  QmpClient(Control& control, CoMutex& commands, FileDescriptor socket, Log& log, Limits limits);
  QmpClient(const QmpClient&) = delete;
  QmpClient& operator=(const QmpClient&) = delete;

  void LV_COROUTINE_FN co_run() override;
  void shut_down() override;

private:
  void hear(const std::string& line) override;

  void LV_COROUTINE_FN co_serve() LV_REQUIRES_CONTEXT(home_);
  void LV_COROUTINE_FN co_take(std::string_view input) LV_REQUIRES_CONTEXT(home_);
  void LV_COROUTINE_FN co_answer(std::string_view text) LV_REQUIRES_CONTEXT(home_);
  CommandResult LV_COROUTINE_FN co_execute(const Json& request) LV_REQUIRES_CONTEXT(home_);
  CommandResult LV_COROUTINE_FN co_dispatch(const std::string& name, const Json& arguments)
      LV_REQUIRES_CONTEXT(home_);
  CommandResult negotiate(const std::string& name, const Json& arguments)
      LV_REQUIRES_CONTEXT(home_);
  void reply(const CommandResult& result, const Json* id) LV_REQUIRES_CONTEXT(home_);
  void put(const Json& message) LV_REQUIRES_CONTEXT(home_);

  Control& control_;
  AioContext& home_;
  CoMutex& commands_;
  const FileDescriptor socket_;
  Log& log_;
  const Limits limits_;
  Timer time_limit_;
  Outbox out_;
  JsonStream stream_ LV_OWNED_BY_CONTEXT(home_);
  bool negotiated_ LV_OWNED_BY_CONTEXT(home_) = false;
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_QMP_QMP_CLIENT_H
