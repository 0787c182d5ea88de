// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keeps two indexers from one store: a lock on the file `<store>-lock`, which holds the owner's
// process id and goes with it. The kernel lets go of the lock however the owner ends.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <utility>

namespace lockvet::store {

class IndexLock {
public:
  /// Does not wait: if another process has the lock, the error names it.
  static llvm::Expected<IndexLock> acquire(llvm::StringRef store_path);

  IndexLock() = default;
  IndexLock(IndexLock&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}
  IndexLock& operator=(IndexLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(path_, other.path_);
    return *this;
  }
  ~IndexLock();

private:
  int fd_ = -1;
  std::string path_;
};

} // namespace lockvet::store
