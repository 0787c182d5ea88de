// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Owns a file descriptor and closes it. Needs no lock; it is as much one thread's as an int is.

#ifndef LOCKVET_RUNTIME_AIO_FILE_DESCRIPTOR_H
#define LOCKVET_RUNTIME_AIO_FILE_DESCRIPTOR_H

#include <unistd.h>
#include <utility>

namespace lockvet::runtime {

class FileDescriptor {
public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) noexcept : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor() {
    if (fd_ >= 0)
      close(fd_);
  }

  bool valid() const noexcept { return fd_ >= 0; }
  int get() const noexcept { return fd_; }

private:
  int fd_ = -1;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_FILE_DESCRIPTOR_H
