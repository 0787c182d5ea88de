// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/transmission.h"

#include <algorithm>

namespace lockvet::runtime::nbd {

namespace {

// Words for a person, where the error's name alone says less.
const char* words_for(Error error) {
  switch (error) {
  case Error::no_space:
    return "the device is full";
  case Error::not_supported:
    return "the device can't do it fast";
  case Error::no_memory:
    return "the server has no memory for it";
  default:
    return "the device has failed";
  }
}

// For an answer that is not sent.
constexpr Verdict gone{Error::shutdown, "the client has gone"};

uint64_t data_bytes(const RequestHeader& header) {
  return header.command == Command::read || header.command == Command::write ? header.length : 0;
}

} // namespace

Transmission::Transmission(AioContext& context, Stream& stream, ReceiveBuffer& received,
                           const Session& session, Limits limits, Shared shared)
    : context_(context), stream_(stream), session_(session), limits_(limits), received_(received),
      sender_(context, stream,
              {[](void* argument, InFlight& request) {
                 auto& self = *static_cast<Transmission*>(argument);
                 self.context_.assert_home();
                 self.release(request);
               },
               [](void* argument) { static_cast<Transmission*>(argument)->shared_.progressed(); },
               this}),
      shared_(shared.budget, shared.evict) {}

std::string Transmission::co_run() {
  sender_runs_ = Coroutine::spawn(context_, [this]() LV_COROUTINE_FN {
    context_.assert_home();
    sender_.assert_home();
    sender_.co_run();
    sender_runs_ = false;
    if (waiting_ != nullptr)
      std::exchange(waiting_, nullptr)->wake();
  });
  std::string problem = co_read_requests();
  // The last reply is sent when the last request is released, so that after that the sender has
  // nothing left to do.
  while (in_flight_ > 0) {
    waiting_ = Coroutine::current();
    Coroutine::suspend();
  }
  sender_.assert_home();
  sender_.finish();
  while (sender_runs_) {
    waiting_ = Coroutine::current();
    Coroutine::suspend();
  }
  return problem;
}

// --- reading -------------------------------------------------------------------------------------

std::string Transmission::co_read_requests() {
  // Beyond this a peer has no right to be skipped over rather than cut off.
  const uint32_t most_skipped = std::max(session_.most_payload_bytes, usual_payload_bytes);
  RequestHeader header;
  std::string problem;
  while (co_receive_header(header, problem) && header.command != Command::disconnect) {
    if (header.payload_bytes() > most_skipped)
      return "a write announces " + std::to_string(header.payload_bytes()) + " bytes; " +
             std::to_string(most_skipped) + " is the limit";
    // It may have been resized.
    session_.size = session_.served->size();
    Verdict verdict = check_request(header, session_);
    if (is_in_vain(header))
      verdict = gone;
    // A refusal keeps nothing, however long what it refuses would have been.
    const uint64_t bytes = verdict.error == Error::none ? data_bytes(header) : 0;
    co_wait_for_room(bytes);
    InFlight& request = take_slot(header);
    if (!co_take_memory(request, bytes))
      verdict = {Error::shutdown, "the server is shutting down"};
    if (!co_receive_payload(request, verdict.error == Error::none)) {
      release(request);
      return "the stream ends within the data of a write";
    }
    if (shutting_down_)
      verdict = {Error::shutdown, "the server is shutting down"};
    if (verdict.error == Error::none) {
      start(request);
    } else {
      request.head.set_error(header, session_.structured, verdict);
      sender_.assert_home();
      sender_.queue(request);
    }
  }
  return problem;
}

// False if there is no more.
bool Transmission::co_receive_more() {
  const auto bytes = stream_.co_receive(context_, received_.space());
  if (!bytes || *bytes == 0)
    return false;
  received_.received(*bytes);
  return true;
}

bool Transmission::co_receive_header(RequestHeader& header, std::string& problem) {
  while (received_.available().size() < request_bytes) {
    if (!co_receive_more()) {
      if (!received_.available().empty())
        problem = "the stream ends within the header of a request";
      return false;
    }
  }
  const auto parsed = parse_request(received_.available().first<request_bytes>());
  if (!parsed) {
    problem = "a request does not begin with NBD_REQUEST_MAGIC";
    return false;
  }
  received_.skip(request_bytes);
  header = *parsed;
  return true;
}

// What is not wanted is read all the same, since the next request comes after it.
bool Transmission::co_receive_payload(InFlight& request, bool wanted) {
  size_t left = request.header.payload_bytes();
  while (left > 0) {
    const size_t bytes = std::min(left, received_.available().size());
    if (bytes == 0) {
      if (!co_receive_more())
        return false;
      continue;
    }
    if (wanted)
      received_.take(request.payload, bytes);
    else
      received_.skip(bytes);
    left -= bytes;
    if (request.shared)
      shared_.progressed();
  }
  return true;
}

bool Transmission::has_room(uint64_t bytes) const {
  return in_flight_ < limits_.most_requests &&
         (kept_bytes_ == 0 || kept_bytes_ + bytes <= limits_.most_bytes);
}

// Whether it only asks, and nobody would get the answer.
bool Transmission::is_in_vain(const RequestHeader& header) const {
  sender_.assert_home();
  return sender_.broken() &&
         (header.command == Command::read || header.command == Command::block_status);
}

void Transmission::co_wait_for_room(uint64_t bytes) {
  while (!has_room(bytes)) {
    waiting_ = Coroutine::current();
    Coroutine::suspend();
  }
}

bool Transmission::co_take_memory(InFlight& request, uint64_t bytes) {
  kept_bytes_ += bytes;
  request.kept_bytes = bytes;
  request.shared = own_bytes_ + bytes > limits_.most_own_bytes;
  if (!request.shared) {
    own_bytes_ += bytes;
    return true;
  }
  const auto gave_up = [this] {
    context_.assert_home();
    return shutting_down_;
  };
  if (shared_.co_take(context_, bytes, gave_up))
    return true;
  kept_bytes_ -= bytes;
  request.kept_bytes = 0;
  request.shared = false;
  return false;
}

InFlight& Transmission::take_slot(const RequestHeader& header) {
  InFlight* slot = free_slots_;
  if (slot != nullptr)
    free_slots_ = slot->next;
  else
    slot = &slots_.emplace_back();
  slot->header = header;
  slot->data_follows = false;
  ++in_flight_;
  return *slot;
}

void Transmission::release(InFlight& request) {
  --in_flight_;
  kept_bytes_ -= request.kept_bytes;
  if (request.shared)
    shared_.give(request.kept_bytes);
  else
    own_bytes_ -= request.kept_bytes;
  if (request.data != nullptr)
    data_.give(std::move(request.data), request.header.length);
  request.payload.clear();
  request.extents.clear();
  request.next = free_slots_;
  free_slots_ = &request;
  if (waiting_ != nullptr)
    std::exchange(waiting_, nullptr)->wake();
}

// --- executing -----------------------------------------------------------------------------------

void Transmission::start(InFlight& request) {
  // It can't be refused: whoever reads is a coroutine of the same home, which keeps that alive.
  (void)Coroutine::spawn(context_, [this, &request]() LV_COROUTINE_FN {
    context_.assert_home();
    if (request.shared)
      shared_.begin_work();
    co_execute(request);
    if (request.shared)
      shared_.end_work();
    sender_.assert_home();
    sender_.queue(request);
  });
}

void Transmission::co_execute(InFlight& request) {
  // It may have waited for memory meanwhile.
  if (is_in_vain(request.header))
    return request.head.set_error(request.header, session_.structured, gone);
  std::error_code failed;
  switch (request.header.command) {
  case Command::read:
    failed = co_read(request);
    break;
  case Command::block_status:
    failed = co_block_status(request);
    break;
  default:
    failed = co_change(request);
    request.head.set_done(request.header);
    break;
  }
  if (failed) {
    Error error = wire_error(failed);
    // Reserved for the request to be fast.
    if (error == Error::not_supported && !request.header.has(command_fast_zero))
      error = Error::input_output;
    request.data_follows = false;
    request.extents.clear();
    request.head.set_error(request.header, session_.structured, {error, words_for(error)});
  }
}

std::error_code Transmission::co_read(InFlight& request) {
  const RequestHeader& header = request.header;
  if (header.length > 0) {
    request.data = data_.take(header.length);
    if (request.data == nullptr)
      return std::make_error_code(std::errc::not_enough_memory);
    const iovec piece{request.data.get(), header.length};
    if (const std::error_code failed =
            session_.served->device().co_preadv(header.offset, {&piece, 1}))
      return failed;
    request.data_follows = true;
  }
  request.head.set_data(header, session_.structured);
  return {};
}

std::error_code Transmission::co_change(const InFlight& request) {
  const RequestHeader& header = request.header;
  ExportedDevice& device = session_.served->device();
  const ExportedDevice::WriteFlags flags{.force_unit_access = header.has(command_fua),
                                         .may_unmap = !header.has(command_no_hole),
                                         .only_if_fast = header.has(command_fast_zero)};
  std::error_code failed;
  if (header.command == Command::flush) {
    failed = device.co_flush();
  } else if (header.length == 0) {
    failed = {};
  } else if (header.command == Command::write) {
    failed = device.co_pwritev(header.offset, request.payload.pieces(), flags);
  } else if (header.command == Command::write_zeroes) {
    failed = device.co_write_zeroes(header.offset, header.length, flags);
  } else {
    failed = device.co_trim(header.offset, header.length, flags);
    // It was a hint.
    if (failed == std::errc::not_supported || failed == std::errc::operation_not_supported)
      failed = {};
  }
  return failed;
}

std::error_code Transmission::co_block_status(InFlight& request) {
  ReplyHead later_head;
  for (const uint32_t metadata : session_.metadata) {
    StatusExtents extents(request.header);
    while (!extents.complete()) {
      const auto extent = co_status(metadata, extents.next_offset(), extents.left());
      if (!extent)
        return extent.error();
      if (extent->length == 0)
        return std::make_error_code(std::errc::io_error);
      extents.add(*extent);
    }
    const bool first = metadata == session_.metadata.front();
    ReplyHead& head = first ? request.head : later_head;
    head.set_block_status(request.header, metadata, extents.count(),
                          metadata == session_.metadata.back());
    if (!first)
      request.extents.insert(request.extents.end(), head.bytes().begin(), head.bytes().end());
    extents.append_to(request.extents);
  }
  return {};
}

std::expected<MetadataContext::Extent, std::error_code>
Transmission::co_status(uint32_t metadata, uint64_t offset, uint64_t length) {
  if (metadata != allocation_context_id)
    return session_.served->options().metadata[metadata - allocation_context_id - 1]->co_status(
        offset, length);
  const auto extent = session_.served->device().co_block_status(offset, length);
  if (!extent)
    return std::unexpected(extent.error());
  const uint32_t flags = (extent->hole ? state_hole : 0U) | (extent->zero ? state_zero : 0U);
  return MetadataContext::Extent{.length = extent->length, .flags = flags};
}

} // namespace lockvet::runtime::nbd
