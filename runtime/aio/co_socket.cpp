// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/aio/co_socket.h"

#include "runtime/aio/co_wait.h"
#include "runtime/aio/file_descriptor.h"
#include "runtime/aio/transfer_completion.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <poll.h>

namespace lockvet::runtime {

namespace {

std::error_code error_of(int number) {
  return {number, std::generic_category()};
}

bool is_transient(int number) {
  return number == EAGAIN || number == EINTR;
}

// For loops that do no transfers. Both sides may wait at once, and a poller knows a descriptor once
// only, so that each sender has one of its own meanwhile.
std::error_code LV_COROUTINE_FN wait_to_send(AioContext& context, int fd, Coroutine::Place place)
    LV_REQUIRES_CONTEXT(context) {
  const FileDescriptor own(fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!own.valid())
    return error_of(errno);
  const auto events = co_wait_fd(context, own.get(), POLLOUT, nullptr, place);
  return events ? std::error_code() : events.error();
}

// Of one attempt: bytes, or an error number below zero.
int LV_COROUTINE_FN receive_once(AioContext& context, int fd, std::span<std::byte> to,
                                 Coroutine::Place place) LV_REQUIRES_CONTEXT(context) {
  TransferCompletion completion(place);
  if (context.receive(completion.transfer(), fd, to))
    return completion.wait();
  const ssize_t received = recv(fd, to.data(), to.size(), MSG_DONTWAIT);
  const int error = errno;
  if (received >= 0)
    return static_cast<int>(received);
  if (error == EAGAIN)
    (void)co_wait_fd(context, fd, POLLIN, nullptr, place);
  return -error;
}

int LV_COROUTINE_FN send_once(AioContext& context, int fd, const msghdr& message,
                              Coroutine::Place place) LV_REQUIRES_CONTEXT(context) {
  TransferCompletion completion(place);
  if (context.send(completion.transfer(), fd, message))
    return completion.wait();
  const ssize_t sent = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  const int error = errno;
  if (sent >= 0)
    return static_cast<int>(sent);
  if (error == EAGAIN) {
    if (const std::error_code failed = wait_to_send(context, fd, place))
      return -failed.value();
  }
  return -error;
}

// Without the first so many bytes.
std::span<iovec> rest_of(std::span<iovec> pieces, size_t bytes) {
  while (!pieces.empty() && bytes >= pieces.front().iov_len) {
    bytes -= pieces.front().iov_len;
    pieces = pieces.subspan(1);
  }
  if (!pieces.empty()) {
    pieces.front().iov_base = static_cast<std::byte*>(pieces.front().iov_base) + bytes;
    pieces.front().iov_len -= bytes;
  }
  return pieces;
}

} // namespace

std::expected<size_t, std::error_code> co_receive(AioContext& context, int fd,
                                                  std::span<std::byte> to, Coroutine::Place place) {
  while (true) {
    const int result = receive_once(context, fd, to, place);
    if (result >= 0)
      return static_cast<size_t>(result);
    if (!is_transient(-result))
      return std::unexpected(error_of(-result));
  }
}

std::error_code co_send(AioContext& context, int fd, std::span<iovec> pieces,
                        Coroutine::Place place) {
  pieces = rest_of(pieces, 0);
  while (!pieces.empty()) {
    msghdr message = {};
    message.msg_iov = pieces.data();
    message.msg_iovlen = std::min<size_t>(pieces.size(), IOV_MAX);
    const int result = send_once(context, fd, message, place);
    if (result >= 0)
      pieces = rest_of(pieces, static_cast<size_t>(result));
    else if (!is_transient(-result))
      return error_of(-result);
  }
  return {};
}

} // namespace lockvet::runtime
