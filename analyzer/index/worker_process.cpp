// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/worker_process.h"

#include "analyzer/index/worker.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace lockvet::index {
namespace {

/// Clang recurses; deeply nested sources need more than the usual 8 MB.
constexpr rlim_t kStackBytes = rlim_t{256} << 20;
constexpr size_t kKeptErrorBytes = 4096;

/// A child's stack may grow as far as the limit it was started under says.
class StackLimit {
public:
  StackLimit() {
    getrlimit(RLIMIT_STACK, &before_);
    rlimit wanted = before_;
    wanted.rlim_cur = std::min(before_.rlim_max, kStackBytes);
    setrlimit(RLIMIT_STACK, &wanted);
  }
  ~StackLimit() { setrlimit(RLIMIT_STACK, &before_); }
  StackLimit(const StackLimit&) = delete;
  StackLimit& operator=(const StackLimit&) = delete;

private:
  rlimit before_{};
};

/// The environment with one variable more. Its pointers live as long as `setting`.
std::vector<char*> environmentWith(std::string& setting) {
  const llvm::StringRef name = llvm::StringRef(setting).take_until([](char c) { return c == '='; });
  std::vector<char*> environment;
  for (char** entry = environ; *entry; ++entry)
    if (llvm::StringRef(*entry).split('=').first != name)
      environment.push_back(*entry);
  environment.push_back(setting.data());
  environment.push_back(nullptr);
  return environment;
}

llvm::Error spawn(const std::string& program, int socket, int errors, uint64_t memory_bytes,
                  pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  const auto destroy = llvm::scope_exit([&] {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  });
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, errors, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, socket, kWorkerSocket);
  // The indexer blocks the signals that stop it; a worker is to be stoppable.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);

  std::string setting = std::string(kMemoryVariable) + "=" + std::to_string(memory_bytes);
  const std::vector<char*> environment = environmentWith(setting);
  std::string name = "lockvet";
  std::string command = "index-worker";
  char* arguments[] = {name.data(), command.data(), nullptr};
  const StackLimit stack;
  const int code =
      posix_spawn(&pid, program.c_str(), &actions, &attributes, arguments, environment.data());
  if (code != 0)
    return llvm::createStringError("a worker process cannot be started: '" + program +
                                   "': " + std::strerror(code));
  return llvm::Error::success();
}

std::string readProcFile(pid_t pid, const char* name) {
  const std::string path = "/proc/" + std::to_string(pid) + "/" + name;
  auto buffer = llvm::MemoryBuffer::getFileAsStream(path);
  return buffer ? (*buffer)->getBuffer().str() : std::string();
}

/// Keeps a descriptor away from the numbers that file actions assign, and from children.
int moveUp(int fd) {
  const int moved = fcntl(fd, F_DUPFD_CLOEXEC, kWorkerSocket + 1);
  close(fd);
  return moved;
}

} // namespace

llvm::Expected<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const std::string& program,
                                                                    uint64_t memory_bytes) {
  int sockets[2];
  int pipe_ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
    return llvm::createStringError(std::string("a worker's socket cannot be made: ") +
                                   std::strerror(errno));
  std::unique_ptr<WorkerProcess> worker(new WorkerProcess());
  worker->socket_ = moveUp(sockets[0]);
  const int their_socket = moveUp(sockets[1]);
  const auto close_socket = llvm::scope_exit([&] { close(their_socket); });
  if (pipe2(pipe_ends, O_CLOEXEC) != 0)
    return llvm::createStringError(std::string("a worker's pipe cannot be made: ") +
                                   std::strerror(errno));
  worker->errors_ = moveUp(pipe_ends[0]);
  fcntl(worker->errors_, F_SETFL, O_NONBLOCK);
  const int their_errors = moveUp(pipe_ends[1]);
  const auto close_errors = llvm::scope_exit([&] { close(their_errors); });
  if (llvm::Error error = spawn(program, their_socket, their_errors, memory_bytes, worker->pid_))
    return error;
  return worker;
}

WorkerProcess::~WorkerProcess() {
  if (pid_ > 0) {
    kill();
    reap();
  }
  if (socket_ >= 0)
    close(socket_);
  if (errors_ >= 0)
    close(errors_);
}

bool WorkerProcess::readErrors() {
  char chunk[4096];
  while (true) {
    const ssize_t got = read(errors_, chunk, sizeof chunk);
    if (got > 0) {
      error_text_.append(chunk, static_cast<size_t>(got));
      if (error_text_.size() > kKeptErrorBytes)
        error_text_.erase(0, error_text_.size() - kKeptErrorBytes);
      continue;
    }
    if (got == 0)
      return false;
    if (errno != EINTR)
      return errno == EAGAIN;
  }
}

double WorkerProcess::cpuSeconds() const {
  // "pid (name) state ..." where the name can contain anything; user and system time are fields 14
  // and 15.
  const std::string text = readProcFile(pid_, "stat");
  llvm::SmallVector<llvm::StringRef, 64> fields;
  llvm::StringRef(text).rsplit(')').second.trim().split(fields, ' ');
  uint64_t user = 0;
  uint64_t system = 0;
  if (fields.size() < 13 || fields[11].getAsInteger(10, user) ||
      fields[12].getAsInteger(10, system))
    return 0;
  return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

uint64_t WorkerProcess::residentBytes() const {
  const std::string text = readProcFile(pid_, "statm");
  uint64_t pages = 0;
  if (llvm::StringRef(text).split(' ').second.split(' ').first.getAsInteger(10, pages))
    return 0;
  return pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

void WorkerProcess::kill() {
  ::kill(pid_, SIGKILL);
}

ProcessEnd WorkerProcess::reap() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR)
    continue;
  pid_ = -1;
  if (WIFSIGNALED(status))
    return {.status = 0, .signal = WTERMSIG(status)};
  return {.status = WEXITSTATUS(status), .signal = 0};
}

} // namespace lockvet::index
