// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/vhost_user/session.h"

#include <algorithm>
#include <sys/socket.h>

namespace lockvet::runtime::vhost_user {

namespace {

constexpr uint64_t offered_protocol_features = protocol_multi_queue | protocol_reply_ack |
                                               protocol_backend_request | protocol_config |
                                               protocol_inflight | protocol_memory_slots;

template <typename Value> std::vector<std::byte> bytes_of(const Value& value) {
  std::vector<std::byte> bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

std::unexpected<std::string> too_short(const char* what) {
  return std::unexpected(std::string("a message is too short for ") + what);
}

// Requests that have an answer of their own; the others are acknowledged if that is asked for.
bool has_own_answer(RequestType type) {
  switch (type) {
  case RequestType::get_features:
  case RequestType::get_protocol_features:
  case RequestType::get_queue_num:
  case RequestType::get_vring_base:
  case RequestType::get_config:
  case RequestType::get_inflight_fd:
  case RequestType::get_max_mem_slots:
    return true;
  default:
    return false;
  }
}

// What changes nothing that others could notice, so that any number of front ends may say it.
bool only_asks(RequestType type) {
  switch (type) {
  case RequestType::get_features:
  case RequestType::set_features:
  case RequestType::get_protocol_features:
  case RequestType::set_protocol_features:
  case RequestType::get_queue_num:
  case RequestType::get_max_mem_slots:
  case RequestType::get_config:
    return true;
  default:
    return false;
  }
}

} // namespace

Session::Session(AioContext& context, FileDescriptor socket, ExportedDevice& device,
                 const ContextMapping& mapping, const ServerOptions& options)
    : context_(context), socket_(std::move(socket)), device_(device), options_(options),
      resized_(context, {[](void* argument) {
                           auto& self = *static_cast<Session*>(argument);
                           self.context_.assert_home();
                           ++self.telling_;
                           (void)Coroutine::spawn(self.context_, [&self]() LV_COROUTINE_FN {
                             self.assert_home();
                             self.co_tell_size();
                             --self.telling_;
                             if (self.waiting_ != nullptr)
                               std::exchange(self.waiting_, nullptr)->wake();
                           });
                         },
                         this}) {
  for (uint16_t number = 0; number < options.queues; ++number)
    rings_.emplace_back(mapping.of(number), number, options);
}

std::string Session::co_introduce(Cancellation& stop) {
  device_.co_update_size();
  while (!stop.requested()) {
    auto message = co_receive_message(context_, socket_.get(), stop);
    if (!message)
      return std::move(message.error());
    if (!*message)
      return {};
    if (!only_asks((*message)->type())) {
      first_ = std::move(**message);
      return {};
    }
    std::string problem = co_answer(**message);
    if (!problem.empty())
      return problem;
  }
  return {};
}

std::string Session::co_run(Cancellation& stop) {
  // It is elsewhere from time to time, and comes back. Nobody can end what runs us.
  (void)context_.hold();
  size_t held = 0;
  for (Ring& ring : rings_) {
    if (!ring.queue.context().hold())
      break;
    ++held;
  }
  std::string problem;
  if (held == rings_.size()) {
    problem = co_take_messages(stop);
    co_stop_all();
  } else {
    problem = "the context of queue " + std::to_string(held) + " has ended";
  }
  for (size_t number = 0; number < held; ++number)
    rings_[number].queue.context().let_go();
  return problem;
}

void Session::co_end() {
  resized_.assert_home();
  resized_.cancel();
  while (telling_ > 0) {
    waiting_ = Coroutine::current();
    Coroutine::suspend();
  }
  context_.let_go();
}

std::string Session::co_take_messages(Cancellation& stop) {
  if (std::string problem = co_answer(*first_); !problem.empty())
    return problem;
  // With the descriptors that came along.
  first_.reset();
  while (!stop.requested()) {
    auto message = co_receive_message(context_, socket_.get(), stop);
    if (!message)
      return std::move(message.error());
    if (!*message)
      return {};
    std::string problem = co_answer(**message);
    if (!problem.empty())
      return problem;
  }
  return {};
}

// Returns why the front end is to be cut off, if it is. One that asks for acknowledgements is told
// of what it has done wrong instead, and may go on.
std::string Session::co_answer(Message& message) {
  Outcome outcome = co_handle(message);
  const bool acknowledges = message.wants_reply() && !has_own_answer(message.type()) &&
                            (protocol_features_ & protocol_reply_ack) != 0;
  if (acknowledges) {
    const uint64_t result = outcome ? 0 : 1;
    outcome = Answer{.payload = bytes_of(result), .descriptor = {}};
  }
  if (!outcome)
    return std::move(outcome.error());
  if (!*outcome)
    return {};
  const Answer& answer = **outcome;
  const MessageHeader header{.request = message.header.request,
                             .flags = version | flag_reply,
                             .size = static_cast<uint32_t>(answer.payload.size())};
  const std::error_code failed =
      send_message(socket_.get(), header, answer.payload, answer.descriptor.get());
  return failed ? "can't answer: " + failed.message() : std::string();
}

// --- messages ------------------------------------------------------------------------------------

Session::Outcome Session::co_handle(Message& message) {
  const auto answer = [](uint64_t number) {
    return Answer{.payload = bytes_of(number), .descriptor = {}};
  };
  const auto nothing = [](Done done) -> Outcome {
    if (!done)
      return std::unexpected(std::move(done.error()));
    return std::nullopt;
  };
  switch (message.type()) {
  case RequestType::get_features:
    return answer(offered_features());
  case RequestType::set_features:
    return nothing(set_features(message));
  case RequestType::get_protocol_features:
    return answer(offered_protocol_features);
  case RequestType::set_protocol_features:
    return nothing(set_protocol_features(message));
  case RequestType::set_owner:
  case RequestType::reset_owner:
    return std::nullopt;
  case RequestType::get_queue_num:
    return answer(rings_.size());
  case RequestType::get_max_mem_slots:
    return answer(GuestMemory::most_regions);
  case RequestType::set_mem_table:
    return nothing(co_set_memory_table(message));
  case RequestType::add_mem_reg:
    return nothing(co_add_region(message));
  case RequestType::rem_mem_reg:
    return nothing(co_remove_region(message));
  case RequestType::get_config:
    return co_get_config(message);
  case RequestType::set_config:
    return nothing(co_set_config(message));
  case RequestType::get_inflight_fd:
    return get_inflight(message);
  case RequestType::set_inflight_fd:
    return nothing(set_inflight(message));
  case RequestType::set_backend_req_fd:
    if (message.descriptors.size() != 1)
      return std::unexpected("a socket for requests to the front end is missing");
    to_front_end_ = std::move(message.descriptors.front());
    return std::nullopt;
  case RequestType::set_vring_kick:
  case RequestType::set_vring_call:
  case RequestType::set_vring_err:
    return nothing(co_set_event(message));
  case RequestType::set_vring_num:
  case RequestType::set_vring_addr:
  case RequestType::set_vring_base:
  case RequestType::get_vring_base:
  case RequestType::set_vring_enable:
    return co_handle_ring(message);
  }
  return std::unexpected("there is no message " + std::to_string(message.header.request));
}

// Of messages that begin with the number of a ring.
Session::Outcome Session::co_handle_ring(Message& message) {
  const auto state = message.payload_as<RingState>();
  if (!state)
    return too_short("what it should say of a ring");
  Ring* const ring = ring_at(state->index);
  if (ring == nullptr)
    return std::unexpected("there is no ring " + std::to_string(state->index));
  if (message.type() == RequestType::get_vring_base) {
    co_forget_kick(*ring);
    const RingState base{.index = state->index, .number = ring->setup.next_available};
    return Answer{.payload = bytes_of(base), .descriptor = {}};
  }
  const Done done = message.type() == RequestType::set_vring_enable
                        ? co_set_enabled(*ring, state->number != 0)
                        : set_ring_layout(*ring, message);
  if (!done)
    return std::unexpected(done.error());
  return std::nullopt;
}

uint64_t Session::offered_features() const {
  return features_of(device_, options_) | feature_protocol_features;
}

Session::Done Session::set_features(const Message& message) {
  const auto wanted = message.payload_as<uint64_t>();
  if (!wanted)
    return too_short("its features");
  if ((*wanted & ~offered_features()) != 0)
    return std::unexpected("the front end accepts features that were not offered");
  features_ = *wanted;
  // Rings of a front end that can't enable them are so from the beginning.
  if ((features_ & feature_protocol_features) == 0) {
    for (Ring& ring : rings_)
      ring.setup.enabled = true;
  }
  return {};
}

Session::Done Session::set_protocol_features(const Message& message) {
  const auto wanted = message.payload_as<uint64_t>();
  if (!wanted)
    return too_short("its features");
  if ((*wanted & ~offered_protocol_features) != 0)
    return std::unexpected("the front end accepts protocol features that were not offered");
  protocol_features_ = *wanted;
  return {};
}

// --- the configuration space ---------------------------------------------------------------------

Session::Outcome Session::co_get_config(const Message& message) {
  const auto head = message.payload_as<ConfigHead>();
  if (!head)
    return too_short("a configuration");
  device_.co_update_size();
  const virtio_blk_config config = config_of(device_, options_, !writeback_);
  Answer answer{.payload = message.payload, .descriptor = {}};
  if (message.payload.size() - sizeof *head != head->size || head->offset > sizeof config) {
    // An error is an answer without any bytes of the space.
    answer.payload.clear();
    return answer;
  }
  const auto space = std::as_bytes(std::span(&config, 1)).subspan(head->offset);
  // Fields that this device does not have are zero.
  std::fill(answer.payload.begin() + sizeof *head, answer.payload.end(), std::byte{0});
  std::copy_n(space.begin(), std::min<size_t>(head->size, space.size()),
              answer.payload.begin() + sizeof *head);
  return answer;
}

// The only field that a driver writes is the mode of the cache; a guest that has migrated here
// brings the whole space along.
Session::Done Session::co_set_config(const Message& message) {
  const auto head = message.payload_as<ConfigHead>();
  constexpr size_t field = offsetof(virtio_blk_config, wce);
  if (!head || message.payload.size() - sizeof *head < head->size)
    return too_short("a configuration");
  const bool has_field = head->offset <= field && head->size > field - head->offset;
  const bool has_more = head->offset != field || head->size != 1;
  if (!has_field || (has_more && head->flags != config_migration))
    return std::unexpected("the front end sets a field that is for reading only");
  const std::byte value = message.payload[sizeof *head + (field - head->offset)];
  if (value > std::byte{1})
    return std::unexpected("the front end sets a mode of the cache that there is not");
  writeback_ = value == std::byte{1};
  co_set_write_through();
  return {};
}

void Session::co_tell_size() {
  device_.co_update_size();
  constexpr uint64_t needed = protocol_backend_request | protocol_config;
  if (!to_front_end_.valid() || (protocol_features_ & needed) != needed)
    return;
  const MessageHeader header{.request = static_cast<uint32_t>(BackendRequestType::config_change),
                             .flags = version,
                             .size = 0};
  // One that does not read has as many of them before it already.
  (void)send_message(to_front_end_.get(), header, {});
}

// --- requests in flight --------------------------------------------------------------------------

Session::Outcome Session::get_inflight(const Message& message) {
  const auto wanted =
      message.value_at<InflightDescription>(0, offsetof(InflightDescription, padding));
  if (!wanted)
    return too_short("its requests in flight");
  if (wanted->queues == 0 || wanted->queues > rings_.size() || wanted->queue_size == 0)
    return std::unexpected("the front end tracks more queues than there are, or none");
  auto file = InflightFile::create(wanted->queues, wanted->queue_size);
  if (!file)
    return std::unexpected(std::move(file.error()));
  const InflightDescription made{.mmap_size =
                                     InflightFile::bytes_for(wanted->queues, wanted->queue_size),
                                 .mmap_offset = 0,
                                 .queues = wanted->queues,
                                 .queue_size = wanted->queue_size,
                                 .padding = 0};
  Answer answer{.payload = bytes_of(made), .descriptor = std::move(*file)};
  answer.payload.resize(std::min(message.payload.size(), sizeof made));
  return answer;
}

Session::Done Session::set_inflight(const Message& message) {
  const auto description =
      message.value_at<InflightDescription>(0, offsetof(InflightDescription, padding));
  if (!description || message.descriptors.size() != 1)
    return too_short("its requests in flight");
  if (std::ranges::any_of(rings_, [](const Ring& ring) { return ring.started; }))
    return std::unexpected("requests in flight are to be noted elsewhere while there are some");
  auto opened = InflightFile::open(message.descriptors.front(), *description, options_.memory);
  if (!opened)
    return std::unexpected(std::move(opened.error()));
  inflight_ = std::make_shared<const InflightFile>(std::move(*opened));
  // A predecessor was told, and we are not.
  if (inflight_->write_through())
    writeback_ = false;
  else
    inflight_->set_write_through(!writeback_);
  return {};
}

} // namespace lockvet::runtime::vhost_user
