// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/log.h"

#include <unistd.h>

namespace lockvet::runtime::control {

namespace {

// In quotes, and in one line whatever is in it.
std::string quoted(std::string_view text) {
  constexpr const char* digits = "0123456789abcdef";
  std::string result = "\"";
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (byte == '"' || byte == '\\') {
      result += '\\';
      result += byte;
    } else if (code < 0x20 || code == 0x7f) {
      result += "\\x";
      result += digits[code / 16];
      result += digits[code % 16];
    } else {
      result += byte;
    }
  }
  return result + "\"";
}

const char* name_of(Log::Level level) {
  switch (level) {
  case Log::Level::error:
    return "error";
  case Log::Level::warning:
    return "warning";
  case Log::Level::info:
    break;
  }
  return "info";
}

std::string line_of(Log::Level level, std::string_view source, std::string_view message) {
  std::string line = "level=";
  line += name_of(level);
  line += " source=";
  line += source;
  line += " message=";
  line += quoted(message);
  line += '\n';
  return line;
}

std::string tell_dropped(uint64_t dropped) {
  return line_of(Log::Level::warning, "log",
                 std::to_string(dropped) + " lines were dropped, since nobody read them");
}

} // namespace

Log::Log()
    : writer_(std::make_unique<LogWriter>(STDERR_FILENO, LogWriter::Limits{}, tell_dropped)),
      write_([this](std::string_view line) { writer_->put(line); }), now_(Clock::now) {}

void Log::operator()(Level level, const std::string& source, std::string_view message) {
  const ThreadLock lock(mutex_);
  const Clock::time_point now = now_();
  const auto [found, is_new] = sources_.try_emplace(source);
  Source& state = found->second;
  if (is_new || now - state.since >= interval) {
    if (state.left_out > 0)
      write_line(Level::warning, source,
                 std::to_string(state.left_out) + " messages were left out");
    state = {.since = now};
  }
  if (state.lines == most_lines) {
    ++state.left_out;
    return;
  }
  ++state.lines;
  write_line(level, source, message);
}

void Log::write_line(Level level, const std::string& source, std::string_view message) {
  write_(line_of(level, source, message));
}

} // namespace lockvet::runtime::control
