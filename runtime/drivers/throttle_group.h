// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Disks that share limits, whatever their contexts are. Who has to wait does so in a line of its
// disk, and disks take turns; so do reads and writes. One disk at a time has a timer in its home
// for when the next request may go. Its members keep it; any thread may use it. A mutex guards it.

#ifndef LOCKVET_RUNTIME_DRIVERS_THROTTLE_GROUP_H
#define LOCKVET_RUNTIME_DRIVERS_THROTTLE_GROUP_H

#include "runtime/aio/bottom_half.h"
#include "runtime/coroutine/waiter_list.h"
#include "runtime/drivers/throttle_limits.h"

#include <functional>

namespace lockvet::runtime {

class ThrottleGroup {
public:
  using Direction = ThrottleDirection;
  // What time it is.
  using Now = std::function<Clock::time_point()>;

  // Tests have times of their own. It is called with the mutex held.
  explicit ThrottleGroup(const ThrottleLimits& limits, Now now = Clock::now);
  ThrottleGroup(const ThrottleGroup&) = delete;
  ThrottleGroup& operator=(const ThrottleGroup&) = delete;
  ~ThrottleGroup();

  // For requests that wait already, too.
  void set_limits(const ThrottleLimits& limits);
  // Lets go whose time has come. Timers call it.
  void wake_due();

  // One disk of the group. It belongs to a driver, and is destroyed when nobody waits there.
  class Member {
  public:
    explicit Member(ThrottleGroup& group);
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;
    ~Member();

    // Whether a request of so many bytes may go at once; then it has.
    bool try_pass(Direction direction, uint64_t size);
    // The same, and waits for its turn.
    void LV_COROUTINE_FN LV_LABEL("suspends") co_pass(Direction direction, uint64_t size);
    // How many wait.
    size_t waiting() const;

    // From the first to the second nobody waits here: who does is let go. Nested.
    void begin_unlimited();
    void end_unlimited();

    // Where timers are; while nobody waits here.
    void attach_context(AioContext& to) LV_REQUIRES_CONTEXT(to);
    void detach_context(AioContext& from) LV_REQUIRES_CONTEXT(from);

  private:
    friend class ThrottleGroup;

    // Lies on the stack of the coroutine that waits.
    struct Request : Waiter {
      uint64_t size;
    };

    // The group knows that its mutex is the one of all its members, and Clang does not.
    void assert_guarded() const LV_ASSERT_CAPABILITY(group_.mutex_) {}

    ThrottleGroup& group_;
    std::array<WaiterList, 2> lines_ LV_GUARDED_BY(group_.mutex_);
    size_t waiting_ LV_GUARDED_BY(group_.mutex_) = 0;
    unsigned unlimited_ LV_GUARDED_BY(group_.mutex_) = 0;
    class Alarm;
    std::unique_ptr<Alarm> alarm_ LV_GUARDED_BY(group_.mutex_);
  };

private:
  void join(Member& member);
  void leave(Member& member);
  bool pass_at_once(Member& member, Direction direction, uint64_t size) LV_REQUIRES(mutex_);
  // Moves those who may go from their lines to `woken`, and sees to it that somebody looks again
  // when the next may.
  void admit(WaiterList& woken) LV_REQUIRES(mutex_);
  bool admit_one(Direction direction, Clock::time_point now, WaiterList& woken) LV_REQUIRES(mutex_);
  void let_go(Member& member, Direction direction, Clock::time_point now, WaiterList& woken)
      LV_REQUIRES(mutex_);
  // The member whose turn it is of those who have somebody in line, or nullptr.
  Member* next_in_turn(Direction direction) const LV_REQUIRES(mutex_);
  void set_alarm(Clock::time_point now) LV_REQUIRES(mutex_);

  const Now now_;
  mutable ThreadMutex mutex_;
  // Nobody need look closer if there is none.
  std::atomic<bool> limited_ = false;
  ThrottleBuckets buckets_ LV_GUARDED_BY(mutex_);
  std::vector<Member*> members_ LV_GUARDED_BY(mutex_);
  // How many wait in all lines.
  size_t waiting_ LV_GUARDED_BY(mutex_) = 0;
  // In each direction, the number of the member whose turn it was last.
  std::array<size_t, 2> last_ LV_GUARDED_BY(mutex_) = {};
  // Which direction is asked first.
  Direction first_ LV_GUARDED_BY(mutex_) = Direction::read;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_THROTTLE_GROUP_H
