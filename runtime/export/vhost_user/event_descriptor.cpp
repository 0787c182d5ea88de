// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/vhost_user/event_descriptor.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace lockvet::runtime::vhost_user {

namespace {

bool is_eventfd(int fd) {
  std::array<char, 64> target;
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t bytes = readlink(link.c_str(), target.data(), target.size());
  return bytes > 0 &&
         std::string_view(target.data(), static_cast<size_t>(bytes)) == "anon_inode:[eventfd]";
}

} // namespace

std::expected<EventDescriptor, std::string> EventDescriptor::adopt(FileDescriptor descriptor) {
  if (!is_eventfd(descriptor.get()))
    return std::unexpected("a descriptor to kick or to call by is no eventfd");
  const int flags = fcntl(descriptor.get(), F_GETFL);
  if (flags < 0 || fcntl(descriptor.get(), F_SETFL, flags | O_NONBLOCK) != 0)
    return std::unexpected("an eventfd can't be made not to block");
  return EventDescriptor(std::move(descriptor));
}

void EventDescriptor::signal() const {
  const uint64_t one = 1;
  (void)!write(get(), &one, sizeof one);
}

} // namespace lockvet::runtime::vhost_user
