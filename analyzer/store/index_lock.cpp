// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/index_lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lockvet::store {
namespace {

/// The owner removes the file while it holds the lock; who locked the removed one has nothing.
bool isStillAt(int fd, const std::string& path) {
  struct stat opened{};
  struct stat named{};
  return fstat(fd, &opened) == 0 && stat(path.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

std::string readOwner(int fd) {
  char text[32];
  const ssize_t size = pread(fd, text, sizeof text, 0);
  const llvm::StringRef owner = llvm::StringRef(text, size > 0 ? size : 0).trim();
  return owner.empty() ? std::string() : " (process " + owner.str() + ")";
}

} // namespace

llvm::Expected<IndexLock> IndexLock::acquire(llvm::StringRef store_path) {
  IndexLock lock;
  lock.path_ = (store_path + "-lock").str();
  while (true) {
    const int fd = open(lock.path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0)
      return llvm::createStringError("the store '" + store_path + "' cannot be written to: '" +
                                     lock.path_ + "' cannot be made: " + std::strerror(errno) +
                                     "; check the permissions of its directory");
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
      const int code = errno;
      const std::string owner = readOwner(fd);
      close(fd);
      if (code != EWOULDBLOCK)
        return llvm::createStringError("'" + lock.path_ +
                                       "' cannot be locked: " + std::strerror(code));
      return llvm::createStringError("another `lockvet index`" + owner +
                                     " is writing to the store '" + store_path +
                                     "'; wait for it to end, or give another path with --db");
    }
    if (!isStillAt(fd, lock.path_)) {
      close(fd);
      continue;
    }
    lock.fd_ = fd;
    break;
  }
  const std::string owner = std::to_string(getpid()) + "\n";
  // The id is for the other process's message only; the lock holds without it.
  if (ftruncate(lock.fd_, 0) == 0)
    (void)!pwrite(lock.fd_, owner.data(), owner.size(), 0);
  return lock;
}

IndexLock::~IndexLock() {
  if (fd_ < 0)
    return;
  unlink(path_.c_str());
  close(fd_);
}

} // namespace lockvet::store
