// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A server in threads of its own, for tests, and what it has said. The test owns it, and stops it
// at the latest by destroying it.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_RUNNING_SERVER_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_RUNNING_SERVER_H

#include "runtime/aio/io_thread.h"
#include "runtime/export/nbd/server.h"

#include <gtest/gtest.h>

namespace lockvet::runtime::nbd {

class RunningServer {
public:
  // So many threads.
  RunningServer(const ExportList& exports, AioContext::Backend backend, ServerOptions options = {},
                unsigned threads = 1, bool at_port = false)
      : path_(testing::TempDir() + "/nbd_server_test." + std::to_string(getpid())),
        socket_(at_port ? ListeningSocket::at_port("127.0.0.1", 0)
                        : ListeningSocket::at_path(path_)) {
    options.log = {[](void* argument, std::string_view line) {
                     static_cast<RunningServer*>(argument)->note(line);
                   },
                   this};
    std::vector<AioContext*> contexts;
    for (unsigned index = 0; index < threads; ++index) {
      threads_.push_back(std::move(*IOThread::create("server", {.backend = backend})));
      contexts.push_back(&threads_.back()->context());
    }
    server_.emplace(exports, contexts, options);
    AioContext& home = *contexts.front();
    EXPECT_TRUE(Coroutine::spawn(home, [this, &home]() LV_COROUTINE_FN {
      home.assert_home();
      server_->co_serve(home, *socket_, stop_);
    }));
  }
  ~RunningServer() { stop(); }

  const std::string& path() const { return path_; }
  uint16_t port() const { return socket_->port(); }
  unsigned connections() const { return server_->connections(); }

  void request_stop() { stop_.request(); }
  // And waits until all is over.
  void stop() {
    stop_.request();
    threads_.clear();
  }
  // Until no connection is left.
  void wait_for_no_connections() const {
    while (server_->connections() > 0)
      std::this_thread::yield();
  }

  // After stop(), or when it is known to have come.
  std::vector<std::string> log() {
    ThreadLock lock(mutex_);
    return lines_;
  }

private:
  void note(std::string_view line) {
    ThreadLock lock(mutex_);
    lines_.emplace_back(line);
  }

  std::string path_;
  std::expected<ListeningSocket, std::string> socket_;
  Cancellation stop_;
  ThreadMutex mutex_;
  std::vector<std::string> lines_ LV_GUARDED_BY(mutex_);
  std::optional<Server> server_;
  std::vector<std::unique_ptr<IOThread>> threads_;
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_RUNNING_SERVER_H
