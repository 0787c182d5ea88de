// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/file/image_lock.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <utility>

namespace lockvet::runtime {

namespace {

constexpr off_t used_base = 100;
constexpr off_t unshared_base = 200;

constexpr std::array<Permission, 4> each_permission = {
    Permission::consistent_read, Permission::write, Permission::write_unchanged,
    Permission::resize};

off_t byte_of(Permission permission, off_t base) {
  off_t number = 0;
  while (each_permission.at(static_cast<size_t>(number)) != permission)
    ++number;
  return base + number;
}

struct flock one_byte(short type, off_t at) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = at;
  lock.l_len = 1;
  return lock;
}

} // namespace

GraphResult<> ImageLock::prepare(Permissions permissions) {
  next_ = permissions;
  // First ours, then a look at others: of two who come at once, at least one sees the other.
  auto prepared = lock_missing(permissions.used, used_base, used_);
  if (prepared)
    prepared = lock_missing(without(Permission::all, permissions.shared), unshared_base, unshared_);
  if (prepared)
    prepared = check_others(permissions);
  if (!prepared)
    abort();
  return prepared;
}

GraphResult<> ImageLock::lock_missing(Permission permissions, off_t base, Permission& locked) {
  for (const Permission permission : each_permission) {
    if (!contains(without(permissions, locked), permission))
      continue;
    if (auto done = lock(fd_, permission, base); !done)
      return done;
    locked = locked | permission;
  }
  return {};
}

GraphResult<> ImageLock::lock(int fd, Permission permission, off_t base) const {
  struct flock lock = one_byte(F_RDLCK, byte_of(permission, base));
  if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
    return {};
  const std::error_code error(errno, std::generic_category());
  return std::unexpected(GraphError{error, "can't lock '" + path_ + "': " + error.message() + "."});
}

GraphResult<> ImageLock::copy_to(int fd) const {
  for (const Permission permission : each_permission)
    for (const auto& [locked, base] :
         {std::pair(used_, used_base), std::pair(unshared_, unshared_base)})
      if (contains(locked, permission))
        if (auto done = lock(fd, permission, base); !done)
          return done;
  return {};
}

GraphResult<> ImageLock::check_others(Permissions permissions) const {
  // The kernel tells of locks of others only, and of shared ones if asked for an exclusive one.
  const auto is_locked = [this](Permission permission, off_t base) {
    struct flock lock = one_byte(F_WRLCK, byte_of(permission, base));
    return fcntl(fd_, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  };
  for (const Permission permission : each_permission) {
    if (contains(permissions.used, permission) && is_locked(permission, unshared_base))
      return graph_error(std::errc::resource_unavailable_try_again,
                         "'" + path_ + "' is open elsewhere, by somebody who does not share '" +
                             to_string(permission) + "'.");
    if (!contains(permissions.shared, permission) && is_locked(permission, used_base))
      return graph_error(std::errc::resource_unavailable_try_again,
                         "'" + path_ + "' is open elsewhere, for '" + to_string(permission) +
                             "', which is not to be shared.");
  }
  return {};
}

void ImageLock::keep(Permissions permissions) {
  unlock_others(permissions.used, used_base, used_);
  unlock_others(without(Permission::all, permissions.shared), unshared_base, unshared_);
}

void ImageLock::unlock_others(Permission kept, off_t base, Permission& locked) {
  for (const Permission permission : each_permission) {
    if (!contains(without(locked, kept), permission))
      continue;
    // A byte that stays locked makes others more careful than they need be, and no more.
    struct flock lock = one_byte(F_UNLCK, byte_of(permission, base));
    if (fcntl(fd_, F_OFD_SETLK, &lock) == 0)
      locked = without(locked, permission);
  }
}

} // namespace lockvet::runtime
