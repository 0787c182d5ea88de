// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes as requests to an NBD server, through a socket to a device of memory. The first byte
// chooses what was negotiated. Each request that is whole has its one reply, which says what a flat
// model says, and nothing waits for ever.

#include "holds.h"
#include "runtime/aio/co_socket.h"
#include "runtime/aio/file_descriptor.h"
#include "runtime/export/memory_device.h"
#include "runtime/export/nbd/transmission.h"
#include "runtime/export/nbd/wire.h"

#include <algorithm>
#include <sys/socket.h>

using namespace lockvet::runtime;
using lockvet::fuzz::holds;
using nbd::Command;

namespace {

constexpr uint64_t kDiskBytes = 64 * 1024;

struct Reply {
  uint64_t cookie = 0;
  uint32_t error = 0;
  std::string data;
  auto operator<=>(const Reply&) const = default;
};

nbd::Session session_of(uint8_t choice, const std::shared_ptr<nbd::Export>& served) {
  nbd::Session session{.served = served, .size = served->size()};
  session.structured = (choice & 1) != 0;
  if ((choice & 3) == 3)
    session.metadata = {nbd::allocation_context_id};
  session.read_only = (choice & 4) != 0;
  session.minimum_block = (choice & 8) != 0 ? 512 : 1;
  session.most_payload_bytes = (choice & 16) != 0 ? 2048 : nbd::usual_payload_bytes;
  return session;
}

// What should be answered. The device never waits, so that requests are done in their order.
std::vector<Reply> expected(std::span<const std::byte> input, const nbd::Session& session) {
  std::string disk(kDiskBytes, '\0');
  std::vector<Reply> replies;
  while (input.size() >= nbd::request_bytes) {
    const auto header = nbd::parse_request(input.first<nbd::request_bytes>());
    if (!header || header->command == Command::disconnect ||
        header->payload_bytes() > input.size() - nbd::request_bytes)
      break;
    const char* const payload = reinterpret_cast<const char*>(input.data()) + nbd::request_bytes;
    input = input.subspan(nbd::request_bytes + header->payload_bytes());
    const nbd::Verdict verdict = nbd::check_request(*header, session);
    Reply reply{header->cookie, static_cast<uint32_t>(verdict.error), {}};
    if (verdict.error == nbd::Error::none) {
      if (header->command == Command::read)
        reply.data = disk.substr(header->offset, header->length);
      else if (header->command == Command::write)
        disk.replace(header->offset, header->length, payload, header->length);
      else if (header->command == Command::write_zeroes || header->command == Command::trim)
        disk.replace(header->offset, header->length, header->length, '\0');
    }
    replies.push_back(std::move(reply));
  }
  return replies;
}

// Of a session with structured replies, where their lengths are in them.
std::vector<Reply> parse_replies(std::span<const std::byte> sent) {
  std::vector<Reply> replies;
  while (!sent.empty()) {
    holds(sent.size() >= nbd::simple_reply_bytes, "a reply is whole");
    const auto magic = nbd::load<uint32_t>(sent.data());
    if (magic == nbd::simple_reply_magic) {
      replies.push_back(
          {nbd::load<uint64_t>(sent.data() + 8), nbd::load<uint32_t>(sent.data() + 4), {}});
      sent = sent.subspan(nbd::simple_reply_bytes);
      continue;
    }
    holds(magic == nbd::structured_reply_magic && sent.size() >= nbd::chunk_header_bytes,
          "a reply begins as one");
    const auto type = static_cast<nbd::Chunk>(nbd::load<uint16_t>(sent.data() + 6));
    const auto bytes = nbd::load<uint32_t>(sent.data() + 16);
    holds(bytes <= sent.size() - nbd::chunk_header_bytes, "a chunk is whole");
    const auto payload = sent.subspan(nbd::chunk_header_bytes, bytes);
    Reply reply{nbd::load<uint64_t>(sent.data() + 8), 0, {}};
    if (type == nbd::Chunk::error)
      reply.error = nbd::load<uint32_t>(payload.data());
    if (type == nbd::Chunk::offset_data)
      reply.data.assign(reinterpret_cast<const char*>(payload.data()) + 8, bytes - 8);
    replies.push_back(std::move(reply));
    sent = sent.subspan(nbd::chunk_header_bytes + bytes);
  }
  return replies;
}

AioContext& context() {
  static const std::unique_ptr<AioContext> made = std::move(*AioContext::create());
  return *made;
}

// Sends the input, and returns what comes back until the server closes.
std::vector<std::byte> answer(std::span<const std::byte> input, const nbd::Session& session) {
  AioContext& home = context();
  home.assert_home();
  int ends[2];
  holds(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "there are sockets");
  SocketStream server{FileDescriptor(ends[0])};
  const FileDescriptor client(ends[1]);
  int running = 3;
  bool spawned = Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
    nbd::ReceiveBuffer received;
    nbd::MemoryBudget budget(2048, std::chrono::hours(1));
    // Low, so that both are reached.
    nbd::Transmission transmission(home, server, received, session,
                                   {.most_requests = 4, .most_bytes = 4096, .most_own_bytes = 2048},
                                   {budget, {[](void*) {}, nullptr}});
    transmission.assert_home();
    (void)transmission.co_run();
    server.shut_down();
    --running;
  });
  spawned &= Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
    home.assert_home();
    iovec piece{const_cast<std::byte*>(input.data()), input.size()};
    // It fails where the server has found an error before the end.
    (void)co_send(home, client.get(), {&piece, 1});
    shutdown(client.get(), SHUT_WR);
    --running;
  });
  std::vector<std::byte> sent;
  spawned &= Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
    home.assert_home();
    std::vector<std::byte> buffer(64 * 1024);
    while (const auto bytes = co_receive(home, client.get(), buffer).value_or(0))
      sent.insert(sent.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(bytes));
    --running;
  });
  holds(spawned, "the loop takes coroutines");
  while (running > 0)
    home.poll(true);
  return sent;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  const auto disk = std::move(*MemoryDevice::create(kDiskBytes));
  const auto served =
      std::make_shared<nbd::Export>(nbd::ExportOptions{.name = "disk", .device = disk.get()});
  const nbd::Session session = session_of(data[0], served);
  const auto input = std::as_bytes(std::span(data + 1, size - 1));
  std::vector<Reply> wanted = expected(input, session);
  const std::vector<std::byte> sent = answer(input, session);
  if (!session.structured) {
    size_t bytes = 0;
    for (const Reply& reply : wanted)
      bytes += nbd::simple_reply_bytes + reply.data.size();
    holds(sent.size() == bytes, "simple replies have their lengths");
    return 0;
  }
  std::vector<Reply> got = parse_replies(sent);
  std::sort(got.begin(), got.end());
  std::sort(wanted.begin(), wanted.end());
  holds(got == wanted, "every request has the reply that it should");
  return 0;
}
