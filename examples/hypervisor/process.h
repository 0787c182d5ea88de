// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a daemon does with its process: into the background, a file with its number, signals, and
// telling systemd that it is ready. The main program uses it, before it has threads or in the main
// loop.

#ifndef LOCKVET_EXAMPLES_HYPERVISOR_PROCESS_H
#define LOCKVET_EXAMPLES_HYPERVISOR_PROCESS_H

#include "runtime/aio/file_descriptor.h"

#include <expected>
#include <string>

namespace blockd {

// Forks: the parent waits until ready() is called, or the child has failed, and ends.
class Background {
public:
  // Errors are sentences. Returns in the child only.
  static std::expected<Background, std::string> enter();
  // The parent ends well. Standard input and the others lead nowhere from now on.
  void ready();

private:
  explicit Background(lockvet::runtime::FileDescriptor to_parent)
      : to_parent_(std::move(to_parent)) {}
  lockvet::runtime::FileDescriptor to_parent_;
};

// Has the number of the process, and is locked, as long as the process is there.
class PidFile {
public:
  static std::expected<PidFile, std::string> create(const std::string& path);
  PidFile(PidFile&& other) noexcept
      : path_(std::exchange(other.path_, {})), file_(std::move(other.file_)) {}
  PidFile& operator=(PidFile&&) = delete;
  ~PidFile();

private:
  PidFile(std::string path, lockvet::runtime::FileDescriptor file)
      : path_(std::move(path)), file_(std::move(file)) {}
  std::string path_;
  lockvet::runtime::FileDescriptor file_;
};

// A descriptor by which SIGINT and SIGTERM come, and nowhere else: before there are threads.
lockvet::runtime::FileDescriptor take_signals();

// A datagram to $NOTIFY_SOCKET (sd_notify(3)), such as "READY=1". Nothing if there is no such
// variable.
void notify_manager(const char* state);

} // namespace blockd

#endif // LOCKVET_EXAMPLES_HYPERVISOR_PROCESS_H
