// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One worker as the indexer sees it: a child process with a socket for jobs and a pipe for what it
// says on standard error. Owned by the WorkerPool; killed and reaped by the destructor.

#pragma once

#include "analyzer/index/worker_protocol.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>

namespace lockvet::index {

/// How a process ended: an exit status, or a signal.
struct ProcessEnd {
  int status = 0;
  int signal = 0;
};

class WorkerProcess {
public:
  /// Runs `program` with the argument "index-worker".
  static llvm::Expected<std::unique_ptr<WorkerProcess>> start(const std::string& program,
                                                              uint64_t memory_bytes);

  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;
  ~WorkerProcess();

  int socket() const { return socket_; }
  int errors() const { return errors_; }

  bool send(const Job& job) { return writeFrame(socket_, serialize(job)); }
  /// Reads what is there. False if the worker has hung up.
  bool receive() { return frames_.fill(socket_); }
  std::optional<std::string> takeFrame() { return frames_.take(); }

  /// Takes what is on standard error; false at its end.
  bool readErrors();
  /// The end of what it said there since the last clearErrors().
  llvm::StringRef errorText() const { return error_text_; }
  void clearErrors() { error_text_.clear(); }

  double cpuSeconds() const; ///< used so far; 0 if it is gone
  uint64_t residentBytes() const;

  void kill();
  /// Waits for the end; call after it hung up, or was killed.
  ProcessEnd reap();

private:
  WorkerProcess() = default;

  pid_t pid_ = -1;
  int socket_ = -1;
  int errors_ = -1;
  FrameBuffer frames_;
  std::string error_text_;
};

} // namespace lockvet::index
