// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The server's side of NBD's fixed newstyle negotiation, from bytes to bytes: it knows no socket
// and waits for nothing. A connection owns one until the transmission begins, and uses it in one
// thread. What a peer claims costs nothing before it has come: data is kept as it arrives, up to a
// limit, and skipped beyond.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_NEGOTIATION_H
#define LOCKVET_RUNTIME_EXPORT_NBD_NEGOTIATION_H

#include "runtime/export/nbd/option_data.h"
#include "runtime/export/nbd/protocol.h"
#include "runtime/export/nbd/session.h"
#include "runtime/export/nbd/wire.h"

#include <span>
#include <string>

namespace lockvet::runtime::nbd {

class Negotiation {
public:
  struct Limits {
    // The data of one option that is looked at, and that is skipped; a peer that announces more is
    // cut off.
    uint32_t most_option_bytes = 64 * 1024;
    uint32_t most_skipped_bytes = 1024 * 1024;
    // The data of one read or write afterwards.
    uint32_t most_payload_bytes = usual_payload_bytes;
  };

  enum class Tls { none, required };

  enum class State {
    negotiating,
    // The answer to the option has a size in it, so that the device of asked_for() has to look at
    // it first: sized() then answers.
    sizing,
    // The answer is sent, and the handshake of TLS comes next: secured() tells that it is done.
    handshake,
    // The rest of the input belongs to the transmission.
    transmission,
    // The peer wanted to go.
    ended,
    // problem() says why the connection has to be closed.
    failed,
  };

  Negotiation(const ExportList& exports, Limits limits, Tls tls = Tls::none)
      : exports_(exports), limits_(limits), tls_(tls) {}

  // What a server sends first.
  static void greet(Bytes& out);

  // Takes input, and returns how much: all, or up to an option that it has answered. The answer is
  // appended to `out`, and to be sent before more is fed, so that a peer that does not read gets no
  // more answered.
  size_t feed(std::span<const std::byte> in, Bytes& out);

  // As feed() would have gone on.
  void sized(Bytes& out);
  // The export whose size is wanted.
  const std::shared_ptr<Export>& asked_for() const noexcept { return asked_for_; }

  // What was agreed on before is forgotten, since anybody may have written it.
  void secured();

  // Every option but a farewell is refused from now on.
  void shut_down() noexcept { shutting_down_ = true; }

  State state() const noexcept { return state_; }
  const std::string& problem() const noexcept { return problem_; }
  // Of a negotiation that has come to the transmission.
  const Session& session() const noexcept { return session_; }

private:
  enum class Stage { client_flags, option_header, option_data, skipping };

  bool fill(std::span<const std::byte>& in, size_t wanted);
  bool skip(std::span<const std::byte>& in);
  void take_client_flags();
  void take_option_header();
  std::shared_ptr<Export> size_wanted_of() const;
  void finish_option(Bytes& out);
  void answer(Bytes& out);
  void answer_start_tls(Bytes& out);
  void answer_export_name(Bytes& out);
  void answer_list(Bytes& out) const;
  void answer_info(Bytes& out);
  void answer_structured_reply(Bytes& out);
  void answer_meta_context(Bytes& out);
  void answer_metadata(Bytes& out, const Export& found, const ContextQuery& query);
  void send_info(Bytes& out, const Export& found, unsigned wanted) const;

  void reply(Bytes& out, OptionReply type, std::span<const std::byte> data = {}) const;
  void refuse(Bytes& out, OptionReply type, std::string_view why) const;
  void begin_transmission(const std::shared_ptr<Export>& chosen);
  void fail(std::string problem);
  // Whether others can read and write along.
  bool is_exposed() const noexcept { return tls_ == Tls::required && !secure_; }

  const ExportList& exports_;
  const Limits limits_;
  const Tls tls_;
  bool secure_ = false;
  State state_ = State::negotiating;
  Stage stage_ = Stage::client_flags;
  bool shutting_down_ = false;
  std::string problem_;

  std::shared_ptr<Export> asked_for_;
  // What has come of the header or the data that is waited for.
  Bytes kept_;
  Option option_ = Option::abort;
  uint32_t option_bytes_ = 0;
  // Of data that nobody looks at.
  uint32_t left_to_skip_ = 0;

  bool without_zeroes_ = false;
  bool structured_ = false;
  // The export that metadata contexts were last selected for, and these.
  std::shared_ptr<Export> metadata_of_;
  std::vector<uint32_t> metadata_;
  Session session_;
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_NEGOTIATION_H
