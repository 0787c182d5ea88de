// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes as a client's side of NBD's negotiation, where TLS is required and where there is none:
// every answer is one of the protocol's, a failure has its sentence, and it makes no difference in
// which pieces the bytes come. Nothing is told before TLS that is required; a handshake counts as
// done when it is asked for.

#include "holds.h"
#include "runtime/export/nbd/negotiation.h"
#include "runtime/export/null_device.h"

#include <algorithm>

using namespace lockvet::runtime;
using lockvet::fuzz::holds;
using nbd::Negotiation;

namespace {

constexpr uint64_t kDiskBytes = 1 << 20;

const nbd::ExportList& exports() {
  static NullDevice disk(kDiskBytes);
  static nbd::ExportList list;
  static const bool filled =
      list.add({"disk", "one", &disk}).empty() && list.add({"constant", "", &disk, true}).empty();
  holds(filled, "the exports are added");
  return list;
}

struct Result {
  Negotiation::State state = {};
  nbd::Bytes sent;
  size_t taken = 0;
  std::string problem;
  nbd::Session session;
};

// What a client is not told of before TLS: an export's name or size.
void check_secrecy(const nbd::Bytes& sent) {
  for (size_t at = 0; at + 20 <= sent.size();) {
    const auto type = nbd::load<uint32_t>(sent.data() + at + 12);
    holds(type == static_cast<uint32_t>(nbd::OptionReply::ack) || type > 0x8000'0000,
          "nothing is told before TLS");
    at += 20 + nbd::load<uint32_t>(sent.data() + at + 16);
  }
}

// The bytes in pieces of this size.
Result negotiate(std::span<const std::byte> input, size_t piece, Negotiation::Tls tls) {
  // Low, so that inputs that are short get there.
  Negotiation negotiation(exports(), {.most_option_bytes = 64, .most_skipped_bytes = 256}, tls);
  bool secure = tls == Negotiation::Tls::none;
  Result result;
  while (result.taken < input.size() && negotiation.state() == Negotiation::State::negotiating) {
    const size_t before = result.sent.size();
    const auto rest = input.subspan(result.taken);
    const size_t given = std::min(piece, rest.size());
    const size_t taken = negotiation.feed(rest.first(given), result.sent);
    if (negotiation.state() == Negotiation::State::sizing) {
      holds(secure && negotiation.asked_for() != nullptr, "a size is one that may be told");
      negotiation.sized(result.sent);
    }
    holds(taken <= given, "no more is taken than is there");
    holds(taken == given || result.sent.size() > before ||
              negotiation.state() != Negotiation::State::negotiating,
          "what is not taken waits for an answer to be sent");
    result.taken += taken;
    if (negotiation.state() == Negotiation::State::handshake) {
      holds(!secure, "TLS begins once, and only where there is TLS");
      check_secrecy(result.sent);
      secure = true;
      negotiation.secured();
    }
  }
  if (!secure) {
    check_secrecy(result.sent);
    holds(negotiation.state() != Negotiation::State::transmission, "nobody is served without TLS");
  }
  result.state = negotiation.state();
  result.problem = negotiation.problem();
  result.session = negotiation.session();
  return result;
}

// Answers to options; only the last may be the other kind, of NBD_OPT_EXPORT_NAME.
void check_answers(std::span<const std::byte> sent, bool transmission) {
  while (sent.size() >= 20 && nbd::load<uint64_t>(sent.data()) == nbd::option_reply_magic) {
    const auto type = nbd::load<uint32_t>(sent.data() + 12);
    const auto bytes = nbd::load<uint32_t>(sent.data() + 16);
    holds((type >= 1 && type <= 4) || (type > 0x8000'0000 && type <= 0x8000'0009),
          "an answer is of a type that there is");
    holds(bytes <= sent.size() - 20, "an answer is whole");
    holds(type != 1 || bytes == 0, "an acknowledgement has no data");
    sent = sent.subspan(20 + bytes);
  }
  if (sent.empty())
    return;
  holds(transmission && (sent.size() == 10 || sent.size() == 134),
        "an export by its name is answered by its size and flags");
  holds(nbd::load<uint64_t>(sent.data()) == kDiskBytes, "the size is the export's");
}

void check(std::span<const std::byte> input, Negotiation::Tls tls) {
  const Result whole = negotiate(input, std::max<size_t>(input.size(), 1), tls);
  const Result bytes = negotiate(input, 1, tls);
  holds(whole.state == bytes.state && whole.sent == bytes.sent && whole.taken == bytes.taken &&
            whole.problem == bytes.problem && whole.session.served == bytes.session.served &&
            whole.session.metadata == bytes.session.metadata,
        "pieces make no difference");
  holds((whole.state == Negotiation::State::failed) != whole.problem.empty(),
        "a failure has its sentence, and nothing else has one");
  const bool transmission = whole.state == Negotiation::State::transmission;
  holds(transmission == (whole.session.served != nullptr), "a transmission has its export");
  holds(whole.session.metadata.empty() || whole.session.structured,
        "block status needs structured replies");
  check_answers(whole.sent, transmission);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto input = std::as_bytes(std::span(data, size));
  check(input, Negotiation::Tls::none);
  check(input, Negotiation::Tls::required);
  return 0;
}
