// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/reply_sender.h"

#include <utility>

namespace lockvet::runtime::nbd {

void ReplySender::co_run() {
  while (true) {
    while (first_ == nullptr) {
      if (finishing_)
        return;
      waiting_ = Coroutine::current();
      Coroutine::suspend();
    }
    gather();
    if (!broken_ && stream_.co_send(context_, pieces_))
      broken_ = true;
    while (batch_ != nullptr) {
      InFlight& request = *batch_;
      batch_ = request.next;
      sent_.function(sent_.argument, request);
    }
  }
}

void ReplySender::queue(InFlight& request) {
  request.next = nullptr;
  *last_ = &request;
  last_ = &request.next;
  wake();
}

void ReplySender::finish() {
  finishing_ = true;
  wake();
}

// It runs after those that the loop has to run already, so that what these get done goes along.
void ReplySender::wake() {
  if (waiting_ != nullptr)
    std::exchange(waiting_, nullptr)->wake();
}

void ReplySender::gather() {
  batch_ = std::exchange(first_, nullptr);
  last_ = &first_;
  pieces_.clear();
  for (InFlight* request = batch_; request != nullptr; request = request->next) {
    const std::span<const std::byte> head = request->head.bytes();
    pieces_.push_back({const_cast<std::byte*>(head.data()), head.size()});
    if (request->data_follows)
      pieces_.push_back({request->data.get(), request->header.length});
    else if (!request->extents.empty())
      pieces_.push_back({request->extents.data(), request->extents.size()});
  }
}

} // namespace lockvet::runtime::nbd
