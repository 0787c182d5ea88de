// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The ring has one issuer, its home thread, and runs completions only when that asks for them
// (IORING_SETUP_SINGLE_ISSUER and IORING_SETUP_DEFER_TASKRUN, Linux 6.1), so that no interrupt
// disturbs what the thread does. Older kernels get a ring without. Arming is a request in the ring,
// which goes to the kernel with the wait that follows: it costs no system call.

#include "runtime/aio/file_descriptor.h"
#include "runtime/aio/poller.h"

#include <algorithm>
#include <cerrno>
#include <liburing.h>
#include <poll.h>
#include <sys/eventfd.h>

namespace lockvet::runtime {

namespace {

constexpr unsigned ring_entries = 256;
// What is no descriptor's: the answer to a removal, and another thread's wake-up.
constexpr uint64_t removal_token = ~uint64_t{0};
constexpr uint64_t wake_token = removal_token - 1;

std::error_code error_of(int number) {
  return {number, std::generic_category()};
}

class IoUringPoller final : public Poller {
public:
  IoUringPoller() = default;
  IoUringPoller(const IoUringPoller&) = delete;
  IoUringPoller& operator=(const IoUringPoller&) = delete;
  ~IoUringPoller() override {
    if (initialised_)
      io_uring_queue_exit(&ring_);
  }

  std::error_code initialise() {
    wake_fd_ = FileDescriptor(eventfd(0, EFD_CLOEXEC));
    if (!wake_fd_.valid())
      return error_of(errno);
    int result = -EINVAL;
    for (const unsigned flags :
         {IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
          0U}) {
      io_uring_params parameters = {};
      parameters.flags = flags;
      result = io_uring_queue_init_params(ring_entries, &ring_, &parameters);
      if (result == 0) {
        initialised_ = true;
        // Without these, waiting with a time limit, many events at once, and edges, which came with
        // the last, would need more care than kernels before 5.13 are worth.
        constexpr unsigned needed =
            IORING_FEAT_EXT_ARG | IORING_FEAT_NODROP | IORING_FEAT_RSRC_TAGS;
        if ((parameters.features & needed) != needed)
          return error_of(ENOSYS);
        break;
      }
      if (result != -EINVAL)
        break;
    }
    if (result != 0)
      return error_of(-result);
    arm_wake();
    return {};
  }

  std::error_code arm(int fd, unsigned events, uint64_t token) override {
    io_uring_sqe* const entry = free_entry();
    io_uring_prep_poll_add(entry, fd, events);
    io_uring_sqe_set_data64(entry, token);
    return {};
  }

  std::error_code arm_edges(int fd, unsigned events, uint64_t token) override {
    io_uring_sqe* const entry = free_entry();
    io_uring_prep_poll_multishot(entry, fd, events);
    io_uring_sqe_set_data64(entry, token);
    return {};
  }

  void disarm(int, uint64_t token) override {
    io_uring_sqe* const entry = free_entry();
    io_uring_prep_poll_remove(entry, token);
    io_uring_sqe_set_data64(entry, removal_token);
    // At once, and with what completes: until then the ring keeps the file open, also after its
    // owner has closed it.
    io_uring_submit_and_get_events(&ring_);
  }

  bool receive(int fd, std::span<std::byte> to, uint64_t token) override {
    io_uring_sqe* const entry = free_entry();
    io_uring_prep_recv(entry, fd, to.data(), to.size(), 0);
    io_uring_sqe_set_data64(entry, token);
    return true;
  }

  bool send(int fd, const msghdr& message, uint64_t token) override {
    io_uring_sqe* const entry = free_entry();
    // The kernel goes on by itself where a socket takes only a part.
    io_uring_prep_sendmsg(entry, fd, &message, MSG_NOSIGNAL | MSG_WAITALL);
    io_uring_sqe_set_data64(entry, token);
    return true;
  }

  bool read_at(int fd, std::span<const iovec> to, uint64_t offset, uint64_t token) override {
    io_uring_sqe* const entry = free_entry();
    // One piece costs the kernel less than a list that it has to copy.
    if (to.size() == 1)
      io_uring_prep_read(entry, fd, to[0].iov_base, length_of(to[0]), offset);
    else
      io_uring_prep_readv(entry, fd, to.data(), static_cast<unsigned>(to.size()), offset);
    io_uring_sqe_set_data64(entry, token);
    return true;
  }

