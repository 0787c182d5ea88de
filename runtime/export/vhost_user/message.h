// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A message of a front end, with the descriptors that came with it, and how it is received and
// answered. A session owns the one that it works on, in its context's thread; what is not taken out
// of it is closed with it.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_MESSAGE_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_MESSAGE_H

#include "runtime/aio/aio_context.h"
#include "runtime/aio/file_descriptor.h"
#include "runtime/coroutine/cancellation.h"
#include "runtime/export/vhost_user/protocol.h"

#include <cstring>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lockvet::runtime::vhost_user {

struct Message {
  MessageHeader header = {};
  std::vector<std::byte> payload;
  std::vector<FileDescriptor> descriptors;

  RequestType type() const { return static_cast<RequestType>(header.request); }
  bool wants_reply() const { return (header.flags & flag_need_reply) != 0; }

  // What the payload begins with, if it is that long.
  template <typename Value> std::optional<Value> payload_as() const {
    return value_at<Value>(0, sizeof(Value));
  }
  // Of what is there, `least` bytes at least from the offset; the rest is zero.
  template <typename Value> std::optional<Value> value_at(size_t offset, size_t least) const {
    if (payload.size() < offset || payload.size() - offset < least)
      return std::nullopt;
    Value value = {};
    std::memcpy(&value, payload.data() + offset, std::min(sizeof value, payload.size() - offset));
    return value;
  }
};

// Longer payloads are nobody's; a table of regions and a configuration space are the longest.
inline constexpr size_t most_payload_bytes = 4096;

// The next message; none if the front end has gone, or the stop is requested, between two of them.
// The error is a sentence on what was wrong. The context is the coroutine's home.
std::expected<std::optional<Message>, std::string>
    LV_COROUTINE_FN co_receive_message(AioContext& context, int socket, Cancellation& stop)
        LV_REQUIRES_CONTEXT(context);

// Sends a message, with a descriptor unless that is -1. Messages are small and their readers wait
// for them, so that one which does not fit into the socket at once is an error.
std::error_code send_message(int socket, const MessageHeader& header,
                             std::span<const std::byte> payload, int descriptor = -1);

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_MESSAGE_H
