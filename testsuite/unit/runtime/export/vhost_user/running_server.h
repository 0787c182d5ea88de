// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A vhost-user server in threads of its own, for tests, and what it has said. The test owns it, and
// stops it at the latest by destroying it; the device outlives it.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_VHOST_USER_RUNNING_SERVER_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_VHOST_USER_RUNNING_SERVER_H

#include "runtime/aio/io_thread.h"
#include "runtime/export/vhost_user/server.h"

#include <gtest/gtest.h>

namespace lockvet::runtime::vhost_user {

class RunningServer {
public:
  // Messages in one thread, and queues in so many others, in turn.
  RunningServer(ExportedDevice& device, ServerOptions options = {}, unsigned threads = 1,
                AioContext::Backend backend = AioContext::Backend::automatic)
      : path_(testing::TempDir() + "/vhost_user_test." + std::to_string(getpid()) + "." +
              std::to_string(next_number())),
        socket_(ListeningSocket::at_path(path_)) {
    options.log = {[](void* argument, std::string_view line) {
                     static_cast<RunningServer*>(argument)->note(line);
                   },
                   this};
    for (unsigned index = 0; index <= threads; ++index)
      threads_.push_back(std::move(*IOThread::create("vhost", {.backend = backend})));
    std::vector<AioContext*> contexts;
    for (unsigned index = 1; index <= threads; ++index)
      contexts.push_back(&threads_[index]->context());
    server_.emplace(device, ContextMapping::round_robin(contexts), options);
    AioContext& home = threads_.front()->context();
    EXPECT_TRUE(Coroutine::spawn(home, [this, &home]() LV_COROUTINE_FN {
      home.assert_home();
      server_->co_serve(home, *socket_, stop_);
    }));
  }
  ~RunningServer() { stop(); }

  const std::string& path() const { return path_; }
  Server& server() { return *server_; }

  // And waits until all is over. The thread that serves messages ends before those of queues.
  void stop() {
    stop_.request();
    while (!threads_.empty())
      threads_.erase(threads_.begin());
  }

  // After stop(), or when it is known to have come.
  std::vector<std::string> log() {
    ThreadLock lock(mutex_);
    return lines_;
  }

private:
  // There may be two in a test.
  static unsigned next_number() {
    static std::atomic<unsigned> number = 0;
    return number++;
  }
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

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_VHOST_USER_RUNNING_SERVER_H
