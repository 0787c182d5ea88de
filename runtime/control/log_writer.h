// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes lines to a descriptor by a thread of its own, so that who has something to say never waits
// for who is to read it. What waits to be written has a limit; lines beyond it are dropped, and how
// many those are is told when there is room again. The log owns it; any thread may use it, under a
// lock of its own.

#ifndef LOCKVET_RUNTIME_CONTROL_LOG_WRITER_H
#define LOCKVET_RUNTIME_CONTROL_LOG_WRITER_H

#include "runtime/coroutine/thread_mutex.h"

#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace lockvet::runtime::control {

class LogWriter {
public:
  struct Limits {
    // Bytes that may wait.
    size_t most_bytes = size_t{256} << 10;
    // For how long the end waits for who does not read.
    std::chrono::milliseconds patience = std::chrono::seconds(1);
  };
  // The line that tells of so many that were dropped, with its end.
  using TellDropped = std::function<std::string(uint64_t dropped)>;

  // The descriptor outlives it, and may be one that blocks.
  LogWriter(int fd, Limits limits, TellDropped tell_dropped);
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;
  // Writes what waits, as far as it is read.
  LV_NO_COROUTINE_FN ~LogWriter();

  // A line with its end.
  void put(std::string_view line);

private:
  void LV_NO_COROUTINE_FN run();
  // The next line; false at the end.
  bool LV_NO_COROUTINE_FN take(std::string& line);
  // False if it is at its end and nobody reads.
  bool LV_NO_COROUTINE_FN write_all(std::string_view text);
  bool LV_NO_COROUTINE_FN wait_until_writable();

  const int fd_;
  const Limits limits_;
  const TellDropped tell_dropped_;
  ThreadMutex mutex_;
  ThreadCondition changed_;
  std::deque<std::string> lines_ LV_GUARDED_BY(mutex_);
  size_t bytes_ LV_GUARDED_BY(mutex_) = 0;
  uint64_t dropped_ LV_GUARDED_BY(mutex_) = 0;
  bool ending_ LV_GUARDED_BY(mutex_) = false;
  // Last, since it uses the others.
  std::thread thread_;
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_LOG_WRITER_H