  bool write_at(int fd, std::span<const iovec> from, uint64_t offset, int flags,
                uint64_t token) override {
    io_uring_sqe* const entry = free_entry();
    if (from.size() == 1)
      io_uring_prep_write(entry, fd, from[0].iov_base, length_of(from[0]), offset);
    else
      io_uring_prep_writev(entry, fd, from.data(), static_cast<unsigned>(from.size()), offset);
    entry->rw_flags = flags;
    io_uring_sqe_set_data64(entry, token);
    return true;
  }

  void wait(std::optional<std::chrono::nanoseconds> timeout) override {
    if (timeout && *timeout <= std::chrono::nanoseconds::zero()) {
      if (io_uring_sq_ready(&ring_) > 0 || kernel_has_work())
        io_uring_submit_and_get_events(&ring_);
      return;
    }
    if (io_uring_cq_ready(&ring_) > 0)
      return;
    io_uring_cqe* first = nullptr;
    if (!timeout) {
      // An interruption by a signal is as good an end as any: the caller looks and comes again.
      io_uring_submit_and_wait(&ring_, 1);
      return;
    }
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*timeout);
    __kernel_timespec limit = {.tv_sec = seconds.count(), .tv_nsec = (*timeout - seconds).count()};
    io_uring_submit_and_wait_timeout(&ring_, &first, 1, &limit, nullptr);
  }

  std::optional<Event> next_event() override {
    io_uring_cqe* entry = nullptr;
    while (io_uring_peek_cqe(&ring_, &entry) == 0) {
      const uint64_t token = entry->user_data;
      const int result = entry->res;
      const bool again = (entry->flags & IORING_CQE_F_MORE) == 0;
      io_uring_cqe_seen(&ring_, entry);
      if (token == wake_token)
        arm_wake();
      else if (token == removal_token)
        continue;
      else if ((token & transfer_bit) != 0)
        return Event{token, 0, result};
      else if (result != -ECANCELED)
        return Event{token, result < 0 ? unsigned{POLLNVAL} : static_cast<unsigned>(result), 0,
                     again};
    }
    return std::nullopt;
  }

  bool has_event() override {
    // What is armed can happen only once the kernel knows of it.
    if (io_uring_sq_ready(&ring_) > 0)
      io_uring_submit(&ring_);
    return io_uring_cq_ready(&ring_) > 0 || kernel_has_work();
  }

  void wake() noexcept override {
    const uint64_t one = 1;
    // It fails only when the counter is full, and then the other side is awake.
    (void)!write(wake_fd_.get(), &one, sizeof one);
  }

  const char* name() const noexcept override { return "io_uring"; }

private:
  // Completions that wait for the home thread to enter the kernel.
  bool kernel_has_work() const {
    return (IO_URING_READ_ONCE(*ring_.sq.kflags) & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) !=
           0;
  }

  // The caller goes on from where the kernel stops, which is before 2 GiB in any case.
  static unsigned length_of(const iovec& piece) {
    return static_cast<unsigned>(std::min<size_t>(piece.iov_len, size_t{1} << 30));
  }

  io_uring_sqe* free_entry() {
    io_uring_sqe* entry = io_uring_get_sqe(&ring_);
    while (entry == nullptr) {
      io_uring_submit(&ring_);
      entry = io_uring_get_sqe(&ring_);
    }
    return entry;
  }

  void arm_wake() {
    io_uring_sqe* const entry = free_entry();
    io_uring_prep_read(entry, wake_fd_.get(), &wakes_, sizeof wakes_, 0);
    io_uring_sqe_set_data64(entry, wake_token);
  }

  io_uring ring_ = {};
  bool initialised_ = false;
  FileDescriptor wake_fd_;
  uint64_t wakes_ = 0;
};

} // namespace

std::expected<std::unique_ptr<Poller>, std::error_code> Poller::make_io_uring() {
  auto poller = std::make_unique<IoUringPoller>();
  if (const std::error_code error = poller->initialise())
    return std::unexpected(error);
  return poller;
}

} // namespace lockvet::runtime
