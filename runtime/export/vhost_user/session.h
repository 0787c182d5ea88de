// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One front end from its connection to its end: takes its messages one after the other, in the
// context that accepted it, and goes to a queue's context for what they change there. As long as it
// only asks what there is, it may do so beside others. A coroutine of the server owns it and runs
// it; it is destroyed in its context, with all queues stopped.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_SESSION_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_SESSION_H

#include "runtime/export/context_mapping.h"
#include "runtime/export/vhost_user/message.h"
#include "runtime/export/vhost_user/queue.h"

namespace lockvet::runtime::vhost_user {

class Session {
public:
  // Everything but the socket outlives it.
  Session(AioContext& context, FileDescriptor socket, ExportedDevice& device,
          const ContextMapping& mapping, const ServerOptions& options);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void assert_home() const LV_ASSERT_CONTEXT(context_) { context_.assert_home(); }

  // Answers what the front end asks, until it sends something else or has gone, or the stop is
  // requested. Returns what was wrong with it, if anything was.
  std::string LV_COROUTINE_FN co_introduce(Cancellation& stop) LV_REQUIRES_CONTEXT(context_);
  // Whether it has sent something else, for which it needs the device for itself.
  bool is_introduced() const LV_REQUIRES_CONTEXT(context_) { return first_.has_value(); }

  // Of one that is: until it has gone or the stop is requested, and all that was in flight is done
  // and put back. Returns likewise.
  std::string LV_COROUTINE_FN co_run(Cancellation& stop) LV_REQUIRES_CONTEXT(context_);

  // After that, when nobody calls size_changed() any more: waits for what it has begun.
  void LV_COROUTINE_FN co_end() LV_REQUIRES_CONTEXT(context_);

  // Has the front end told of the size that the device has then. From any thread.
  void size_changed() noexcept { (void)resized_.schedule(); }

private:
  // What is sent back, if anything is; the number 0 for what only wants to be acknowledged.
  struct Answer {
    std::vector<std::byte> payload;
    FileDescriptor descriptor;
  };
  using Outcome = std::expected<std::optional<Answer>, std::string>;
  using Done = std::expected<void, std::string>;

  // What the front end has said of one queue, and the queue.
  struct Ring {
    Ring(AioContext& context, uint16_t number, const ServerOptions& options)
        : queue(context, number, options) {}
    Queue queue;
    Queue::Setup setup;
    bool has_addresses = false;
    bool kicked = false;
    bool started = false;
  };

  std::string LV_COROUTINE_FN co_take_messages(Cancellation& stop) LV_REQUIRES_CONTEXT(context_);
  std::string LV_COROUTINE_FN co_answer(Message& message) LV_REQUIRES_CONTEXT(context_);
  Outcome LV_COROUTINE_FN co_handle(Message& message) LV_REQUIRES_CONTEXT(context_);
  Outcome LV_COROUTINE_FN co_handle_ring(Message& message) LV_REQUIRES_CONTEXT(context_);

  Done set_features(const Message& message) LV_REQUIRES_CONTEXT(context_);
  Done set_protocol_features(const Message& message) LV_REQUIRES_CONTEXT(context_);
  Done LV_COROUTINE_FN co_set_memory_table(const Message& message) LV_REQUIRES_CONTEXT(context_);
  Done LV_COROUTINE_FN co_add_region(const Message& message) LV_REQUIRES_CONTEXT(context_);
  Done LV_COROUTINE_FN co_remove_region(const Message& message) LV_REQUIRES_CONTEXT(context_);
  Done LV_COROUTINE_FN co_use_memory(std::shared_ptr<const GuestMemory> memory)
      LV_REQUIRES_CONTEXT(context_);
  Outcome LV_COROUTINE_FN co_get_config(const Message& message) LV_REQUIRES_CONTEXT(context_);
  Done LV_COROUTINE_FN co_set_config(const Message& message) LV_REQUIRES_CONTEXT(context_);
  Outcome get_inflight(const Message& message) LV_REQUIRES_CONTEXT(context_);
  Done set_inflight(const Message& message) LV_REQUIRES_CONTEXT(context_);

  Done set_ring_layout(Ring& ring, const Message& message) LV_REQUIRES_CONTEXT(context_);
  Done LV_COROUTINE_FN co_set_event(Message& message) LV_REQUIRES_CONTEXT(context_);
  Done LV_COROUTINE_FN co_set_enabled(Ring& ring, bool enabled) LV_REQUIRES_CONTEXT(context_);
  void LV_COROUTINE_FN co_set_write_through() LV_REQUIRES_CONTEXT(context_);
  Done LV_COROUTINE_FN co_start(Ring& ring) LV_REQUIRES_CONTEXT(context_);
  void LV_COROUTINE_FN co_stop(Ring& ring) LV_REQUIRES_CONTEXT(context_);
  void LV_COROUTINE_FN co_forget_kick(Ring& ring) LV_REQUIRES_CONTEXT(context_);
  void LV_COROUTINE_FN co_stop_all() LV_REQUIRES_CONTEXT(context_);
  void LV_COROUTINE_FN co_tell_size() LV_REQUIRES_CONTEXT(context_);
  // Calls `body` with the queue in the queue's context, and comes back.
  template <typename Body> auto LV_COROUTINE_FN co_at(Queue& queue, const Body& body);

  Ring* ring_at(uint64_t index) LV_REQUIRES_CONTEXT(context_);
  BlockTarget target() const LV_REQUIRES_CONTEXT(context_);
  bool write_through() const LV_REQUIRES_CONTEXT(context_);
  uint64_t offered_features() const;

  AioContext& context_;
  const FileDescriptor socket_;
  ExportedDevice& device_;
  const ServerOptions& options_;
  // Begins to tell the front end of the size.
  BottomHalf resized_;

  // With which it stopped to ask.
  std::optional<Message> first_ LV_OWNED_BY_CONTEXT(context_);
  std::deque<Ring> rings_ LV_OWNED_BY_CONTEXT(context_);
  std::shared_ptr<const GuestMemory> memory_ LV_OWNED_BY_CONTEXT(context_);
  std::shared_ptr<const InflightFile> inflight_ LV_OWNED_BY_CONTEXT(context_);
  uint64_t features_ LV_OWNED_BY_CONTEXT(context_) = 0;
  uint64_t protocol_features_ LV_OWNED_BY_CONTEXT(context_) = 0;
  // What the guest has set its cache to.
  bool writeback_ LV_OWNED_BY_CONTEXT(context_) = true;
  // On which we send requests of our own.
  FileDescriptor to_front_end_ LV_OWNED_BY_CONTEXT(context_);
  unsigned telling_ LV_OWNED_BY_CONTEXT(context_) = 0;
  Coroutine* waiting_ LV_OWNED_BY_CONTEXT(context_) = nullptr;
};

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_SESSION_H
