// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A filter that misbehaves by rules: requests fail, take long, are done half, or wait at a
// breakpoint until a test lets them go; from the start, or from an event in a format above. Its
// node owns it. Requests come in any context, and rules are changed from any thread; a mutex guards
// them, and the graph lock is let go of while a request waits.

#ifndef LOCKVET_RUNTIME_DRIVERS_BLKDEBUG_DRIVER_H
#define LOCKVET_RUNTIME_DRIVERS_BLKDEBUG_DRIVER_H

#include "runtime/coroutine/thread_mutex.h"
#include "runtime/drivers/pass_through_driver.h"

#include <chrono>
#include <limits>
#include <vector>

namespace lockvet::runtime {

class BlkdebugDriver final : public PassThroughDriver {
public:
  // A set of them, as bits.
  enum class Operation : unsigned {
    read = 1,
    write = 2,
    write_zeroes = 4,
    discard = 8,
    flush = 16,
    block_status = 32,
    truncate = 64,
    all = 127,
  };

  // The first rule that applies to a request has it.
  struct Rule {
    Operation operations = Operation::all;
    // Requests that touch this range, in bytes. Flushes and changes of the length have no range,
    // and are in each.
    uint64_t offset = 0;
    uint64_t size = std::numeric_limits<uint64_t>::max();
    // If set, the rule applies to no request before a driver above meets this event. One that fails
    // nothing has whoever meets the event wait there instead, and applies to no request at all.
    std::optional<BlockEvent> event = std::nullopt;
    // So many that it would apply to are spared first: events if it has one, else requests.
    unsigned after = 0;
    // It is gone after it has applied.
    bool once = false;

    // What happens, in this order. The request waits for resume() of this name.
    std::optional<std::string> breakpoint = std::nullopt;
    std::chrono::nanoseconds delay = std::chrono::nanoseconds::zero();
    // A write or a write of zeroes is done for so many bytes, at most, and then fails.
    std::optional<uint64_t> torn_after = std::nullopt;
    // It fails without being done; a torn one by io_error if there is none.
    std::error_code error = {};
  };

  std::string_view format_name() const noexcept override { return "blkdebug"; }

  // --- by tests, from any thread ---

  // Returns its number.
  unsigned add_rule(Rule rule);
  // Nothing happens if it is gone. Requests that wait because of it go on doing so.
  void remove_rule(unsigned number);
  // How many wait at the breakpoint.
  unsigned suspended(std::string_view breakpoint) const;
  // Lets all go that wait there; how many these are. A drained section waits for them, so that who
  // drains resumes them first, or has a callback do it.
  unsigned resume(std::string_view breakpoint);

  // --- as a driver ---

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_preadv(uint64_t offset, const IoVector& to,
                                                            RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_flush() override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                                   RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_discard(uint64_t offset,
                                                             uint64_t size) override;
  std::expected<BlockStatus, std::error_code>
      LV_COROUTINE_FN LV_GRAPH_RDLOCK co_block_status(uint64_t offset, uint64_t size) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_truncate(uint64_t length) override;
  void LV_COROUTINE_FN LV_GRAPH_RDLOCK co_meet_event(BlockEvent event) override;

private:
  struct Numbered {
    unsigned number;
    Rule rule;
  };
  struct Suspended {
    std::string breakpoint;
    Coroutine* coroutine;
  };
  // What is to become of a request, when the time that it had to wait is over.
  struct Fate {
    std::error_code error = {};
    std::optional<uint64_t> torn_after = std::nullopt;
  };

  std::optional<Rule> find_rule(Operation operation, uint64_t offset, uint64_t size);
  Fate LV_COROUTINE_FN LV_GRAPH_RDLOCK co_meet(Operation operation, uint64_t offset, uint64_t size);
  // Arms the rules that wait for it. The first that wants who has met it to wait is returned.
  std::optional<Rule> take_event(BlockEvent event);
  // At its breakpoint, and for its delay.
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_wait(const Rule& rule);
  void LV_COROUTINE_FN co_wait_for_resume(std::string breakpoint);

  const BlockEventListener listener_;
  mutable ThreadMutex mutex_;
  unsigned next_number_ LV_GUARDED_BY(mutex_) = 1;
  std::vector<Numbered> rules_ LV_GUARDED_BY(mutex_);
  std::vector<Suspended> suspended_ LV_GUARDED_BY(mutex_);
};

constexpr BlkdebugDriver::Operation operator|(BlkdebugDriver::Operation left,
                                              BlkdebugDriver::Operation right) noexcept {
  return static_cast<BlkdebugDriver::Operation>(static_cast<unsigned>(left) |
                                                static_cast<unsigned>(right));
}

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_BLKDEBUG_DRIVER_H
