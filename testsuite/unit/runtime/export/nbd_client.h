// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A client that blocks, in the thread of the test, and sends what the test wants rather than what
// the protocol does. It owns its socket.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_NBD_CLIENT_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_NBD_CLIENT_H

#include "nbd_bytes.h"
#include "runtime/aio/file_descriptor.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <span>
#include <sys/socket.h>
#include <sys/un.h>

namespace lockvet::runtime::nbd {

class Client {
public:
  explicit Client(const std::string& path) : socket_(socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(connect(fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  // At the local port.
  explicit Client(uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }

  virtual ~Client() = default;

  int fd() const { return socket_.get(); }

  // Whether all of it was taken.
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = put(text);
      if (sent <= 0)
        return false;
      text.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  // So many bytes, or those that come before the end.
  Text receive(size_t bytes) {
    Text text = std::exchange(ahead_, {});
    while (text.size() < bytes && receive_some(text)) {
    }
    ahead_ = text.substr(std::min(bytes, text.size()));
    text.resize(std::min(bytes, text.size()));
    return text;
  }
  // Whether there is nothing more to come.
  bool at_end() { return receive(1).empty(); }
  void send_end() { shutdown(fd(), SHUT_WR); }
  void close() { socket_ = FileDescriptor(); }

  // The greeting, and the export with all that can be negotiated, or by its name alone.
  void negotiate(const Text& name, bool structured,
                 const std::vector<Text>& metadata = {allocation_context}) {
    greet();
    agree(name, structured, metadata);
  }
  void greet() {
    EXPECT_EQ(receive(18), "NBDMAGICIHAVEOPT" + big(3, 2));
    send(client_flags());
  }
  void agree(const Text& name, bool structured, const std::vector<Text>& metadata) {
    if (!structured) {
      send(option(Option::export_name, name));
      EXPECT_EQ(receive(10).size(), 10U);
      return;
    }
    send(option(Option::structured_reply) +
         option(Option::set_meta_context, context_data(name, metadata)) +
         option(Option::go, info_data(name)));
    unsigned acks = 0;
    while (acks < 3) {
      const auto parsed = option_answer();
      ASSERT_TRUE(parsed.has_value());
      acks += parsed->type == OptionReply::ack ? 1 : 0;
      ASSERT_LT(static_cast<uint32_t>(parsed->type), 0x80000000U) << parsed->data;
    }
  }

  std::optional<OptionAnswer> option_answer() {
    Text answer = receive(20);
    if (answer.size() == 20)
      answer += receive(number_at(answer, 16, 4));
    return take_answer(answer);
  }

  // The next reply; its error is all ones at the end of the stream.
  Answer reply() {
    Text text = receive(16);
    if (text.size() == 16 && number_at(text, 0, 4) == structured_reply_magic) {
      text += receive(4);
      text += receive(number_at(text, 16, 4));
    }
    auto answer = take_reply(text);
    return answer ? *answer : Answer{.error = 0xffff'ffff};
  }
  Answer ask(Command command, uint64_t offset, uint32_t length, const Text& payload = {},
             uint16_t flags = 0) {
    send(request(command, ++cookie_, offset, length, flags) + payload);
    Answer answer = reply();
    EXPECT_TRUE(answer.cookie == cookie_ || answer.error == 0xffff'ffff);
    return answer;
  }
  // Of a session with structured replies.
  Text read(uint64_t offset, uint32_t length) {
    const Answer answer = ask(Command::read, offset, length);
    EXPECT_EQ(answer.error, 0U);
    EXPECT_EQ(answer.type, Chunk::offset_data);
    if (answer.payload.size() < 8)
      return {};
    EXPECT_EQ(number_at(answer.payload, 0, 8), offset);
    return answer.payload.substr(8);
  }
  uint32_t write(uint64_t offset, const Text& data, uint16_t flags = 0) {
    return ask(Command::write, offset, static_cast<uint32_t>(data.size()), data, flags).error;
  }

protected:
  // As send(2) and recv(2) do.
  virtual ssize_t put(std::string_view text) {
    return ::send(fd(), text.data(), text.size(), MSG_NOSIGNAL);
  }
  virtual ssize_t get(std::span<char> to) { return recv(fd(), to.data(), to.size(), 0); }

private:
  bool receive_some(Text& to) {
    char buffer[65536];
    const ssize_t received = get(buffer);
    if (received > 0)
      to.append(buffer, static_cast<size_t>(received));
    return received > 0;
  }

  FileDescriptor socket_;
  Text ahead_;
  uint64_t cookie_ = 0;
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_NBD_CLIENT_H
