// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/mirror_job.h"

#include "runtime/graph/transaction.h"
#include "runtime/jobs/job_nodes.h"
#include "runtime/jobs/work_together.h"

#include <algorithm>

namespace lockvet::runtime {

namespace {

constexpr unsigned mirror_workers = 8;
// While there is nothing to copy.
constexpr auto mirror_idle_time = std::chrono::milliseconds(2);

using Mode = MirrorDriver::Mode;

} // namespace

// --- setup ---------------------------------------------------------------------------------------

GraphResult<const Node*> MirrorJob::find_base(Node& source, Node& target) const {
  const MainGraphReadLock lock;
  const std::vector<Node*> chain = shown_chain(source);
  const bool is_below = &source != &target && std::ranges::find(chain, &target) != chain.end();
  if (is_commit_ && !is_below)
    return graph_error(std::errc::invalid_argument,
                       target.describe() + " is not below " + source.describe() + ".");
  if (is_commit_)
    return &target;
  if (is_below || &source == &target)
    return graph_error(std::errc::invalid_argument,
                       target.describe() + " is a part of what is to be mirrored.");
  if (options_.sync != MirrorOptions::Sync::top)
    return nullptr;
  const Edge* const backing = shown_below(source);
  return backing != nullptr ? &backing->child() : nullptr;
}

GraphResult<> MirrorJob::begin() {
  const auto source = find_node(jobs_.graph(), options_.node);
  const auto target = source ? find_node(jobs_.graph(), options_.target) : source;
  if (!target)
    return std::unexpected(target.error());
  // Until the filter is their parent.
  return while_held(jobs_, id_, {*source, *target}, [&] {
    MainLoop::assert_here();
    return set_up(**source, **target);
  });
}

GraphResult<> MirrorJob::set_up(Node& source, Node& target) {
  if (!DirtyBitmap::is_granularity(options_.granularity))
    return graph_error(std::errc::invalid_argument,
                       "the granularity of a mirror is a power of two from 512 bytes to 2 GiB.");
  const auto base = find_base(source, target);
  if (!base)
    return std::unexpected(base.error());
  const auto length = is_commit_ ? length_of(source) : check_same_length(source, target);
  if (!length)
    return std::unexpected(length.error());
  if (is_commit_) {
    if (auto writable = holds_->make_writable(target); !writable)
      return writable;
    if (auto longer = make_base_as_long(target, *length); !longer)
      return longer;
  }
  auto driver = std::make_unique<MirrorDriver>(MirrorDriver::Options{
      .length = *length,
      .granularity = options_.granularity,
      .mode = options_.copy_mode == MirrorOptions::CopyMode::write_blocking ? Mode::beside_guest
                                                                            : Mode::behind_guest,
      .base = *base});
  driver_ = driver.get();
  if (options_.sync != MirrorOptions::Sync::none)
    driver_->dirty().set(0, *length);
  const auto filter = insert_filter(jobs_.graph(), {options_.filter_name, id_, std::string(type())},
                                    std::move(driver), source, target);
  if (!filter)
    return std::unexpected(filter.error());
  filter_ = *filter;
  return {};
}

// --- the work ------------------------------------------------------------------------------------

std::error_code MirrorJob::co_run(JobControl& control) {
  const auto error = co_work_together(control, mirror_workers, [&]() LV_COROUTINE_FN {
    const auto failed = co_work(control);
    // The others have nothing to wait for any more.
    done_ = done_ || failed;
    return failed;
  });
  // What the main loop has been asked for it does before it learns of the end.
  while (switching_)
    control.co_rest(mirror_idle_time);
  return error;
}

std::optional<DirtyBitmap::Area> MirrorJob::next_area() {
  const DirtyBitmap& dirty = driver_->dirty();
  const uint64_t most =
      std::max(dirty.granularity(), in_data_ ? most_copied_at_once : most_zeroed_at_once);
  auto area = dirty.next_dirty(cursor_, dirty.length(), most);
  if (!area) {
    pass_ended();
    area = dirty.next_dirty(0, dirty.length(), most);
  }
  if (area)
    cursor_ = area->end();
  return area;
}

void MirrorJob::pass_ended() {
  cursor_ = 0;
  const uint64_t left = driver_->dirty().count();
  // A pass takes as long as what it has to copy; if the guest has written half as much meanwhile,
  // twice, there may be no end to it.
  vain_passes_ = left > left_of_pass_ / 2 ? vain_passes_ + 1 : 0;
  if (vain_passes_ > 2 && !synchronized_)
    want_beside_guest();
  left_of_pass_ = left;
}

void MirrorJob::want_beside_guest() {
  if (driver_->mode() != Mode::behind_guest || switching_.exchange(true))
    return;
  if (!MainLoop::context().schedule([this] {
        MainLoop::assert_here();
        go_beside_guest();
      }))
    misuse("a mirror goes on when the main loop has ended.");
}

void MirrorJob::go_beside_guest() {
  {
    // Those of its requests that note what they have written are over then.
    const DrainedSection drained(*filter_);
    driver_->set_mode(Mode::beside_guest);
  }
  switching_ = false;
}

std::expected<uint64_t, JobFailure> MirrorJob::co_copy_area(DirtyBitmap::Area area,
                                                            std::span<std::byte> buffer) {
  DirtyBitmap& dirty = driver_->dirty();
  // Before it is read: what is written meanwhile is noted anew.
  dirty.clear(area.offset, area.size);
  uint64_t at = area.offset;
  bool in_data = in_data_;
  while (at < area.end()) {
    const uint64_t left = area.end() - at;
    const uint64_t size = in_data ? std::min<uint64_t>(left, buffer.size()) : left;
    const auto step = driver_->co_copy(at, size, buffer);
    if (!step) {
      dirty.set(at, left);
      return std::unexpected(step.error());
    }
    in_data = in_data_ = step->kind == CopyStep::Kind::data;
    at += step->bytes;
    if (step->bytes == 0 || at >= area.end() || at % dirty.granularity() != 0)
      continue;
    // The rest is for whoever comes first.
    dirty.set(at, area.end() - at);
    break;
  }
  return at - area.offset;
}

std::error_code MirrorJob::co_work(JobControl& control) {
  std::vector<std::byte> buffer(most_copied_at_once);
  uint64_t last = 0;
  while (!done_) {
    if (const auto error = control.co_step(std::exchange(last, 0)))
      return error;
    if (completing_)
      want_beside_guest();
    const auto area = next_area();
    if (!area) {
      if (in_flight_ == 0 && driver_->dirty().count() == 0)
        if (const auto error = co_meet_sync(control))
          return error;
      if (!done_)
        control.co_rest(mirror_idle_time);
      continue;
    }
    ++in_flight_;
    const auto copied = co_copy_area(*area, buffer);
    --in_flight_;
    if (!copied) {
      if (const auto error = control.co_meet_failure(copied.error()))
        return error;
      continue;
    }
    control.add_done(*copied);
    control.set_left(driver_->dirty().count());
    last = *copied;
  }
  return {};
}

std::error_code MirrorJob::co_meet_sync(JobControl& control) {
  if (!std::exchange(synchronized_, true)) {
    control.set_left(0);
    control.set_ready();
  }
  if (!completing_ || driver_->mode() == Mode::behind_guest || ending_)
    return {};
  ending_ = true;
  // Most of it before a guest's flush has to wait for the target's.
  auto error = driver_->co_flush_target();
  if (!error) {
    driver_->flush_both();
    error = driver_->co_flush_target();
  }
  ending_ = false;
  if (error)
    return control.co_meet_failure({false, error});
  // A write to the target may have failed meanwhile.
  done_ = in_flight_ == 0 && driver_->dirty().count() == 0;
  return {};
}

// --- the end -------------------------------------------------------------------------------------

bool MirrorJob::give_up_softly() {
  pivots_ = false;
  completing_ = true;
  return true;
}

GraphResult<> MirrorJob::finish() {
  if (!pivots_)
    return {};
  const DrainedSection drained(*filter_);
  if (!driver_->can_replace_disk())
    return graph_error(std::errc::io_error, "the target of " + filter_->describe() +
                                                " has failed since it was the same as the disk.");
  Transaction transaction;
  {
    const MainGraphReadLock lock;
    Edge* const target = filter_->child(job_target_name);
    transaction.replace_node(*filter_, target->child());
    transaction.detach(*target);
    if (is_commit_)
      let_go_of_base(transaction, *filter_, target->child());
  }
  return transaction.commit();
}

void MirrorJob::clean(bool succeeded) {
  // The guest goes on with what was committed to.
  if (succeeded && pivots_)
    holds_->keep_writable();
  if (filter_ != nullptr)
    driver_->set_mode(Mode::off);
  jobs_.insist([&graph = jobs_.graph(), filter = std::exchange(filter_, nullptr),
                holds = std::shared_ptr<NodeHolds>(std::move(holds_))]() mutable {
    MainLoop::assert_here();
    if (filter != nullptr && !remove_filter(graph, *filter))
      return false;
    filter = nullptr;
    return holds->give_back();
  });
}

// --- by its user ---------------------------------------------------------------------------------

GraphResult<> start_mirror(Jobs& jobs, const JobOptions& job, const MirrorOptions& options) {
  return jobs.start(std::make_unique<MirrorJob>(jobs, job.id, options, false), job);
}

GraphResult<> start_active_commit(Jobs& jobs, const JobOptions& job,
                                  const ActiveCommitOptions& options) {
  MirrorOptions mirror{
      .node = options.top, .target = options.base, .filter_name = options.filter_name};
  return jobs.start(std::make_unique<MirrorJob>(jobs, job.id, std::move(mirror), true), job);
}

} // namespace lockvet::runtime
