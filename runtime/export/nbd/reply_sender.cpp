// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/reply_sender.h"

#include <utility>

namespace lockvet::runtime::nbd {

namespace {

// So that it shows when a client takes the data of a long read little by little.
constexpr size_t most_at_once = 1 << 20;

} // namespace

void ReplySender::co_run() {
  while (true) {
    while (first_ == nullptr) {
      if (finishing_)
        return;
      waiting_ = Coroutine::current();
      Coroutine::suspend();
    }
    gather();
    if (!broken_ && co_send_pieces())
      broken_ = true;
    while (batch_ != nullptr) {
      InFlight& request = *batch_;
      batch_ = request.next;
      sent_.function(sent_.argument, request);
    }
  }
}

std::error_code ReplySender::co_send_pieces() {
  std::span<iovec> left = pieces_;
  while (!left.empty()) {
    size_t count = 0;
    for (size_t bytes = 0; count < left.size(); ++count) {
      bytes += left[count].iov_len;
      if (bytes > most_at_once)
        break;
    }
    std::error_code failed;
    if (count > 0) {
      failed = stream_.co_send(context_, left.first(count));
      left = left.subspan(count);
    } else {
      iovec part{left[0].iov_base, most_at_once};
      failed = stream_.co_send(context_, {&part, 1});
      left[0] = {static_cast<std::byte*>(left[0].iov_base) + most_at_once,
                 left[0].iov_len - most_at_once};
    }
    if (failed)
      return failed;
    sent_.progressed(sent_.argument);
  }
  return {};
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
