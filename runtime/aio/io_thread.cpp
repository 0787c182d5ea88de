// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/aio/io_thread.h"

#include <pthread.h>

namespace lockvet::runtime {

std::expected<std::unique_ptr<IOThread>, std::error_code>
IOThread::create(std::string name, AioContext::Options options) {
  std::unique_ptr<IOThread> self(new IOThread);
  try {
    self->thread_ = std::thread([&started = *self, options] { started.serve(options); });
  } catch (const std::system_error& error) {
    return std::unexpected(error.code());
  }
  name.resize(std::min<size_t>(name.size(), 15));
  pthread_setname_np(self->thread_.native_handle(), name.c_str());
  self->started_.wait(false, std::memory_order_acquire);
  if (self->error_)
    return std::unexpected(self->error_);
  return self;
}

IOThread::~IOThread() {
  if (context_ != nullptr)
    context_->stop();
  if (thread_.joinable())
    thread_.join();
}

void IOThread::serve(AioContext::Options options) {
  auto context = AioContext::create(options);
  if (context)
    context_ = context->get();
  else
    error_ = context.error();
  started_.store(true, std::memory_order_release);
  started_.notify_one();
  if (!context)
    return;
  AioContext& own = **context;
  own.assert_home();
  own.loop();
}

} // namespace lockvet::runtime
