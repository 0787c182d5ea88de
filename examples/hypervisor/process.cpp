// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "process.h"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace blockd {

using lockvet::runtime::FileDescriptor;

namespace {

std::unexpected<std::string> failed(const std::string& what) {
  return std::unexpected(what + ": " + std::generic_category().message(errno) + ".");
}

} // namespace

std::expected<Background, std::string> Background::enter() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return failed("no pipe");
  const FileDescriptor from_child(ends[0]);
  FileDescriptor to_parent(ends[1]);
  const pid_t child = fork();
  if (child < 0)
    return failed("no process");
  if (child > 0) {
    to_parent = FileDescriptor();
    char word = 0;
    const bool is_ready = read(from_child.get(), &word, 1) == 1;
    // The child has said what is wrong.
    _exit(is_ready ? 0 : 1);
  }
  if (setsid() < 0)
    return failed("no session");
  return Background(std::move(to_parent));
}

void Background::ready() {
  const FileDescriptor nowhere(open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int standard : {0, 1, 2})
    (void)dup2(nowhere.get(), standard);
  (void)chdir("/");
  const char word = 'r';
  (void)!write(to_parent_.get(), &word, 1);
}

std::expected<PidFile, std::string> PidFile::create(const std::string& path) {
  FileDescriptor file(open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644));
  if (!file.valid())
    return failed("can't make the file '" + path + "'");
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (fcntl(file.get(), F_SETLK, &lock) != 0)
    return std::unexpected("'" + path + "' is that of a process that runs.");
  const std::string number = std::to_string(getpid()) + "\n";
  if (ftruncate(file.get(), 0) != 0 ||
      write(file.get(), number.data(), number.size()) != static_cast<ssize_t>(number.size()))
    return failed("can't write to '" + path + "'");
  return PidFile(path, std::move(file));
}

PidFile::~PidFile() {
  if (!path_.empty())
    unlink(path_.c_str());
}

FileDescriptor take_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return FileDescriptor(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

void notify_manager(const char* state) {
  const char* const path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address = {};
  if (path == nullptr || (path[0] != '/' && path[0] != '@') ||
      std::strlen(path) >= sizeof address.sun_path)
    return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path, std::strlen(path));
  // A name that is no path begins with a zero byte.
  if (path[0] == '@')
    address.sun_path[0] = '\0';
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
  (void)sendto(socket.get(), state, std::strlen(state), MSG_NOSIGNAL,
               reinterpret_cast<const sockaddr*>(&address), size);
}

} // namespace blockd
