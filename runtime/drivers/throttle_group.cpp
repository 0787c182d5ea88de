// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/throttle_group.h"

#include "runtime/coroutine/checks.h"

namespace lockvet::runtime {

namespace {

constexpr size_t index_of(ThrottleDirection direction) {
  return static_cast<size_t>(direction);
}

constexpr ThrottleDirection other(ThrottleDirection direction) {
  return direction == ThrottleDirection::read ? ThrottleDirection::write : ThrottleDirection::read;
}

} // namespace

// A timer in the home of a member, which other threads may set.
class ThrottleGroup::Member::Alarm {
public:
  Alarm(ThrottleGroup& group, AioContext& context)
      : group_(group), context_(context), arm_(context, {arm_it, this}), timer_({ring, this}) {}
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  // From any thread. The last one that is set counts.
  void set(Clock::time_point time) {
    time_.store(time.time_since_epoch().count(), std::memory_order_relaxed);
    // A member holds its context.
    (void)arm_.schedule();
  }

private:
  static void arm_it(void* argument) {
    auto& self = *static_cast<Alarm*>(argument);
    self.context_.assert_home();
    const Clock::duration since(self.time_.load(std::memory_order_relaxed));
    self.context_.arm(self.timer_, Clock::time_point(since));
  }
  static void ring(void* argument) { static_cast<Alarm*>(argument)->group_.wake_due(); }

