// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/aio/co_accept.h"

#include "runtime/aio/co_wait.h"

#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace lockvet::runtime {

namespace {

using namespace std::chrono_literals;

// How long to wait where the process or the machine has no descriptor left, until it may.
constexpr auto until_descriptors = 100ms;

} // namespace

std::expected<FileDescriptor, std::error_code> co_accept(AioContext& context,
                                                         const ListeningSocket& socket,
                                                         Cancellation& stop,
                                                         Coroutine::Place place) {
  while (!stop.requested()) {
    FileDescriptor accepted(accept4(socket.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    if (accepted.valid())
      return accepted;
    const std::error_code error(errno, std::generic_category());
    if (error == std::errc::resource_unavailable_try_again) {
      (void)co_wait_fd(context, socket.fd(), POLLIN, &stop, place);
    } else if (error != std::errc::connection_aborted && error != std::errc::interrupted) {
      (void)co_sleep_until(context, Clock::now() + until_descriptors, &stop, place);
      return std::unexpected(error);
    }
  }
  return std::unexpected(std::make_error_code(std::errc::operation_canceled));
}

} // namespace lockvet::runtime
