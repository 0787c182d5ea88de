// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Graphviz lays out and draws. It gets the graph as a file that has no name and answers through a
// pipe, so neither of the two ever waits for the other to read.

#include "llvm/Support/Program.h"
#include "vrc/output/output.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lockvet::output {

namespace {

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

llvm::Error failure(const char* what) {
  return llvm::createStringError(std::error_code(errno, std::generic_category()), what);
}

/// Everything that can be read there.
llvm::Expected<std::string> readAll(int descriptor) {
  std::string text;
  std::array<char, 1 << 16> buffer;
  while (true) {
    const ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count == 0)
      return text;
    if (count > 0)
      text.append(buffer.data(), static_cast<size_t>(count));
    else if (errno != EINTR)
      return failure("the drawing cannot be read from dot");
  }
}

llvm::Error statusOf(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return failure("dot cannot be waited for");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return llvm::Error::success();
  return llvm::createStringError("dot (of Graphviz) could not draw this graph; --dot shows it");
}

/// What `dot -Tsvg` makes of a graph.
llvm::Expected<std::string> draw(const std::string& program, llvm::StringRef dot) {
  const Descriptor input(memfd_create("lockvet.dot", MFD_CLOEXEC));
  if (input.number() < 0)
    return failure("there is no memory file for dot's input");
  llvm::raw_fd_ostream writer(input.number(), /*shouldClose=*/false);
  writer << dot;
  writer.flush();
  if (writer.has_error()) {
    const std::error_code error = writer.error();
    writer.clear_error();
    return llvm::createStringError(error, "dot's input cannot be written");
  }
  int ends[2];
  if (lseek(input.number(), 0, SEEK_SET) != 0 || pipe2(ends, O_CLOEXEC) != 0)
    return failure("there is no pipe to dot");
  const Descriptor from_dot(ends[0]);
  Descriptor to_us(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.number(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, to_us.number(), STDOUT_FILENO);
  std::string words[] = {"dot", "-Tsvg"};
  char* arguments[] = {words[0].data(), words[1].data(), nullptr};
  pid_t child = 0;
  const int error =
      posix_spawn(&child, program.c_str(), &actions, /*attrp=*/nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  to_us.close(); // or the pipe never ends
  if (error != 0)
    return llvm::createStringError(std::error_code(error, std::generic_category()),
                                   program + " cannot be started");
  llvm::Expected<std::string> drawing = readAll(from_dot.number());
  llvm::Error status = statusOf(child);
  if (!drawing)
    return llvm::joinErrors(drawing.takeError(), std::move(status));
  if (status)
    return std::move(status);
  return drawing;
}

} // namespace

llvm::Error printSvg(const command::Result& result, const graph::Graph& graph,
                     llvm::raw_ostream& out) {
  llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName("dot");
  if (!program)
    return llvm::createStringError("drawing an SVG needs the program dot: install graphviz");
  std::string dot;
  llvm::raw_string_ostream text(dot);
  printDot(result, graph, text);
  llvm::Expected<std::string> drawing = draw(*program, dot);
  if (!drawing)
    return drawing.takeError();
  out << *drawing;
  return llvm::Error::success();
}

} // namespace lockvet::output
