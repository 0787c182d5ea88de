// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The daemon while it runs: the control, and monitors by which clients use it. The main program
// makes one in the main loop, has it take the steps of its command line, and lets it serve.

#ifndef LOCKVET_EXAMPLES_HYPERVISOR_DAEMON_H
#define LOCKVET_EXAMPLES_HYPERVISOR_DAEMON_H

#include "command_line.h"
#include "runtime/control/net/http_client.h"
#include "runtime/control/qmp/qmp_client.h"

namespace blockd {

class Daemon {
public:
  // All outlive it. The context is the main loop's.
  Daemon(lockvet::runtime::AioContext& home, lockvet::runtime::ThreadPool& pool,
         lockvet::runtime::control::Log& log) LV_MAIN_LOOP;
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  // After stop().
  ~Daemon() = default;

  // The error is a sentence.
  std::expected<void, std::string>
      LV_NO_COROUTINE_FN take(const Step& step) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // Until a signal of the descriptor comes, or a client says quit.
  void LV_NO_COROUTINE_FN serve(int signals) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // Completes what is in flight, and closes everything. What went wrong, or nothing.
  std::string LV_NO_COROUTINE_FN stop() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

private:
  using Json = lockvet::runtime::control::Json;
  using JsonSource = lockvet::runtime::control::JsonSource;
  using Result = std::expected<void, std::string>;

  Result LV_NO_COROUTINE_FN run_command(const char* name, const Json& arguments,
                                        JsonSource source) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  Result LV_NO_COROUTINE_FN start_nbd(const Json& conforming) LV_MAIN_LOOP;
  Result add_socket(const Json& conforming) LV_MAIN_LOOP;
  Result LV_NO_COROUTINE_FN start_metrics(const Json& conforming) LV_MAIN_LOOP;
  Result LV_NO_COROUTINE_FN start_monitor(const Json& conforming) LV_MAIN_LOOP;

  lockvet::runtime::AioContext& home_;
  lockvet::runtime::control::Log& log_;
  lockvet::runtime::control::Control control_;
  lockvet::runtime::CoMutex commands_;
  // By the names of their chardevs, until a monitor takes them.
  std::map<std::string, std::string> socket_paths_ LV_OWNED_BY_CONTEXT(lockvet_main_loop);
  std::vector<std::unique_ptr<lockvet::runtime::control::ClientServer>>
      servers_ LV_OWNED_BY_CONTEXT(lockvet_main_loop);
  const lockvet::runtime::control::HttpClient::Answer web_;
  int signals_ = -1;
};

} // namespace blockd

#endif // LOCKVET_EXAMPLES_HYPERVISOR_DAEMON_H