  ThrottleGroup& group_;
  AioContext& context_;
  std::atomic<Clock::rep> time_ = 0;
  BottomHalf arm_;
  Timer timer_;
};

// --- the group -----------------------------------------------------------------------------------

ThrottleGroup::ThrottleGroup(const ThrottleLimits& limits, Now now) : now_(std::move(now)) {
  ThreadLock lock(mutex_);
  buckets_.set_limits(limits, now_());
  limited_ = buckets_.limited();
}

ThrottleGroup::~ThrottleGroup() {
  if constexpr (checks) {
    ThreadLock lock(mutex_);
    if (!members_.empty())
      misuse("a throttle group is destroyed while it has members.");
  }
}

void ThrottleGroup::set_limits(const ThrottleLimits& limits) {
  WaiterList woken;
  {
    ThreadLock lock(mutex_);
    buckets_.set_limits(limits, now_());
    limited_ = buckets_.limited();
    admit(woken);
  }
  woken.wake_all(Coroutine::Place::current());
}

void ThrottleGroup::wake_due() {
  WaiterList woken;
  {
    ThreadLock lock(mutex_);
    admit(woken);
  }
  woken.wake_all(Coroutine::Place::current());
}

void ThrottleGroup::join(Member& member) {
  ThreadLock lock(mutex_);
  members_.push_back(&member);
}

void ThrottleGroup::leave(Member& member) {
  ThreadLock lock(mutex_);
  std::erase(members_, &member);
}

bool ThrottleGroup::pass_at_once(Member& member, Direction direction, uint64_t size) {
  member.assert_guarded();
  const Clock::time_point now = now_();
  // Who comes does not pass those who wait.
  if (member.unlimited_ == 0 &&
      (waiting_ > 0 || buckets_.wait(direction, now) > std::chrono::nanoseconds::zero()))
    return false;
  buckets_.take(direction, size, now);
  return true;
}

ThrottleGroup::Member* ThrottleGroup::next_in_turn(Direction direction) const {
  for (size_t step = 1; step <= members_.size(); ++step) {
    Member* const member = members_[(last_.at(index_of(direction)) + step) % members_.size()];
    member->assert_guarded();
    if (!member->lines_.at(index_of(direction)).empty())
      return member;
  }
  return nullptr;
}

void ThrottleGroup::let_go(Member& member, Direction direction, Clock::time_point now,
                           WaiterList& woken) {
  member.assert_guarded();
  auto& request = static_cast<Member::Request&>(member.lines_.at(index_of(direction)).pop_front());
  --member.waiting_;
  --waiting_;
  buckets_.take(direction, request.size, now);
  woken.push_back(request);
}

bool ThrottleGroup::admit_one(Direction direction, Clock::time_point now, WaiterList& woken) {
  Member* const member = next_in_turn(direction);
  if (member == nullptr || buckets_.wait(direction, now) > std::chrono::nanoseconds::zero())
    return false;
  let_go(*member, direction, now, woken);
  const auto number = std::find(members_.begin(), members_.end(), member) - members_.begin();
  last_.at(index_of(direction)) = static_cast<size_t>(number);
  first_ = other(direction);
  return true;
}

void ThrottleGroup::admit(WaiterList& woken) {
  const Clock::time_point now = now_();
  while (waiting_ > 0)
    if (!admit_one(first_, now, woken) && !admit_one(other(first_), now, woken))
      break;
  if (waiting_ > 0)
    set_alarm(now);
}

void ThrottleGroup::set_alarm(Clock::time_point now) {
  Member* ringing = nullptr;
  std::chrono::nanoseconds shortest{};
  for (const Direction direction : {Direction::read, Direction::write}) {
    Member* const member = next_in_turn(direction);
    if (member == nullptr)
      continue;
    member->assert_guarded();
    // It has one, since it is attached when requests come.
    if (member->alarm_ == nullptr)
      continue;
    const std::chrono::nanoseconds wait = buckets_.wait(direction, now);
    if (ringing != nullptr && wait >= shortest)
      continue;
    ringing = member;
    shortest = wait;
  }
  if (ringing == nullptr)
    return;
  ringing->assert_guarded();
  ringing->alarm_->set(Clock::now() + shortest);
}

// --- members -------------------------------------------------------------------------------------

ThrottleGroup::Member::Member(ThrottleGroup& group) : group_(group) {
  group_.join(*this);
}

ThrottleGroup::Member::~Member() {
  if constexpr (checks) {
    if (waiting() > 0)
      misuse("a member of a throttle group is destroyed while somebody waits there.");
  }
  group_.leave(*this);
}

bool ThrottleGroup::Member::try_pass(Direction direction, uint64_t size) {
  if (!group_.limited_.load(std::memory_order_relaxed))
    return true;
  ThreadLock lock(group_.mutex_);
  return group_.pass_at_once(*this, direction, size);
}

void ThrottleGroup::Member::co_pass(Direction direction, uint64_t size) {
  Request request{{.coroutine = Coroutine::current()}, size};
  WaiterList woken;
  {
    ThreadLock lock(group_.mutex_);
    if (group_.pass_at_once(*this, direction, size))
      return;
    lines_.at(index_of(direction)).push_back(request);
    ++waiting_;
    ++group_.waiting_;
    group_.admit(woken);
  }
  // That may be this one, too.
  woken.wake_all(Coroutine::Place::current());
  Coroutine::suspend();
}

size_t ThrottleGroup::Member::waiting() const {
  ThreadLock lock(group_.mutex_);
  return waiting_;
}

void ThrottleGroup::Member::begin_unlimited() {
  WaiterList woken;
  {
    ThreadLock lock(group_.mutex_);
    ++unlimited_;
    const Clock::time_point now = group_.now_();
    for (const Direction direction : {Direction::read, Direction::write})
      while (!lines_.at(index_of(direction)).empty())
        group_.let_go(*this, direction, now, woken);
    // The others' alarm may have been here.
    group_.admit(woken);
  }
  woken.wake_all(Coroutine::Place::current());
}

void ThrottleGroup::Member::end_unlimited() {
  ThreadLock lock(group_.mutex_);
  --unlimited_;
}

void ThrottleGroup::Member::attach_context(AioContext& to) {
  auto alarm = std::make_unique<Alarm>(group_, to);
  ThreadLock lock(group_.mutex_);
  alarm_ = std::move(alarm);
}

void ThrottleGroup::Member::detach_context(AioContext&) {
  std::unique_ptr<Alarm> alarm;
  ThreadLock lock(group_.mutex_);
  // Nobody sets it any more when it is destroyed.
  alarm = std::move(alarm_);
}

} // namespace lockvet::runtime
