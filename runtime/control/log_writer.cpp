// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/log_writer.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace lockvet::runtime::control {

LogWriter::LogWriter(int fd, Limits limits, TellDropped tell_dropped)
    : fd_(fd), limits_(limits), tell_dropped_(std::move(tell_dropped)), thread_([this] { run(); }) {
}

LogWriter::~LogWriter() {
  {
    const ThreadLock lock(mutex_);
    ending_ = true;
    changed_.notify_one();
  }
  thread_.join();
}

void LogWriter::put(std::string_view line) {
  const ThreadLock lock(mutex_);
  if (bytes_ + line.size() > limits_.most_bytes) {
    ++dropped_;
    return;
  }
  bytes_ += line.size();
  lines_.emplace_back(line);
  changed_.notify_one();
}

void LogWriter::run() {
  // Whoever was to read it may be gone, of which the program does not die.
  sigset_t pipes;
  sigemptyset(&pipes);
  sigaddset(&pipes, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipes, nullptr);
  for (std::string line; take(line);)
    if (!write_all(line))
      return;
}

bool LogWriter::take(std::string& line) {
  ThreadLock lock(mutex_);
  while (lines_.empty() && dropped_ == 0 && !ending_)
    changed_.wait(mutex_);
  if (!lines_.empty()) {
    line = std::move(lines_.front());
    lines_.pop_front();
    bytes_ -= line.size();
    return true;
  }
  if (dropped_ > 0) {
    line = tell_dropped_(std::exchange(dropped_, 0));
    return true;
  }
  return false;
}

bool LogWriter::write_all(std::string_view text) {
  while (!text.empty()) {
    if (!wait_until_writable())
      return false;
    // So much a pipe takes that can be written to, without waiting.
    const ssize_t written = write(fd_, text.data(), std::min<size_t>(text.size(), PIPE_BUF));
    if (written > 0)
      text.remove_prefix(static_cast<size_t>(written));
    else if (errno != EINTR && errno != EAGAIN)
      // Whoever was to read it is gone; others may come, such as with another disk.
      return true;
  }
  return true;
}

bool LogWriter::wait_until_writable() {
  const auto patience = static_cast<int>(limits_.patience.count());
  while (true) {
    pollfd wait{.fd = fd_, .events = POLLOUT, .revents = 0};
    if (poll(&wait, 1, patience) != 0)
      return true;
    const ThreadLock lock(mutex_);
    if (ending_)
      return false;
  }
}

} // namespace lockvet::runtime::control
