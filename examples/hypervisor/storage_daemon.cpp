// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A small daemon on the runtime: serves files and memory to NBD clients. The main loop accepts
// connections and waits for signals; threads with a loop each serve them.

#include "daemon_options.h"
#include "runtime/aio/io_thread.h"
#include "runtime/export/file_device.h"
#include "runtime/export/memory_device.h"
#include "runtime/export/nbd/server.h"
#include "runtime/export/null_device.h"

#include <csignal>
#include <cstdio>
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

std::expected<std::unique_ptr<ExportedDevice>, std::string>
open_device(const std::string& source, bool read_only, ThreadPool& pool) {
  for (const std::string_view kind : {"memory:", "null:"}) {
    if (!source.starts_with(kind))
      continue;
    const auto size = storage_daemon::parse_size(std::string_view(source).substr(kind.size()));
    if (!size)
      return std::unexpected("'" + source + "' has no size such as 512, 64K, 10M, 2G or 1T.");
    if (kind == "null:")
      return std::make_unique<NullDevice>(*size);
    auto memory = MemoryDevice::create(*size);
    if (!memory)
      return std::unexpected("no memory for '" + source + "': " + memory.error().message());
    return std::move(*memory);
  }
  auto file = FileDevice::open(source, read_only, pool);
  if (!file)
    return std::unexpected(file.error());
  return std::move(*file);
}

// What runs in the main loop, from the first connection to the last. It and all that it refers to
// outlive the loop.
class Daemon {
public:
  Daemon(AioContext& context, nbd::Server& server, std::vector<ListeningSocket>& sockets)
      : context_(context), server_(server), sockets_(sockets) {}

  // Until a signal of the descriptor comes. In the home thread.
  void serve(int signals) {
    context_.assert_home();
    signals_ = signals;
    (void)context_.watch(signal_watch_, signals, POLLIN);
    serving_ = sockets_.size();
    for (ListeningSocket& socket : sockets_) {
      (void)Coroutine::spawn(context_, [this, &socket]() LV_COROUTINE_FN {
        context_.assert_home();
        server_.co_serve(context_, socket, stop_);
        if (--serving_ == 0)
          context_.stop();
      });
    }
    context_.loop();
    context_.unwatch(signal_watch_);
  }

private:
  AioContext& context_;
  nbd::Server& server_;
  std::vector<ListeningSocket>& sockets_;
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
  std::fflush(stdout);
  return sockets;
}

int run(const storage_daemon::Options& options) {
  const FileDescriptor signals = take_signals();
  ThreadPool pool;
  std::vector<std::unique_ptr<ExportedDevice>> devices;
  nbd::ExportList exports;
  for (const storage_daemon::ExportOption& one : options.exports) {
    auto device = open_device(one.source, options.read_only, pool);
    if (!device)
      return fail(device.error());
    const std::string problem =
        exports.add({one.name, one.source, device->get(), options.read_only});
    if (!problem.empty())
      return fail(problem);
    devices.push_back(std::move(*device));
  }
  auto context = AioContext::create();
  if (!context)
    return fail("no event loop: " + context.error().message());
  std::vector<std::unique_ptr<IOThread>> threads;
  std::vector<AioContext*> contexts;
  for (unsigned index = 0; index < options.threads; ++index) {
    auto thread = IOThread::create("nbd " + std::to_string(index));
    if (!thread)
      return fail("no thread: " + thread.error().message());
    contexts.push_back(&(*thread)->context());
    threads.push_back(std::move(*thread));
  }
  auto sockets = listen(options);
  if (!sockets)
    return fail(sockets.error());
  nbd::Server server(exports, contexts, {.log = {log_line, nullptr}});
  Daemon daemon(**context, server, *sockets);
  daemon.serve(signals.get());
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
