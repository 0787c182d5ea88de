// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/vhost_user/message.h"

#include "runtime/aio/co_wait.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace lockvet::runtime::vhost_user {

namespace {

// Room for the descriptors of one message, aligned as the kernel wants it.
union ControlBuffer {
  cmsghdr aligned;
  std::array<std::byte, CMSG_SPACE(most_descriptors * sizeof(int))> bytes;
};

// Takes over every descriptor that has come, also of messages that are then refused.
void take_descriptors(msghdr& received, std::vector<FileDescriptor>& to) {
  for (cmsghdr* one = CMSG_FIRSTHDR(&received); one != nullptr; one = CMSG_NXTHDR(&received, one)) {
    if (one->cmsg_level != SOL_SOCKET || one->cmsg_type != SCM_RIGHTS)
      continue;
    const size_t count = (one->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t index = 0; index < count; ++index) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(one) + index * sizeof fd, sizeof fd);
      to.emplace_back(fd);
    }
  }
}

std::string sentence(const char* what, int number) {
  return std::string(what) + ": " + std::generic_category().message(number);
}

constexpr const char* cut_short = "the stream ends within a message";

// Fills the memory, or says why not; descriptors come with the first bytes. Fewer than asked for
// only if nothing has come: no error then, and the stream has ended.
class Receiver {
public:
  Receiver(int socket, std::vector<FileDescriptor>* descriptors)
      : socket_(socket), descriptors_(descriptors) {}

  // Whether all is there; no answer if the front end, or the stop, has to be waited for.
  std::expected<std::optional<bool>, std::string> receive(std::span<std::byte> to) {
    while (done_ < to.size()) {
      iovec piece{to.data() + done_, to.size() - done_};
      ControlBuffer control;
      msghdr message = {};
      message.msg_iov = &piece;
      message.msg_iovlen = 1;
      if (descriptors_ != nullptr) {
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
      }
      const ssize_t received = recvmsg(socket_, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
      if (received < 0) {
        const int error = errno;
        if (error == EINTR)
          continue;
        if (error == EAGAIN)
          return std::nullopt;
        return std::unexpected(sentence("can't receive", error));
      }
      take_descriptors(message, *descriptors_);
      if ((message.msg_flags & MSG_CTRUNC) != 0)
        return std::unexpected("a message comes with more than " +
                               std::to_string(most_descriptors) + " descriptors");
      if (received == 0)
        return false;
      done_ += static_cast<size_t>(received);
    }
    return true;
  }
  bool begun() const { return done_ > 0; }

private:
  const int socket_;
  std::vector<FileDescriptor>* const descriptors_;
  size_t done_ = 0;
};

// Whether all is there; not if the stream has ended, or the stop was requested, before it began.
std::expected<bool, std::string>
    LV_COROUTINE_FN co_receive_all(AioContext& context, int socket, std::span<std::byte> to,
                                   Message& message, Cancellation& stop)
        LV_REQUIRES_CONTEXT(context) {
  Receiver receiver(socket, &message.descriptors);
  while (true) {
    auto done = receiver.receive(to);
    if (!done)
      return std::unexpected(std::move(done.error()));
    if (*done) {
      if (!**done && receiver.begun())
        return std::unexpected(cut_short);
      return **done;
    }
    if (!co_wait_fd(context, socket, POLLIN, &stop))
      return false;
  }
}

} // namespace

std::expected<std::optional<Message>, std::string>
co_receive_message(AioContext& context, int socket, Cancellation& stop) {
  Message message;
  const auto head = co_receive_all(
      context, socket, std::as_writable_bytes(std::span(&message.header, 1)), message, stop);
  if (!head)
    return std::unexpected(head.error());
  if (!*head)
    return std::nullopt;
  if ((message.header.flags & version_mask) != version)
    return std::unexpected("a message is not of version 1");
  if (message.header.size > most_payload_bytes)
    return std::unexpected("a message announces " + std::to_string(message.header.size) +
                           " bytes; " + std::to_string(most_payload_bytes) + " is the limit");
  message.payload.resize(message.header.size);
  const auto body = co_receive_all(context, socket, message.payload, message, stop);
  if (!body)
    return std::unexpected(body.error());
  if (!*body) {
    if (stop.requested())
      return std::nullopt;
    return std::unexpected(cut_short);
  }
  return message;
}

std::error_code send_message(int socket, const MessageHeader& header,
                             std::span<const std::byte> payload, int descriptor) {
  std::array<iovec, 2> pieces{
      iovec{const_cast<MessageHeader*>(&header), sizeof header},
      iovec{const_cast<std::byte*>(payload.data()), payload.size()},
  };
  ControlBuffer control = {};
  msghdr message = {};
  message.msg_iov = pieces.data();
  message.msg_iovlen = pieces.size();
  if (descriptor >= 0) {
    message.msg_control = &control;
    message.msg_controllen = CMSG_SPACE(sizeof descriptor);
    cmsghdr* const first = CMSG_FIRSTHDR(&message);
    first->cmsg_level = SOL_SOCKET;
    first->cmsg_type = SCM_RIGHTS;
    first->cmsg_len = CMSG_LEN(sizeof descriptor);
    std::memcpy(CMSG_DATA(first), &descriptor, sizeof descriptor);
  }
  ssize_t sent = 0;
  do {
    sent = sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0)
    return {errno, std::generic_category()};
  if (static_cast<size_t>(sent) != sizeof header + payload.size())
    return std::make_error_code(std::errc::no_buffer_space);
  return {};
}

} // namespace lockvet::runtime::vhost_user
