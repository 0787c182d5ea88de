// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What indexer and worker say to each other over a socket: frames of a 32-bit length and bytes. The
// indexer sends a Job, the worker answers with facts::serialize(UnitFacts). Both ends are of one
// executable, so the format needs no version.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lockvet::index {

struct Job {
  std::string directory;
  std::string file;
  std::vector<std::string> arguments;
  /// The indexer lacks fragments that the worker believes to have sent: send all bodies again.
  bool send_all = false;
};

std::string serialize(const Job& job);
llvm::Expected<Job> parseJob(llvm::StringRef bytes);

/// Blocks until all is written. False if the other end is gone.
bool writeFrame(int fd, llvm::StringRef payload);

/// Blocks until a whole frame is there. None at the end of the stream.
std::optional<std::string> readFrame(int fd);

/// Frames out of bytes that come in pieces.
class FrameBuffer {
public:
  /// Reads what is there without blocking. False at the end of the stream.
  bool fill(int fd);
  /// The next whole frame, or none yet.
  std::optional<std::string> take();

private:
  std::string bytes_;
};

} // namespace lockvet::index
