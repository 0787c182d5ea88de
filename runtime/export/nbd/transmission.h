// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The requests of a connection that has come through its negotiation: reads them, runs each in a
// coroutine, and has their replies sent. There are limits on how many are in flight and on what
// they keep in memory, beyond which nothing is read. A connection owns it, in its context's thread.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_TRANSMISSION_H
#define LOCKVET_RUNTIME_EXPORT_NBD_TRANSMISSION_H

#include "runtime/export/nbd/memory_budget.h"
#include "runtime/export/nbd/reply_sender.h"

#include <deque>
#include <string>

namespace lockvet::runtime::nbd {

class Transmission {
public:
  struct Limits {
    unsigned most_requests = 128;
    // Of what reads and writes keep; a single one may have more.
    uint64_t most_bytes = 64 << 20;
    // Of these, what is the connection's own. The rest is taken from what all share.
    uint64_t most_own_bytes = 1 << 20;
  };

  // What it shares with other connections, and what ends it if it only holds that.
  struct Shared {
    MemoryBudget& budget;
    Callback evict;
  };

  // `received` holds what came after the negotiation.
  Transmission(AioContext& context, Stream& stream, ReceiveBuffer& received, const Session& session,
               Limits limits, Shared shared);
  Transmission(const Transmission&) = delete;
  Transmission& operator=(const Transmission&) = delete;

  // For an owner in the same context, whose name for it the analysis can't know to be ours.
  void assert_home() const LV_ASSERT_CONTEXT(context_) { context_.assert_home(); }

  // Until the peer has gone or wants to, and all that it has asked for is done and answered.
  // Returns what was wrong with the peer, if anything was.
  std::string LV_COROUTINE_FN co_run() LV_REQUIRES_CONTEXT(context_);

  // What is in flight is completed, and what is read from now on is refused.
  void shut_down() LV_REQUIRES_CONTEXT(context_) { shutting_down_ = true; }

private:
  std::string LV_COROUTINE_FN co_read_requests() LV_REQUIRES_CONTEXT(context_);
  bool LV_COROUTINE_FN co_receive_more() LV_REQUIRES_CONTEXT(context_);
  bool LV_COROUTINE_FN co_receive_header(RequestHeader& header, std::string& problem)
      LV_REQUIRES_CONTEXT(context_);
  bool LV_COROUTINE_FN co_receive_payload(InFlight& request, bool wanted)
      LV_REQUIRES_CONTEXT(context_);
  void LV_COROUTINE_FN co_wait_for_room(uint64_t bytes) LV_REQUIRES_CONTEXT(context_);
  // False if the server is to stop meanwhile.
  bool LV_COROUTINE_FN co_take_memory(InFlight& request, uint64_t bytes)
      LV_REQUIRES_CONTEXT(context_);
  void LV_COROUTINE_FN co_execute(InFlight& request) LV_REQUIRES_CONTEXT(context_);
  std::error_code LV_COROUTINE_FN co_read(InFlight& request) LV_REQUIRES_CONTEXT(context_);
  std::error_code LV_COROUTINE_FN co_change(const InFlight& request) LV_REQUIRES_CONTEXT(context_);
  std::error_code LV_COROUTINE_FN co_block_status(InFlight& request) LV_REQUIRES_CONTEXT(context_);
  // What there is to say about a part of the export, in one of its metadata contexts.
  std::expected<MetadataContext::Extent, std::error_code>
      LV_COROUTINE_FN co_status(uint32_t metadata, uint64_t offset, uint64_t length)
          LV_REQUIRES_CONTEXT(context_);

  void start(InFlight& request) LV_REQUIRES_CONTEXT(context_);
  bool has_room(uint64_t bytes) const LV_REQUIRES_CONTEXT(context_);
  bool is_in_vain(const RequestHeader& header) const LV_REQUIRES_CONTEXT(context_);
  InFlight& take_slot(const RequestHeader& header) LV_REQUIRES_CONTEXT(context_);
  void release(InFlight& request) LV_REQUIRES_CONTEXT(context_);

  AioContext& context_;
  Stream& stream_;
  Session session_ LV_OWNED_BY_CONTEXT(context_);
  const Limits limits_;
  ReceiveBuffer& received_ LV_OWNED_BY_CONTEXT(context_);
  DataBufferPool data_ LV_OWNED_BY_CONTEXT(context_);
  // After what they refer to. Slots stay where they are.
  std::deque<InFlight> slots_ LV_OWNED_BY_CONTEXT(context_);
  InFlight* free_slots_ LV_OWNED_BY_CONTEXT(context_) = nullptr;
  ReplySender sender_;

  bool shutting_down_ LV_OWNED_BY_CONTEXT(context_) = false;
  unsigned in_flight_ LV_OWNED_BY_CONTEXT(context_) = 0;
  // Of what is its own.
  uint64_t own_bytes_ LV_OWNED_BY_CONTEXT(context_) = 0;
  MemoryBudget::Holder shared_;
  uint64_t kept_bytes_ LV_OWNED_BY_CONTEXT(context_) = 0;
  bool sender_runs_ LV_OWNED_BY_CONTEXT(context_) = false;
  // The reader, while it waits for a request or for the sender to end.
  Coroutine* waiting_ LV_OWNED_BY_CONTEXT(context_) = nullptr;
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_TRANSMISSION_H
