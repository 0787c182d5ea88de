// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/negotiation.h"

#include <algorithm>

namespace lockvet::runtime::nbd {

namespace {

constexpr uint16_t handshake_flags = fixed_newstyle | no_zeroes;

bool is_known(Option option) {
  switch (option) {
  case Option::export_name:
  case Option::abort:
  case Option::list:
  case Option::starttls:
  case Option::info:
  case Option::go:
  case Option::structured_reply:
  case Option::list_meta_context:
  case Option::set_meta_context:
    return true;
  }
  return false;
}

std::string hexadecimal(uint64_t number) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "0x";
  for (int shift = 60; shift >= 0; shift -= 4)
    text += digits[number >> shift & 0xf];
  return text;
}

} // namespace

void Negotiation::greet(Bytes& out) {
  append(out, greeting_magic);
  append(out, option_magic);
  append(out, handshake_flags);
}

// --- taking input --------------------------------------------------------------------------------

size_t Negotiation::feed(std::span<const std::byte> in, Bytes& out) {
  const size_t given = in.size();
  bool answered = false;
  while (state_ == State::negotiating && !answered) {
    if (stage_ == Stage::client_flags) {
      if (!fill(in, sizeof(uint32_t)))
        break;
      take_client_flags();
    } else if (stage_ == Stage::option_header) {
      if (!fill(in, option_header_bytes))
        break;
      take_option_header();
    } else {
      if (stage_ == Stage::skipping ? !skip(in) : !fill(in, option_bytes_))
        break;
      asked_for_ = size_wanted_of();
      if (asked_for_ != nullptr)
        state_ = State::sizing;
      else
        finish_option(out);
      answered = true;
    }
  }
  return given - in.size();
}

void Negotiation::sized(Bytes& out) {
  state_ = State::negotiating;
  finish_option(out);
  asked_for_.reset();
}

void Negotiation::finish_option(Bytes& out) {
  answer(out);
  kept_.clear();
  stage_ = Stage::option_header;
}

// By an option that is there as a whole.
std::shared_ptr<Export> Negotiation::size_wanted_of() const {
  if (stage_ == Stage::skipping || shutting_down_ || is_exposed())
    return nullptr;
  if (option_ == Option::export_name)
    return exports_.find(*WireReader(kept_).text(kept_.size()));
  if (option_ != Option::info && option_ != Option::go)
    return nullptr;
  const auto query = parse_info_query(kept_);
  return query ? exports_.find(query->name) : nullptr;
}

// Whether all that is wanted is in kept_ now.
bool Negotiation::fill(std::span<const std::byte>& in, size_t wanted) {
  const size_t taken = std::min(wanted - kept_.size(), in.size());
  kept_.insert(kept_.end(), in.begin(), in.begin() + static_cast<std::ptrdiff_t>(taken));
  in = in.subspan(taken);
  return kept_.size() == wanted;
}

bool Negotiation::skip(std::span<const std::byte>& in) {
  const auto taken = static_cast<uint32_t>(std::min<size_t>(left_to_skip_, in.size()));
  left_to_skip_ -= taken;
  in = in.subspan(taken);
  return left_to_skip_ == 0;
}

void Negotiation::take_client_flags() {
  const auto flags = load<uint32_t>(kept_.data());
  kept_.clear();
  if ((flags & ~uint32_t{handshake_flags}) != 0)
    return fail("the client sets handshake flags that were not offered: " + hexadecimal(flags));
  // One that does not claim to know the fixed style is served all the same: an option other than
  // NBD_OPT_EXPORT_NAME shows that it does.
  without_zeroes_ = (flags & no_zeroes) != 0;
  stage_ = Stage::option_header;
}

void Negotiation::take_option_header() {
  const auto magic = load<uint64_t>(kept_.data());
  option_ = static_cast<Option>(load<uint32_t>(kept_.data() + 8));
  option_bytes_ = load<uint32_t>(kept_.data() + 12);
  kept_.clear();
  if (magic != option_magic)
    return fail("an option begins with " + hexadecimal(magic) + " and not with IHAVEOPT");
  if (option_bytes_ > limits_.most_skipped_bytes)
    return fail("option " + std::to_string(static_cast<uint32_t>(option_)) + " announces " +
                std::to_string(option_bytes_) + " bytes of data; " +
                std::to_string(limits_.most_skipped_bytes) + " is the limit");
  // The data of a farewell is ignored, and that of an option that we do not know.
  if (!is_known(option_) || option_ == Option::abort || option_bytes_ > limits_.most_option_bytes) {
    left_to_skip_ = option_bytes_;
    stage_ = Stage::skipping;
  } else {
    stage_ = Stage::option_data;
  }
}

