// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/progress.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>

namespace lockvet::index {
namespace {

constexpr auto kLiveInterval = std::chrono::milliseconds(100);
constexpr auto kPlainInterval = std::chrono::seconds(5);
constexpr size_t kPlainShare = 20; ///< a line each 5 %

std::string duration(double seconds) {
  const auto whole = static_cast<uint64_t>(std::llround(seconds));
  if (whole < 60)
    return llvm::formatv("{0}s", whole);
  return llvm::formatv("{0}m{1,0+2}s", whole / 60, whole % 60);
}

} // namespace

std::string describeProgress(const Counts& counts, double seconds) {
  std::string text = llvm::formatv("{0}/{1} units", counts.done, counts.total);
  if (counts.done != 0 && seconds > 0) {
    const double rate = static_cast<double>(counts.done) / seconds;
    text += rate >= 10 ? llvm::formatv(", {0:f0}/s", rate).str()
                       : llvm::formatv(", {0:f1}/s", rate).str();
    if (counts.done < counts.total)
      text += ", " + duration(static_cast<double>(counts.total - counts.done) / rate) + " left";
  }
  if (counts.failed != 0)
    text += llvm::formatv(", {0} failed", counts.failed);
  return text;
}

Progress::Progress(ProgressMode mode, llvm::raw_ostream& out, Clock::time_point start)
    : mode_(mode), out_(out), start_(start), last_shown_(start) {
  if (mode_ == ProgressMode::Auto)
    mode_ = out.is_displayed() ? ProgressMode::Live : ProgressMode::Plain;
}

Progress::~Progress() {
  eraseLine();
}

void Progress::eraseLine() {
  if (has_line_)
    out_ << "\r\x1b[K";
  out_.flush();
  has_line_ = false;
}

void Progress::update(const Counts& counts, Clock::time_point now) {
  const auto since = now - last_shown_;
  const bool is_last = counts.done == counts.total;
  const bool is_due = mode_ == ProgressMode::Live
                          ? since >= kLiveInterval
                          : since >= kPlainInterval ||
                                (counts.done - last_shown_done_) * kPlainShare >= counts.total;
  if (mode_ == ProgressMode::None || (!is_due && !is_last) || counts.total == 0)
    return;
  last_shown_ = now;
  last_shown_done_ = counts.done;
  const std::string text =
      describeProgress(counts, std::chrono::duration<double>(now - start_).count());
  if (mode_ == ProgressMode::Live) {
    out_ << "\r\x1b[Kindex: " << text;
    has_line_ = true;
  } else {
    out_ << "index: " << text << '\n';
  }
  out_.flush();
}

void Progress::phase(const std::string& name) {
  if (mode_ != ProgressMode::Live)
    return;
  out_ << "\r\x1b[Kindex: " << name;
  out_.flush();
  has_line_ = true;
}

} // namespace lockvet::index
