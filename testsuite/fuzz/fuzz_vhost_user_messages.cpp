// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes as messages of a vhost-user front end, with descriptors, through a socket to a session
// over a device of memory. Each has a byte for how many descriptors come along and of which kind,
// before the message as it is. Answers are those of the protocol, nothing waits for ever, and no
// descriptor is left open.

#include "holds.h"
#include "runtime/export/memory_device.h"
#include "runtime/export/vhost_user/session.h"

#include <array>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>

using namespace lockvet::runtime;
using namespace lockvet::runtime::vhost_user;
using lockvet::fuzz::holds;

namespace {

constexpr uint64_t kDiskBytes = 64 * 1024;
constexpr off_t kMemoryBytes = 64 * 1024;

AioContext& context() {
  static const std::unique_ptr<AioContext> made = std::move(*AioContext::create());
  return *made;
}

unsigned open_descriptors() {
  unsigned count = 0;
  for (int fd = 0; fd < 256; ++fd)
    count += fcntl(fd, F_GETFD) >= 0 ? 1U : 0U;
  return count;
}

// What a front end passes: memory that can be sealed or not, something to kick by, and what is
// neither.
FileDescriptor descriptor_of_kind(unsigned kind) {
  if (kind == 0)
    return FileDescriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (kind == 3)
    return FileDescriptor(open("/dev/null", O_RDWR | O_CLOEXEC));
  FileDescriptor memory(memfd_create("fuzz", MFD_CLOEXEC | (kind == 1 ? MFD_ALLOW_SEALING : 0U)));
  holds(ftruncate(memory.get(), kMemoryBytes) == 0, "there is memory");
  return memory;
}

class Input {
public:
  explicit Input(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  bool empty() const { return bytes_.empty(); }
  std::span<const uint8_t> take(size_t count) {
    const auto taken = bytes_.first(std::min(count, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }

private:
  std::span<const uint8_t> bytes_;
};

// One message as it is; its header says how long it is.
void send_next(Input& input, int socket) {
  const uint8_t choice = input.take(1)[0];
  std::vector<FileDescriptor> descriptors;
  for (unsigned count = choice & 15U; count > 0; --count)
    descriptors.push_back(descriptor_of_kind(choice >> 4 & 3U));
  const auto head = input.take(sizeof(MessageHeader));
  MessageHeader header = {};
  std::memcpy(&header, head.data(), head.size());
  const auto payload = input.take(std::min<size_t>(header.size, most_payload_bytes));
  std::vector<uint8_t> bytes(head.begin(), head.end());
  bytes.insert(bytes.end(), payload.begin(), payload.end());

  iovec piece{bytes.data(), bytes.size()};
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(15 * sizeof(int))> control = {};
  msghdr message = {};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (!descriptors.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(descriptors.size() * sizeof(int));
    cmsghdr* const first = CMSG_FIRSTHDR(&message);
    first->cmsg_level = SOL_SOCKET;
    first->cmsg_type = SCM_RIGHTS;
    first->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
    for (size_t index = 0; index < descriptors.size(); ++index) {
      const int fd = descriptors[index].get();
      std::memcpy(CMSG_DATA(first) + index * sizeof fd, &fd, sizeof fd);
    }
  }
  (void)sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

// Takes all answers that are there; descriptors of them are closed.
void check_answers(int socket) {
  while (true) {
    MessageHeader header = {};
    iovec piece{&header, sizeof header};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control = {};
    msghdr message = {};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t received = recvmsg(socket, &message, MSG_DONTWAIT);
    if (received <= 0)
      return;
    if (const cmsghdr* const first = CMSG_FIRSTHDR(&message); first != nullptr) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(first), sizeof fd);
      const FileDescriptor closing(fd);
    }
    holds(received == sizeof header, "an answer has a header");
    holds((header.flags & (version_mask | flag_reply)) == (version | flag_reply),
          "an answer says that it is one");
    holds(header.size <= most_payload_bytes, "an answer is not longer than what was asked");
    std::array<std::byte, most_payload_bytes> payload;
    if (header.size > 0)
      holds(recv(socket, payload.data(), header.size, MSG_DONTWAIT) ==
                static_cast<ssize_t>(header.size),
            "an answer is whole");
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  AioContext& home = context();
  home.assert_home();
  static const auto disk = std::move(*MemoryDevice::create(kDiskBytes));
  const unsigned before = open_descriptors();
  {
    int ends[2];
    holds(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "there are sockets");
    const FileDescriptor client(ends[1]);
    FileDescriptor server(ends[0]);
    Cancellation stop;
    const ServerOptions options{.queues = 2, .queue_size = 8};
    const ContextMapping mapping = ContextMapping::all_on(home);
    bool running = Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
      Session session(home, std::move(server), *disk, mapping, options);
      session.assert_home();
      (void)session.co_run(stop);
      session.co_end();
      running = false;
    });
    Input input({data, size});
    while (!input.empty() && running) {
      send_next(input, client.get());
      // It takes them while more come.
      for (int turn = 0; turn < 3; ++turn)
        home.poll(false);
      check_answers(client.get());
    }
    shutdown(client.get(), SHUT_WR);
    while (running)
      home.poll(true);
    check_answers(client.get());
  }
  holds(open_descriptors() == before, "nothing is left open");
  return 0;
}
