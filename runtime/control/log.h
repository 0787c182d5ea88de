// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One line on standard error for what a person who runs the daemon should know, as key=value, which
// the journal takes as it is. Each source may say so much in a while and no more, so that no client
// can flood it; how much it has left out is told later. Nobody waits for who is to read it. Whoever
// starts the program owns it; any thread may use it, under a lock of its own.

#ifndef LOCKVET_RUNTIME_CONTROL_LOG_H
#define LOCKVET_RUNTIME_CONTROL_LOG_H

#include "runtime/aio/poller.h"
#include "runtime/control/log_writer.h"

#include <functional>
#include <map>
#include <memory>

namespace lockvet::runtime::control {

class Log {
public:
  enum class Level { error, warning, info };
  // Takes whole lines, with the lock held.
  using Write = std::function<void(std::string_view line)>;
  using Now = std::function<Clock::time_point()>;

  // So many lines of a source in an interval.
  static constexpr unsigned most_lines = 20;
  static constexpr std::chrono::seconds interval{10};

  // To standard error, at the time that it is.
  Log();
  // Tests have ears and times of their own.
  Log(Write write, Now now) : write_(std::move(write)), now_(std::move(now)) {}
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void operator()(Level level, const std::string& source, std::string_view message);

private:
  struct Source {
    Clock::time_point since;
    unsigned lines = 0;
    uint64_t left_out = 0;
  };

  void write_line(Level level, const std::string& source, std::string_view message)
      LV_REQUIRES(mutex_);

  // Of standard error.
  const std::unique_ptr<LogWriter> writer_;
  ThreadMutex mutex_;
  const Write write_ LV_GUARDED_BY(mutex_);
  const Now now_ LV_GUARDED_BY(mutex_);
  std::map<std::string, Source> sources_ LV_GUARDED_BY(mutex_);
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_LOG_H
