// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Says how far an index run is: one line that is written over on a terminal, a line every few
// seconds or per cent elsewhere, or nothing. Owned by the run; writes to one stream.

#pragma once

#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace lockvet::index {

enum class ProgressMode : uint8_t {
  Auto, ///< Live on a terminal, else Plain
  Live,
  Plain,
  None
};

struct Counts {
  size_t total = 0;
  size_t done = 0;
  size_t failed = 0;
};

class Progress {
public:
  using Clock = std::chrono::steady_clock;

  Progress(ProgressMode mode, llvm::raw_ostream& out, Clock::time_point start = Clock::now());
  /// Erases the live line.
  ~Progress();

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(const Counts& counts, Clock::time_point now = Clock::now());
  /// What goes on when no units are counted: "linking".
  void phase(const std::string& name);

private:
  void eraseLine();

  ProgressMode mode_;
  llvm::raw_ostream& out_;
  Clock::time_point start_;
  Clock::time_point last_shown_;
  size_t last_shown_done_ = 0;
  bool has_line_ = false;
};

/// "1234/2400 units, 35/s, 33s left, 2 failed".
std::string describeProgress(const Counts& counts, double seconds);

} // namespace lockvet::index
