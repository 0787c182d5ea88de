// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A filter that holds requests to the limits of a group, which other nodes may share. Its node owns
// it; any context may use it. Requests that wait let go of the graph lock, and a drained section
// does not wait for tokens: they go through when it begins.

#ifndef LOCKVET_RUNTIME_DRIVERS_THROTTLE_DRIVER_H
#define LOCKVET_RUNTIME_DRIVERS_THROTTLE_DRIVER_H

#include "runtime/drivers/pass_through_driver.h"
#include "runtime/drivers/throttle_group.h"

#include <memory>

namespace lockvet::runtime {

class ThrottleDriver final : public PassThroughDriver {
public:
  explicit ThrottleDriver(std::shared_ptr<ThrottleGroup> group)
      : group_(std::move(group)), member_(*group_) {}

  std::string_view format_name() const noexcept override { return "throttle"; }
  // How many requests wait.
  size_t waiting() const { return member_.waiting(); }

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_preadv(uint64_t offset, const IoVector& to,
                                                            RequestFlags flags) override;
  // Zeroes and discards count as if they were written.
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                                   RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_discard(uint64_t offset,
                                                             uint64_t size) override;

  void LV_MAIN_LOOP drained_begin() override { member_.begin_unlimited(); }
  void LV_MAIN_LOOP drained_end() override { member_.end_unlimited(); }
  void attach_context(AioContext& to) LV_REQUIRES_CONTEXT(to) override {
    member_.attach_context(to);
  }
  void detach_context(AioContext& from) LV_REQUIRES_CONTEXT(from) override {
    member_.detach_context(from);
  }

private:
  void LV_COROUTINE_FN LV_GRAPH_RDLOCK co_wait_turn(ThrottleDirection direction, uint64_t size);

  const std::shared_ptr<ThrottleGroup> group_;
  ThrottleGroup::Member member_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_THROTTLE_DRIVER_H
