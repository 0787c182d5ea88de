// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a vhost-user server offers to its front ends, and what it takes from them. A value, set
// before it starts; needs no lock.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_SERVER_OPTIONS_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_SERVER_OPTIONS_H

#include "runtime/export/export_log.h"
#include "runtime/export/vhost_user/guest_memory.h"

#include <chrono>

namespace lockvet::runtime::vhost_user {

struct ServerOptions {
  // At most; a front end may use fewer. 1 to 256.
  uint16_t queues = 1;
  // Of descriptors, a power of two; a front end may make larger or smaller rings.
  uint16_t queue_size = 128;
  bool read_only = false;
  // What the guest gets for GET_ID, of which it sees 20 bytes.
  // NOLINTNEXTLINE(readability-redundant-member-init): who names other members gets a warning else.
  std::string serial = {};
  // A guest's memory is a memfd with seals with QEMU's memory-backend-memfd, and not with
  // memory-backend-file.
  SharedMapping::Policy memory = SharedMapping::Policy::any;
  // For how long at most to look at a ring before asking for a kick; zero turns it off.
  std::chrono::nanoseconds polling_limit = std::chrono::microseconds(32);
  // Of front ends that are connected, of which one uses the device. Beyond it the one that has
  // waited longest, or has not said yet that it wants to, makes room for the next.
  unsigned most_front_ends = 16;
  // From when one is accepted until it says so.
  std::chrono::milliseconds introduction_time = std::chrono::seconds(30);
  // Is told one line for a front end at most, and one for each ring that can't go on.
  ExportLog log = {};
};

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_SERVER_OPTIONS_H
