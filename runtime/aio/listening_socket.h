// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A stream socket that others connect to: at a path, or at a port of TCP. It owns the descriptor
// and the path, which is gone with it. Made outside of coroutines, since looking up a host's name
// blocks; whoever accepts from it does so in one context.

#ifndef LOCKVET_RUNTIME_AIO_LISTENING_SOCKET_H
#define LOCKVET_RUNTIME_AIO_LISTENING_SOCKET_H

#include "runtime/aio/file_descriptor.h"

#include <cstdint>
#include <expected>
#include <lockvet/coroutine.h>
#include <string>

namespace lockvet::runtime {

class ListeningSocket {
public:
  // Errors are sentences. What a dead process has left at the path is replaced, and nothing else.
  static std::expected<ListeningSocket, std::string> LV_NO_COROUTINE_FN at_path(std::string path);
  // Of an address, or of a name; the port may be 0 for any that is free.
  static std::expected<ListeningSocket, std::string>
      LV_NO_COROUTINE_FN at_port(const std::string& host, uint16_t port);

  ListeningSocket(ListeningSocket&& other) noexcept
      : fd_(std::move(other.fd_)), path_(std::exchange(other.path_, {})) {}
  ListeningSocket& operator=(ListeningSocket&&) = delete;
  ~ListeningSocket();

  // Does not block.
  int fd() const noexcept { return fd_.get(); }
  // Of a socket at a port.
  uint16_t port() const;

private:
  explicit ListeningSocket(FileDescriptor fd) : fd_(std::move(fd)) {}

  FileDescriptor fd_;
  std::string path_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_LISTENING_SOCKET_H
