// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/blkdebug_driver.h"

#include "runtime/drivers/co_delay.h"

#include <algorithm>

namespace lockvet::runtime {

namespace {

using Operation = BlkdebugDriver::Operation;

bool applies(const BlkdebugDriver::Rule& rule, Operation operation, uint64_t offset,
             uint64_t size) {
  if (rule.event)
    return false;
  if ((static_cast<unsigned>(rule.operations) & static_cast<unsigned>(operation)) == 0)
    return false;
  if (operation == Operation::flush || operation == Operation::truncate)
    return true;
  return rule.offset < offset + size && (rule.offset >= offset || rule.size > offset - rule.offset);
}

} // namespace

// --- rules ---------------------------------------------------------------------------------------

unsigned BlkdebugDriver::add_rule(Rule rule) {
  ThreadLock lock(mutex_);
  rules_.push_back({next_number_, std::move(rule)});
  return next_number_++;
}

void BlkdebugDriver::remove_rule(unsigned number) {
  ThreadLock lock(mutex_);
  std::erase_if(rules_, [&](const Numbered& other) { return other.number == number; });
}

unsigned BlkdebugDriver::suspended(std::string_view breakpoint) const {
  ThreadLock lock(mutex_);
  return static_cast<unsigned>(
      std::count_if(suspended_.begin(), suspended_.end(),
                    [&](const Suspended& waiting) { return waiting.breakpoint == breakpoint; }));
}

unsigned BlkdebugDriver::resume(std::string_view breakpoint) {
  std::vector<Coroutine*> resumed;
  {
    ThreadLock lock(mutex_);
    for (const Suspended& waiting : suspended_)
      if (waiting.breakpoint == breakpoint)
        resumed.push_back(waiting.coroutine);
    std::erase_if(suspended_,
                  [&](const Suspended& waiting) { return waiting.breakpoint == breakpoint; });
  }
  for (Coroutine* const coroutine : resumed)
    coroutine->wake();
  return static_cast<unsigned>(resumed.size());
}

std::optional<BlkdebugDriver::Rule> BlkdebugDriver::find_rule(Operation operation, uint64_t offset,
                                                              uint64_t size) {
  ThreadLock lock(mutex_);
  for (auto next = rules_.begin(); next != rules_.end(); ++next) {
    if (!applies(next->rule, operation, offset, size))
      continue;
    if (next->rule.after > 0) {
      --next->rule.after;
      continue;
    }
    Rule found = next->rule;
    if (found.once)
      rules_.erase(next);
    return found;
  }
  return std::nullopt;
}

void BlkdebugDriver::co_wait_for_resume(std::string breakpoint) {
  {
    ThreadLock lock(mutex_);
    suspended_.push_back({std::move(breakpoint), Coroutine::current()});
  }
  Coroutine::suspend();
}

std::error_code BlkdebugDriver::co_wait(const Rule& rule) {
  const bool waits = rule.delay > std::chrono::nanoseconds::zero();
  if (!rule.breakpoint && !waits)
    return {};
  const CoGraphReadPause pause;
  if (rule.breakpoint)
    co_wait_for_resume(*rule.breakpoint);
  return waits ? co_delay(rule.delay) : std::error_code();
}

BlkdebugDriver::Fate BlkdebugDriver::co_meet(Operation operation, uint64_t offset, uint64_t size) {
  const auto rule = find_rule(operation, offset, size);
  if (!rule)
    return {};
  Fate fate{rule->error, rule->torn_after};
  if (fate.torn_after && !fate.error)
    fate.error = std::make_error_code(std::errc::io_error);
  if (const std::error_code error = co_wait(*rule))
    fate.error = error;
  return fate;
}

// --- events --------------------------------------------------------------------------------------

std::optional<BlkdebugDriver::Rule> BlkdebugDriver::take_event(BlockEvent event) {
  ThreadLock lock(mutex_);
  auto stops = rules_.end();
  for (auto next = rules_.begin(); next != rules_.end(); ++next) {
    Rule& rule = next->rule;
    if (rule.event != event)
      continue;
    if (rule.after > 0)
      --rule.after;
    else if (rule.error || rule.torn_after)
      rule.event.reset();
    else if (stops == rules_.end())
      stops = next;
  }
  if (stops == rules_.end())
    return std::nullopt;
  Rule found = stops->rule;
  if (found.once)
    rules_.erase(stops);
  return found;
}

void BlkdebugDriver::co_meet_event(BlockEvent event) {
  // Who meets an event can't be told of an error, and goes on if the delay ends early.
  if (const auto rule = take_event(event))
    (void)co_wait(*rule);
  PassThroughDriver::co_meet_event(event);
}

// --- requests ------------------------------------------------------------------------------------

std::error_code BlkdebugDriver::co_preadv(uint64_t offset, const IoVector& to, RequestFlags flags) {
  const Fate fate = co_meet(Operation::read, offset, to.size());
  return fate.error ? fate.error : PassThroughDriver::co_preadv(offset, to, flags);
}

std::error_code BlkdebugDriver::co_pwritev(uint64_t offset, const IoVector& from,
                                           RequestFlags flags) {
  const Fate fate = co_meet(Operation::write, offset, from.size());
  if (!fate.error)
    return PassThroughDriver::co_pwritev(offset, from, flags);
  const size_t done = std::min<uint64_t>(fate.torn_after.value_or(0), from.size());
  if (done > 0)
    (void)PassThroughDriver::co_pwritev(offset, from.slice(0, done), flags);
  return fate.error;
}

std::error_code BlkdebugDriver::co_flush() {
  const Fate fate = co_meet(Operation::flush, 0, 0);
  return fate.error ? fate.error : PassThroughDriver::co_flush();
}

std::error_code BlkdebugDriver::co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                 RequestFlags flags) {
  const Fate fate = co_meet(Operation::write_zeroes, offset, size);
  if (!fate.error)
    return PassThroughDriver::co_pwrite_zeroes(offset, size, flags);
  const uint64_t done = std::min(fate.torn_after.value_or(0), size);
  if (done > 0)
    (void)PassThroughDriver::co_pwrite_zeroes(offset, done, flags);
  return fate.error;
}

std::error_code BlkdebugDriver::co_discard(uint64_t offset, uint64_t size) {
  const Fate fate = co_meet(Operation::discard, offset, size);
  return fate.error ? fate.error : PassThroughDriver::co_discard(offset, size);
}

std::expected<BlockStatus, std::error_code> BlkdebugDriver::co_block_status(uint64_t offset,
                                                                            uint64_t size) {
  const Fate fate = co_meet(Operation::block_status, offset, size);
  if (fate.error)
    return std::unexpected(fate.error);
  return PassThroughDriver::co_block_status(offset, size);
}

std::error_code BlkdebugDriver::co_truncate(uint64_t length) {
  const Fate fate = co_meet(Operation::truncate, 0, 0);
  return fate.error ? fate.error : PassThroughDriver::co_truncate(length);
}

} // namespace lockvet::runtime