// --- answers -------------------------------------------------------------------------------------

void Negotiation::answer(Bytes& out) {
  if (option_ == Option::abort) {
    reply(out, OptionReply::ack);
    state_ = State::ended;
    return;
  }
  if (option_ == Option::export_name)
    return is_exposed() ? fail("the client wants an export without TLS") : answer_export_name(out);
  if (shutting_down_)
    return refuse(out, OptionReply::error_shutdown, "the server is shutting down");
  if (!is_known(option_))
    return refuse(out, OptionReply::error_unsupported, "this server does not know the option");
  if (option_bytes_ > limits_.most_option_bytes)
    return refuse(out, OptionReply::error_too_big, "the option has more data than is looked at");
  if (is_exposed() && option_ != Option::starttls)
    return refuse(out, OptionReply::error_tls_required, "this server wants TLS first");
  switch (option_) {
  case Option::list:
    return answer_list(out);
  case Option::info:
  case Option::go:
    return answer_info(out);
  case Option::structured_reply:
    return answer_structured_reply(out);
  case Option::list_meta_context:
  case Option::set_meta_context:
    return answer_meta_context(out);
  default:
    return answer_start_tls(out);
  }
}

void Negotiation::answer_start_tls(Bytes& out) {
  if (tls_ == Tls::none)
    return refuse(out, OptionReply::error_unsupported, "this server has no TLS");
  if (secure_ || option_bytes_ != 0)
    return refuse(out, OptionReply::error_invalid,
                  secure_ ? "TLS has begun already" : "NBD_OPT_STARTTLS has no data");
  reply(out, OptionReply::ack);
  state_ = State::handshake;
}

void Negotiation::secured() {
  secure_ = true;
  structured_ = false;
  metadata_of_ = nullptr;
  metadata_.clear();
  state_ = State::negotiating;
}

// It has no answer that says no, only the end of the connection.
void Negotiation::answer_export_name(Bytes& out) {
  if (option_bytes_ > most_string_bytes)
    return fail("the name of the export has " + std::to_string(option_bytes_) + " bytes; " +
                std::to_string(most_string_bytes) + " is the limit");
  if (shutting_down_)
    return fail("the server is shutting down");
  const auto chosen = exports_.find(*WireReader(kept_).text(kept_.size()));
  if (chosen == nullptr)
    return fail("the client wants an export that there is not");
  begin_transmission(chosen);
  append(out, session_.size);
  append(out, session_.served->transmission_flags(structured_));
  if (!without_zeroes_)
    out.resize(out.size() + zeroes_after_export_name);
}

void Negotiation::answer_list(Bytes& out) const {
  if (option_bytes_ != 0)
    return refuse(out, OptionReply::error_invalid, "NBD_OPT_LIST has no data");
  Bytes data;
  for (const auto& one : exports_.all()) {
    data.clear();
    append(data, static_cast<uint32_t>(one->options().name.size()));
    append(data, one->options().name);
    append(data, one->options().description);
    reply(out, OptionReply::server, data);
  }
  reply(out, OptionReply::ack);
}

void Negotiation::answer_info(Bytes& out) {
  const auto query = parse_info_query(kept_);
  if (!query)
    return refuse(out, OptionReply::error_invalid, "the lengths in the option do not add up");
  const auto found = exports_.find(query->name);
  if (found == nullptr)
    return refuse(out, OptionReply::error_unknown, "there is no export of this name");
  const unsigned block_size = 1U << static_cast<unsigned>(Info::block_size);
  if (found->device().block_sizes().minimum > 1 && (query->wanted & block_size) == 0) {
    send_info(out, *found, block_size);
    return refuse(out, OptionReply::error_block_size_required,
                  "the client has to ask for the block sizes, and to honour them");
  }
  send_info(out, *found, query->wanted);
  reply(out, OptionReply::ack);
  if (option_ == Option::go)
    begin_transmission(found);
}

