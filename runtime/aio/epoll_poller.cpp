// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/aio/file_descriptor.h"
#include "runtime/aio/poller.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <limits>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

namespace lockvet::runtime {

namespace {

constexpr uint64_t wake_token = ~uint64_t{0};

// The bits of poll(2) and of epoll are the same, which is what lets tokens of one mean the other.
static_assert(POLLIN == EPOLLIN && POLLOUT == EPOLLOUT && POLLERR == EPOLLERR &&
              POLLHUP == EPOLLHUP && POLLPRI == EPOLLPRI);

std::error_code last_error() {
  return {errno, std::generic_category()};
}

class EpollPoller final : public Poller {
public:
  std::error_code initialise() {
    epoll_ = FileDescriptor(epoll_create1(EPOLL_CLOEXEC));
    wake_fd_ = FileDescriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!epoll_.valid() || !wake_fd_.valid())
      return last_error();
    epoll_event event = {.events = EPOLLIN, .data = {.u64 = wake_token}};
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_fd_.get(), &event) != 0)
      return last_error();
    return {};
  }

  std::error_code arm(int fd, unsigned events, uint64_t token) override {
    return add(fd, events | EPOLLONESHOT, token);
  }

  std::error_code arm_edges(int fd, unsigned events, uint64_t token) override {
    return add(fd, events | EPOLLET, token);
  }

  void disarm(int fd, uint64_t) override { epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

  bool receive(int, std::span<std::byte>, uint64_t) override { return false; }
  bool send(int, const msghdr&, uint64_t) override { return false; }
  bool read_at(int, std::span<const iovec>, uint64_t, uint64_t) override { return false; }
  bool write_at(int, std::span<const iovec>, uint64_t, int, uint64_t) override { return false; }

  void wait(std::optional<std::chrono::nanoseconds> timeout) override {
    if (next_ < count_)
      return;
    next_ = 0;
    count_ = 0;
    const int found = epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()),
                                 milliseconds(timeout));
    count_ = found > 0 ? static_cast<unsigned>(found) : 0;
  }

  std::optional<Event> next_event() override {
    while (next_ < count_) {
      const epoll_event& event = events_[next_++];
      if (event.data.u64 != wake_token)
        return Event{event.data.u64, event.events};
      uint64_t wakes = 0;
      (void)!read(wake_fd_.get(), &wakes, sizeof wakes);
    }
    return std::nullopt;
  }

  bool has_event() override {
    wait(std::chrono::nanoseconds::zero());
    return next_ < count_;
  }

  void wake() noexcept override {
    const uint64_t one = 1;
    (void)!write(wake_fd_.get(), &one, sizeof one);
  }

  const char* name() const noexcept override { return "epoll"; }

private:
  std::error_code add(int fd, unsigned events, uint64_t token) {
    epoll_event event = {.events = events, .data = {.u64 = token}};
    // It knows the descriptor from when it was armed before, unless that was closed meanwhile.
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0)
      return {};
    if (errno == ENOENT && epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0)
      return {};
    return last_error();
  }

  // Rounded up, since a timer must not be looked at before its time, over and over.
  static int milliseconds(std::optional<std::chrono::nanoseconds> timeout) {
    if (!timeout)
      return -1;
    const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(*timeout).count();
    return static_cast<int>(std::min<decltype(rounded)>(rounded, std::numeric_limits<int>::max()));
  }

  FileDescriptor epoll_;
  FileDescriptor wake_fd_;
  std::array<epoll_event, 64> events_;
  unsigned next_ = 0;
  unsigned count_ = 0;
};

} // namespace

std::expected<std::unique_ptr<Poller>, std::error_code> Poller::make_epoll() {
  auto poller = std::make_unique<EpollPoller>();
  if (const std::error_code error = poller->initialise())
    return std::unexpected(error);
  return poller;
}

} // namespace lockvet::runtime
