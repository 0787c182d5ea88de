// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tells other programs, and other nodes of this one, what is done to an image file and what others
// may not do meanwhile, by locks on bytes of the file that belong to its open description
// (F_OFD_SETLK of fcntl(2)). A driver owns it and uses it in the main loop; it does not block.
//
// The bytes are those of QEMU (block/file-posix.c, "Posix file locking bytes"), so that its tools
// and we see each other: byte 100 + n is locked, shared, by who uses permission n, and byte 200 + n
// by who does not share it. Permissions have the numbers of QEMU's BLK_PERM_*.

#ifndef LOCKVET_RUNTIME_DRIVERS_FILE_IMAGE_LOCK_H
#define LOCKVET_RUNTIME_DRIVERS_FILE_IMAGE_LOCK_H

#include "runtime/graph/graph_error.h"
#include "runtime/graph/permissions.h"

namespace lockvet::runtime {

class ImageLock {
public:
  // The descriptor can read, and outlives it. Closing it lets go of all.
  ImageLock(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ImageLock(const ImageLock&) = delete;
  ImageLock& operator=(const ImageLock&) = delete;

  // Locks what these need, besides what is locked, or fails and has changed nothing:
  // resource_unavailable_try_again if somebody else is in the way. One of the others follows.
  GraphResult<> prepare(Permissions permissions);
  // Lets go of what the permissions before needed and these do not.
  void commit() { keep(current_ = next_); }
  // Lets go of what only these need.
  void abort() { keep(current_); }

  // Locks the same by another description of the file, for which the descriptor is about to stand.
  GraphResult<> copy_to(int fd) const;

private:
  GraphResult<> lock(int fd, Permission permission, off_t base) const;
  GraphResult<> lock_missing(Permission permissions, off_t base, Permission& locked);
  GraphResult<> check_others(Permissions permissions) const;
  void keep(Permissions permissions);
  void unlock_others(Permission kept, off_t base, Permission& locked);

  const int fd_;
  const std::string path_;
  Permissions current_;
  Permissions next_;
  // Which bytes of each kind are locked.
  Permission used_ = Permission::none;
  Permission unshared_ = Permission::none;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_FILE_IMAGE_LOCK_H
