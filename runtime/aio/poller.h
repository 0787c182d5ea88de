// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How an event loop waits for file descriptors, for time and for other threads. It belongs to an
// AioContext and all but wake() is for its home thread. There are two: on io_uring, and on epoll
// for kernels without. Both report a descriptor once, and want it armed again after that, unless
// they are to report edges.

#ifndef LOCKVET_RUNTIME_AIO_POLLER_H
#define LOCKVET_RUNTIME_AIO_POLLER_H

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <sys/socket.h>
#include <sys/uio.h>
#include <system_error>

namespace lockvet::runtime {

using Clock = std::chrono::steady_clock;

class Poller {
public:
  struct Event {
    uint64_t token;
    // POLLIN and so on, as for poll(2). POLLNVAL if the descriptor can't be polled any more.
    unsigned events;
    // Of a transfer: bytes, or an error number below zero.
    int result = 0;
    // Of edges: they are not reported any more, and have to be armed again.
    bool again = false;
  };

  virtual ~Poller() = default;

  // Reports `fd` as `token` when one of the events happens, once. Each token is armed at most once
  // at a time. An error if this kind of descriptor can't be waited for.
  virtual std::error_code arm(int fd, unsigned events, uint64_t token) = 0;
  // Reports it whenever one of the events happens anew, also where nobody has taken what happened
  // before, until it is disarmed.
  virtual std::error_code arm_edges(int fd, unsigned events, uint64_t token) = 0;
  // Forgets a descriptor that is armed, and lets go of it. An event of it may still be reported, if
  // it had happened.
  virtual void disarm(int fd, uint64_t token) = 0;

  // Tokens of transfers have it, and those of descriptors do not.
  static constexpr uint64_t transfer_bit = uint64_t{1} << 63;

  // Receive into memory and send a message without system calls of their own, and report `token`
  // when that has ended, which shutdown(2) of the socket brings about. Memory and message stay
  // until then. False, and nothing happens, if this poller can't.
  virtual bool receive(int fd, std::span<std::byte> to, uint64_t token) = 0;
  virtual bool send(int fd, const msghdr& message, uint64_t token) = 0;
  // The same of a file at an offset, in pieces whose list stays, too; `flags` are RWF_* of
  // pwritev2(2).
  virtual bool read_at(int fd, std::span<const iovec> to, uint64_t offset, uint64_t token) = 0;
  virtual bool write_at(int fd, std::span<const iovec> from, uint64_t offset, int flags,
                        uint64_t token) = 0;

  // Waits until there is an event, until woken, or for `timeout` at most: for ever without one, and
  // not at all if it is zero.
  virtual void wait(std::optional<std::chrono::nanoseconds> timeout) = 0;
  // The next event that wait() has found.
  virtual std::optional<Event> next_event() = 0;
  // Whether waiting would come back at once, as far as can be told without a system call.
  virtual bool has_event() = 0;

  // Makes a wait() that goes on, or else the next one, come back. From any thread.
  virtual void wake() noexcept = 0;

  virtual const char* name() const noexcept = 0;

  static std::expected<std::unique_ptr<Poller>, std::error_code> make_io_uring();
  static std::expected<std::unique_ptr<Poller>, std::error_code> make_epoll();
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_POLLER_H
