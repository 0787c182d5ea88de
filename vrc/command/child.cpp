// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/child.h"

#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace lockvet::command {

namespace {

using Clock = std::chrono::steady_clock;

/// How long Ctrl-C may go unnoticed.
constexpr std::chrono::milliseconds kPatience(50);

/// A file descriptor that is closed with this.
class Descriptor {
public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  int number() const { return number_; }
  void close() {
    if (number_ >= 0)
      ::close(std::exchange(number_, -1));
  }

private:
  int number_;
};

llvm::Error failure(const llvm::Twine& what) {
  return llvm::createStringError(std::error_code(errno, std::generic_category()), what);
}

/// Starts a program that reads `input`, and writes to `output` if that is one. With `is_apart` it
/// gets none of the signals of this terminal.
llvm::Expected<pid_t> start(const std::string& program, llvm::ArrayRef<std::string> arguments,
                            llvm::StringRef input, int output, bool is_apart) {
  llvm::ErrorOr<std::string> path = llvm::sys::findProgramByName(program);
  if (!path)
    return llvm::createStringError("there is no program " + program);
  const Descriptor file(memfd_create("lockvet", MFD_CLOEXEC));
  if (file.number() < 0)
    return failure("there is no memory file for the input of " + program);
  llvm::raw_fd_ostream writer(file.number(), /*shouldClose=*/false);
  writer << input;
  writer.flush();
  if (writer.has_error()) {
    const std::error_code error = writer.error();
    writer.clear_error();
    return llvm::createStringError(error, "the input of " + program + " cannot be written");
  }
  if (lseek(file.number(), 0, SEEK_SET) != 0)
    return failure("the input of " + program + " cannot be read");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, file.number(), STDIN_FILENO);
  if (output >= 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  if (is_apart)
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t child = 0;
  const int error =
      posix_spawn(&child, path->c_str(), &actions, &attributes, pointers.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    return llvm::createStringError(std::error_code(error, std::generic_category()),
                                   *path + " cannot be started");
  return child;
}

/// Everything that can be read there.
llvm::Expected<std::string> readAll(int descriptor, const std::string& program,
                                    std::chrono::milliseconds limit,
                                    const std::atomic<bool>* stop) {
  const Clock::time_point end = Clock::now() + limit;
  std::string text;
  std::array<char, 1 << 16> buffer;
  while (true) {
    if (stop && stop->load(std::memory_order_relaxed))
      return llvm::createStringError("interrupted");
    if (Clock::now() >= end)
      return llvm::createStringError(
          program + " takes longer than " +
          llvm::Twine(std::chrono::duration_cast<std::chrono::seconds>(limit).count()) +
          " seconds");
    pollfd ready = {descriptor, POLLIN, 0};
    if (poll(&ready, 1, static_cast<int>(kPatience.count())) <= 0)
      continue;
    const ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count == 0)
      return text;
    if (count > 0)
      text.append(buffer.data(), static_cast<size_t>(count));
    else if (errno != EINTR)
      return failure("the output of " + program + " cannot be read");
  }
}

llvm::Error statusOf(pid_t child, const std::string& program) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return failure(program + " cannot be waited for");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return llvm::Error::success();
  return llvm::createStringError(program + " failed");
}

} // namespace

llvm::Error startViewer(const std::string& program, llvm::ArrayRef<std::string> arguments,
                        llvm::StringRef input) {
  return start(program, arguments, input, /*output=*/-1, /*is_apart=*/true).takeError();
}

llvm::Expected<std::string> outputOf(const std::string& program,
                                     llvm::ArrayRef<std::string> arguments, llvm::StringRef input,
                                     std::chrono::milliseconds limit,
                                     const std::atomic<bool>* stop) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return failure("there is no pipe from " + program);
  const Descriptor from_child(ends[0]);
  Descriptor to_us(ends[1]);
  llvm::Expected<pid_t> child =
      start(program, arguments, input, to_us.number(), /*is_apart=*/false);
  to_us.close(); // or the pipe never ends
  if (!child)
    return child.takeError();
  llvm::Expected<std::string> output = readAll(from_child.number(), program, limit, stop);
  if (!output) {
    kill(*child, SIGKILL);
    llvm::consumeError(statusOf(*child, program));
    return output;
  }
  if (llvm::Error error = statusOf(*child, program))
    return std::move(error);
  return output;
}

} // namespace lockvet::command