void Negotiation::send_info(Bytes& out, const Export& found, unsigned wanted) const {
  const auto wants = [wanted](Info info) {
    return (wanted & 1U << static_cast<unsigned>(info)) != 0;
  };
  Bytes data;
  const auto begin = [&data](Info info) {
    data.clear();
    append(data, static_cast<uint16_t>(info));
  };
  begin(Info::export_);
  append(data, found.size());
  append(data, found.transmission_flags(structured_));
  reply(out, OptionReply::info, data);
  if (wants(Info::name)) {
    begin(Info::name);
    append(data, found.options().name);
    reply(out, OptionReply::info, data);
  }
  if (wants(Info::description) && !found.options().description.empty()) {
    begin(Info::description);
    append(data, found.options().description);
    reply(out, OptionReply::info, data);
  }
  if (wants(Info::block_size)) {
    const ExportedDevice::BlockSizes sizes = found.device().block_sizes();
    begin(Info::block_size);
    append(data, sizes.minimum);
    append(data, sizes.preferred);
    append(data, std::max(limits_.most_payload_bytes, sizes.preferred));
    reply(out, OptionReply::info, data);
  }
}

void Negotiation::answer_structured_reply(Bytes& out) {
  if (option_bytes_ != 0)
    return refuse(out, OptionReply::error_invalid, "NBD_OPT_STRUCTURED_REPLY has no data");
  structured_ = true;
  reply(out, OptionReply::ack);
}

void Negotiation::answer_meta_context(Bytes& out) {
  const bool sets = option_ == Option::set_meta_context;
  // Also one that fails replaces what was set before.
  if (sets) {
    metadata_of_ = nullptr;
    metadata_.clear();
  }
  if (!structured_)
    return refuse(out, OptionReply::error_invalid, "structured replies have to come first");
  const auto query = parse_context_query(kept_);
  if (!query)
    return refuse(out, OptionReply::error_invalid, "the lengths in the option do not add up");
  auto found = exports_.find(query->name);
  if (found == nullptr)
    return refuse(out, OptionReply::error_unknown, "there is no export of this name");
  answer_metadata(out, *found, *query);
  if (sets)
    metadata_of_ = std::move(found);
  reply(out, OptionReply::ack);
}

void Negotiation::answer_metadata(Bytes& out, const Export& found, const ContextQuery& query) {
  const bool sets = option_ == Option::set_meta_context;
  uint32_t number = allocation_context_id;
  const auto offer = [&](std::string_view context) {
    if (sets ? query.names(context) : query.lists(context)) {
      Bytes data;
      append(data, sets ? number : uint32_t{0});
      append(data, context);
      reply(out, OptionReply::meta_context, data);
      if (sets)
        metadata_.push_back(number);
    }
    ++number;
  };
  offer(allocation_context);
  for (const MetadataContext* context : found.options().metadata)
    offer(context->name());
}

// --- helpers -------------------------------------------------------------------------------------

void Negotiation::reply(Bytes& out, OptionReply type, std::span<const std::byte> data) const {
  append(out, option_reply_magic);
  append(out, static_cast<uint32_t>(option_));
  append(out, static_cast<uint32_t>(type));
  append(out, static_cast<uint32_t>(data.size()));
  out.insert(out.end(), data.begin(), data.end());
}

void Negotiation::refuse(Bytes& out, OptionReply type, std::string_view why) const {
  reply(out, type, std::as_bytes(std::span(why)));
}

void Negotiation::begin_transmission(const std::shared_ptr<Export>& chosen) {
  const ExportedDevice::BlockSizes sizes = chosen->device().block_sizes();
  session_ = {.served = chosen,
              .size = chosen->size(),
              .minimum_block = sizes.minimum,
              .most_payload_bytes = std::max(limits_.most_payload_bytes, sizes.preferred),
              .read_only = chosen->is_read_only(),
              .structured = structured_};
  if (metadata_of_ == chosen)
    session_.metadata = std::move(metadata_);
  state_ = State::transmission;
}

void Negotiation::fail(std::string problem) {
  state_ = State::failed;
  problem_ = std::move(problem);
}

} // namespace lockvet::runtime::nbd
