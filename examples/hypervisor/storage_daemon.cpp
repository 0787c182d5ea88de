// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A small daemon on the runtime: serves files, images and memory to NBD clients and to virtual
// machines. The main loop accepts connections and waits for signals; threads with a loop each serve
// them.

#include "disks.h"
#include "runtime/aio/io_thread.h"
#include "runtime/export/nbd/server.h"
#include "runtime/export/vhost_user/server.h"

#include <csignal>
#include <cstdio>
#include <deque>
#include <poll.h>
#include <sys/signalfd.h>

using namespace lockvet::runtime;

namespace {

int fail(const std::string& why) {
  std::fprintf(stderr, "storage_daemon: %s\n", why.c_str());
  return 1;
}

void log_line(void*, std::string_view line) {
  std::fprintf(stderr, "storage_daemon: %.*s\n", static_cast<int>(line.size()), line.data());
}

// A disk for virtual machines, and where they connect.
struct MachineExport {
  MachineExport(ListeningSocket socket, ExportedDevice& device, const ContextMapping& mapping,
                vhost_user::ServerOptions options)
      : socket(std::move(socket)), server(device, mapping, std::move(options)) {}
  ListeningSocket socket;
  vhost_user::Server server;
};

// What runs in the main loop, from the first connection to the last. It and all that it refers to
// outlive the loop.
class Daemon {
public:
  Daemon(AioContext& context, nbd::Server& server, std::vector<ListeningSocket>& sockets,
         std::deque<MachineExport>& machines)
      : context_(context), server_(server), sockets_(sockets), machines_(machines) {}

  // Until a signal of the descriptor comes.
  void LV_NO_COROUTINE_FN serve(int signals) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    context_.assert_home();
    signals_ = signals;
    (void)context_.watch(signal_watch_, signals, POLLIN);
    serving_ = sockets_.size() + machines_.size();
    for (ListeningSocket& socket : sockets_) {
      (void)Coroutine::spawn(context_, [this, &socket]() LV_COROUTINE_FN {
        context_.assert_home();
        server_.co_serve(context_, socket, stop_);
        --serving_;
      });
    }
    for (MachineExport& one : machines_) {
      (void)Coroutine::spawn(context_, [this, &one]() LV_COROUTINE_FN {
        context_.assert_home();
        one.server.co_serve(context_, one.socket, stop_);
        --serving_;
      });
    }
    MainLoop::wait_while([this] {
      context_.assert_home();
      return serving_ > 0;
    });
    context_.unwatch(signal_watch_);
  }

private:
  AioContext& context_;
  nbd::Server& server_;
  std::vector<ListeningSocket>& sockets_;
  std::deque<MachineExport>& machines_;
  Cancellation stop_;
  size_t serving_ LV_OWNED_BY_CONTEXT(context_) = 0;
  int signals_ = -1;
  FdWatch signal_watch_{{[](void* argument, unsigned) {
                           auto& self = *static_cast<Daemon*>(argument);
                           signalfd_siginfo signal;
                           if (read(self.signals_, &signal, sizeof signal) > 0)
                             self.stop_.request();
                         },
                         this}};
};

// Blocked here, before there are threads, so that they come by the descriptor and nowhere else.
FileDescriptor take_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return FileDescriptor(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

std::expected<std::vector<ListeningSocket>, std::string>
listen(const storage_daemon::Options& options) {
  std::vector<ListeningSocket> sockets;
  if (!options.socket_path.empty()) {
    auto socket = ListeningSocket::at_path(options.socket_path);
    if (!socket)
      return std::unexpected(socket.error());
    std::printf("listening at %s\n", options.socket_path.c_str());
    sockets.push_back(std::move(*socket));
  }
  if (options.port) {
    auto socket = ListeningSocket::at_port(options.host, *options.port);
    if (!socket)
      return std::unexpected(socket.error());
    std::printf("listening at %s port %d\n", options.host.c_str(), socket->port());
    sockets.push_back(std::move(*socket));
  }
  return sockets;
}

// The problem, or nothing.
std::string listen_to_machines(const storage_daemon::Options& options,
                               const nbd::ExportList& exports,
                               const std::vector<AioContext*>& contexts,
                               std::deque<MachineExport>& machines) {
  for (const storage_daemon::NamedOption& option : options.vhost_user) {
    const nbd::Export* const served = exports.find(option.name);
    if (served == nullptr)
      return "there is no export '" + option.name + "' for --vhost-user.";
    auto socket = ListeningSocket::at_path(option.value);
    if (!socket)
      return socket.error();
    std::printf("listening at %s\n", option.value.c_str());
    machines.emplace_back(std::move(*socket), *served->device,
                          ContextMapping::round_robin(contexts),
                          vhost_user::ServerOptions{
                              .queues = static_cast<uint16_t>(options.queues),
                              .read_only = options.read_only,
                              .serial = option.name,
                              .log = {log_line, nullptr},
                          });
  }
  return {};
}

// What was posted to the main loop when nobody needs it any more is done before that goes.
class LoopEnd {
public:
  explicit LoopEnd(AioContext& context) : context_(context) {}
  LoopEnd(const LoopEnd&) = delete;
  LoopEnd& operator=(const LoopEnd&) = delete;
  LV_NO_COROUTINE_FN ~LoopEnd() {
    context_.assert_home();
    context_.stop();
    context_.loop();
  }

private:
  AioContext& context_;
};

int run(const storage_daemon::Options& options) {
  const FileDescriptor signals = take_signals();
  auto context = AioContext::create();
  if (!context)
    return fail("no event loop: " + context.error().message());
  const MainLoop main_loop(**context);
  const LoopEnd loop_end(**context);
  MainLoop::assert_here();
  ThreadPool pool;
  storage_daemon::Disks disks(**context, pool);
  nbd::ExportList exports;
  for (const storage_daemon::ExportOption& one : options.exports) {
    const auto device = disks.open(one, options.read_only);
    if (!device)
      return fail(device.error());
    const std::string problem = exports.add({one.name, one.source, *device, options.read_only});
    if (!problem.empty())
      return fail(problem);
  }
  std::vector<std::unique_ptr<IOThread>> threads;
  std::vector<AioContext*> contexts;
  for (unsigned index = 0; index < options.threads; ++index) {
    auto thread = IOThread::create("io " + std::to_string(index));
    if (!thread)
      return fail("no thread: " + thread.error().message());
    contexts.push_back(&(*thread)->context());
    threads.push_back(std::move(*thread));
  }
  auto sockets = listen(options);
  if (!sockets)
    return fail(sockets.error());
  std::deque<MachineExport> machines;
  if (const std::string problem = listen_to_machines(options, exports, contexts, machines);
      !problem.empty())
    return fail(problem);
  std::fflush(stdout);
  nbd::Server server(exports, contexts, {.log = {log_line, nullptr}});
  Daemon daemon(**context, server, *sockets, machines);
  daemon.serve(signals.get());
  if (const std::string problem = disks.close(); !problem.empty())
    return fail(problem);
  return 0;
}

} // namespace

int main(int count, char** arguments) {
  const auto options =
      storage_daemon::parse_options({arguments + 1, static_cast<size_t>(count) - 1});
  if (!options)
    return fail(options.error());
  if (options->help) {
    std::fputs(storage_daemon::help_text, stdout);
    return 0;
  }
  return run(*options);
}
