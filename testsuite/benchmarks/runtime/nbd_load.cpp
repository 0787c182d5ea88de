// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A client that puts an NBD server under load and costs little itself: so many requests in flight
// on each of its connections, each random, 4 KiB, and what is free after a receive asked for anew
// in one send.
//
//   nbd_load SOCKET NAME read|write DEPTH REQUESTS [CONNECTIONS]
//
// prints the seconds that it took; requests are those of all connections together. It runs by
// itself, in one thread.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <endian.h>
#include <poll.h>
#include <random>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <vector>

namespace {

constexpr uint32_t block_bytes = 4096;

[[noreturn]] void fail(const char* why) {
  std::fprintf(stderr, "nbd_load: %s\n", why);
  std::exit(1);
}

class Wire {
public:
  explicit Wire(const std::string& path) : fd_(socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      fail("can't connect");
  }

  void send(const void* data, size_t bytes) const {
    const char* at = static_cast<const char*>(data);
    while (bytes > 0) {
      const ssize_t sent = ::send(fd_, at, bytes, MSG_NOSIGNAL);
      if (sent <= 0)
        fail("the server has gone");
      at += sent;
      bytes -= static_cast<size_t>(sent);
    }
  }
  int fd() const { return fd_; }
  // Once.
  size_t receive(void* to, size_t bytes) const {
    const ssize_t received = recv(fd_, to, bytes, 0);
    if (received <= 0)
      fail("the server has gone");
    return static_cast<size_t>(received);
  }
  void receive_all(void* to, size_t bytes) const {
    for (char* at = static_cast<char*>(to); bytes > 0;) {
      const size_t received = receive(at, bytes);
      at += received;
      bytes -= received;
    }
  }

private:
  int fd_;
};

template <typename Number> void append(std::string& to, Number number) {
  if constexpr (sizeof number == 8)
    number = htobe64(number);
  else if constexpr (sizeof number == 4)
    number = htobe32(number);
  else
    number = htobe16(number);
  to.append(reinterpret_cast<const char*>(&number), sizeof number);
}

uint32_t number_at(const char* at) {
  uint32_t number;
  std::memcpy(&number, at, sizeof number);
  return be32toh(number);
}

// The answers to one option; returns the size of the export if it was told.
uint64_t ask(const Wire& wire, uint32_t option, const std::string& data) {
  std::string text = "IHAVEOPT";
  append(text, option);
  append(text, static_cast<uint32_t>(data.size()));
  text += data;
  wire.send(text.data(), text.size());
  uint64_t size = 0;
  while (true) {
    char header[20];
    wire.receive_all(header, sizeof header);
    std::vector<char> answer(number_at(header + 16));
    wire.receive_all(answer.data(), answer.size());
    const uint32_t type = number_at(header + 12);
    if (type == 1)
      return size;
    if ((type & 0x8000'0000) != 0)
      fail("the server refuses an option");
    if (answer.size() == 12)
      size = uint64_t{number_at(answer.data() + 2)} << 32 | number_at(answer.data() + 6);
  }
}

uint64_t negotiate(const Wire& wire, const std::string& name) {
  char greeting[18];
  wire.receive_all(greeting, sizeof greeting);
  const uint32_t flags = htobe32(3);
  wire.send(&flags, sizeof flags);
  ask(wire, 8, "");
  std::string go;
  append(go, static_cast<uint32_t>(name.size()));
  go += name;
  append(go, uint16_t{1});
  append(go, uint16_t{3});
  return ask(wire, 7, go);
}

class Load {
public:
  Load(const char* path, const char* name, bool writes)
      : wire_(path), blocks_(0, blocks_of(wire_, name) - 1), writes_(writes), buffer_(1 << 20) {}

  int fd() const { return wire_.fd(); }

  void ask_for(uint64_t requests) {
    text_.clear();
    for (; requests > 0; --requests) {
      append(text_, 0x25609513U);
      append(text_, uint16_t{0});
      append(text_, static_cast<uint16_t>(writes_ ? 1 : 0));
      append(text_, ++cookie_);
      append(text_, blocks_(random_) * block_bytes);
      append(text_, block_bytes);
      if (writes_)
        text_.append(block_bytes, 'w');
    }
    wire_.send(text_.data(), text_.size());
  }

  // How many replies have come whole.
  uint64_t receive() {
    end_ += wire_.receive(buffer_.data() + end_, buffer_.size() - end_);
    uint64_t replies = 0;
    size_t at = 0;
    while (const size_t bytes = reply_bytes(buffer_.data() + at, end_ - at)) {
      at += bytes;
      ++replies;
    }
    std::memmove(buffer_.data(), buffer_.data() + at, end_ - at);
    end_ -= at;
    return replies;
  }

private:
  static uint64_t blocks_of(const Wire& wire, const char* name) {
    const uint64_t blocks = negotiate(wire, name) / block_bytes;
    if (blocks == 0)
      fail("the export is too small");
    return blocks;
  }

  // 0 if it is not whole.
  size_t reply_bytes(const char* at, size_t there) const {
    if (there < 16)
      return 0;
    if (number_at(at) == 0x67446698) {
      if (number_at(at + 4) != 0)
        fail("a request has failed");
      return 16;
    }
    if (there < 20)
      return 0;
    if (number_at(at) != 0x668e33ef || (at[6] & 0x80) != 0)
      fail("a request has failed");
    const size_t bytes = 20 + number_at(at + 16);
    return there < bytes ? 0 : bytes;
  }

  const Wire wire_;
  std::minstd_rand random_;
  std::uniform_int_distribution<uint64_t> blocks_;
  const bool writes_;
  uint64_t cookie_ = 0;
  std::string text_;
  std::vector<char> buffer_;
  size_t end_ = 0;
};

} // namespace

int main(int count, char** arguments) {
  if (count != 6 && count != 7)
    fail("usage: nbd_load SOCKET NAME read|write DEPTH REQUESTS [CONNECTIONS]");
  const uint64_t depth = std::strtoull(arguments[4], nullptr, 10);
  const uint64_t wanted = std::strtoull(arguments[5], nullptr, 10);
  const uint64_t connections = count == 7 ? std::strtoull(arguments[6], nullptr, 10) : 1;
  std::deque<Load> loads;
  std::vector<pollfd> waiting;
  while (loads.size() < connections) {
    loads.emplace_back(arguments[1], arguments[2], std::strcmp(arguments[3], "write") == 0);
    waiting.push_back({.fd = loads.back().fd(), .events = POLLIN, .revents = 0});
  }
  const auto began = std::chrono::steady_clock::now();
  uint64_t asked = 0;
  const auto ask = [&](Load& load, uint64_t requests) {
    const uint64_t more = std::min(requests, wanted - asked);
    if (more > 0)
      load.ask_for(more);
    asked += more;
  };
  for (Load& load : loads)
    ask(load, depth);
  for (uint64_t done = 0; done < wanted;) {
    // One alone is waited for by receiving from it.
    if (connections > 1 && poll(waiting.data(), waiting.size(), 10000) <= 0)
      fail("the server does not answer");
    for (size_t index = 0; index < connections; ++index) {
      if (connections > 1 && waiting[index].revents == 0)
        continue;
      const uint64_t replies = loads[index].receive();
      done += replies;
      ask(loads[index], replies);
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%.6f\n", took.count());
}
