// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/aio/listening_socket.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace lockvet::runtime {

namespace {

constexpr int backlog = 128;

std::string sentence(const std::string& what, int number) {
  return what + ": " + std::generic_category().message(number);
}

FileDescriptor stream_socket(int family) {
  return FileDescriptor(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

// A path at which somebody listens takes connections; one at which nobody does any more refuses,
// and so does a file of another kind.
bool is_left_behind(const sockaddr_un& address) {
  struct stat status = {};
  if (lstat(address.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
    return false;
  const FileDescriptor probe = stream_socket(AF_UNIX);
  return probe.valid() &&
         connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
         errno == ECONNREFUSED;
}

} // namespace

std::expected<ListeningSocket, std::string> ListeningSocket::at_path(std::string path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    return std::unexpected("the path of a socket has 1 to " +
                           std::to_string(sizeof address.sun_path - 1) + " bytes, and '" + path +
                           "' has " + std::to_string(path.size()));
  std::memcpy(address.sun_path, path.data(), path.size());
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
  ListeningSocket made(stream_socket(AF_UNIX));
  if (made.fd() < 0)
    return std::unexpected(sentence("can't make a socket", errno));
  int result = bind(made.fd(), generic, sizeof address);
  if (result != 0 && errno == EADDRINUSE && is_left_behind(address)) {
    unlink(path.c_str());
    result = bind(made.fd(), generic, sizeof address);
  }
  if (result != 0)
    return std::unexpected(sentence("can't listen at '" + path + "'", errno));
  made.path_ = std::move(path);
  if (listen(made.fd(), backlog) != 0)
    return std::unexpected(sentence("can't listen at '" + made.path_ + "'", errno));
  return made;
}

std::expected<ListeningSocket, std::string> ListeningSocket::at_port(const std::string& host,
                                                                     uint16_t port) {
  const std::string what = "can't listen at " + host + " port " + std::to_string(port);
  addrinfo hints = {};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  const int failed = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &first);
  if (failed != 0)
    return std::unexpected(what + ": " + gai_strerror(failed));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> found(first, freeaddrinfo);
  int error = EADDRNOTAVAIL;
  for (const addrinfo* one = first; one != nullptr; one = one->ai_next) {
    ListeningSocket made(stream_socket(one->ai_family));
    const int yes = 1;
    setsockopt(made.fd(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (made.fd() >= 0 && bind(made.fd(), one->ai_addr, one->ai_addrlen) == 0 &&
        listen(made.fd(), backlog) == 0)
      return made;
    error = errno;
  }
  return std::unexpected(sentence(what, error));
}

ListeningSocket::~ListeningSocket() {
  if (!path_.empty())
    unlink(path_.c_str());
}

uint16_t ListeningSocket::port() const {
  sockaddr_storage address = {};
  socklen_t bytes = sizeof address;
  if (getsockname(fd(), reinterpret_cast<sockaddr*>(&address), &bytes) != 0)
    return 0;
  if (address.ss_family == AF_INET6)
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

} // namespace lockvet::runtime
