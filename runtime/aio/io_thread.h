// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A thread with an AioContext for its loop. Destroying it waits until nothing holds the context any
// more, so that what is in flight there is done and not lost. Owned and destroyed by another
// thread.

#ifndef LOCKVET_RUNTIME_AIO_IO_THREAD_H
#define LOCKVET_RUNTIME_AIO_IO_THREAD_H

#include "runtime/aio/aio_context.h"

#include <string>
#include <thread>

namespace lockvet::runtime {

class IOThread {
public:
  // The name is for debuggers and top, which show fifteen characters of it.
  static std::expected<std::unique_ptr<IOThread>, std::error_code>
  create(std::string name, AioContext::Options options = {});

  IOThread(const IOThread&) = delete;
  IOThread& operator=(const IOThread&) = delete;
  LV_NO_COROUTINE_FN ~IOThread();

  // Its home thread is this one. Gone with the IOThread.
  AioContext& context() noexcept LV_RETURN_CAPABILITY(context_) { return *context_; }

private:
  IOThread() = default;
  void serve(AioContext::Options options);

  // Written by the new thread before started_ is set.
  AioContext* context_ = nullptr;
  std::error_code error_;
  std::atomic<bool> started_ = false;
  std::thread thread_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_IO_THREAD_H
