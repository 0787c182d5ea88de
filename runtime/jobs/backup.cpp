// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/backup.h"

#include "runtime/graph/chain_status.h"
#include "runtime/graph/node_bitmaps.h"
#include "runtime/jobs/copy_before_write_driver.h"
#include "runtime/jobs/job_nodes.h"
#include "runtime/jobs/node_holds.h"
#include "runtime/jobs/work_together.h"

#include <algorithm>

namespace lockvet::runtime {

namespace {

constexpr unsigned workers = 4;
// Between two looks at whether one that copies nothing of its own accord is to end.
constexpr auto idle_time = std::chrono::milliseconds(10);

class BackupJob final : public Job {
public:
  using Sync = BackupOptions::Sync;

  BackupJob(Jobs& jobs, std::string id, BackupOptions options)
      : jobs_(jobs), id_(std::move(id)), options_(std::move(options)) {}

  std::string_view type() const noexcept override { return "backup"; }
  const std::string& device() const noexcept override { return options_.node; }

  GraphResult<> LV_NO_COROUTINE_FN begin() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;
  GraphResult<> LV_NO_COROUTINE_FN finish() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override { return {}; }
  void LV_NO_COROUTINE_FN clean(bool succeeded) LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;

  std::error_code LV_COROUTINE_FN co_run(JobControl& control) override;

private:
  GraphResult<> LV_NO_COROUTINE_FN set_up(Node& source,
                                          Node& target) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  GraphResult<> LV_NO_COROUTINE_FN choose_bitmap(Node& source) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  std::error_code LV_COROUTINE_FN co_work(JobControl& control, std::span<std::byte> buffer);
  std::error_code LV_COROUTINE_FN co_only_wait(JobControl& control);

  Jobs& jobs_;
  const std::string id_;
  const BackupOptions options_;
  Node* filter_ = nullptr;
  CopyBeforeWriteDriver* driver_ = nullptr;
  // The user's, and what it had when the job began.
  std::shared_ptr<DirtyBitmap> bitmap_;
  std::unique_ptr<DirtyBitmap> taken_;
  uint64_t cursor_ = 0;
  bool in_data_ = false;
};

GraphResult<> BackupJob::choose_bitmap(Node& source) {
  if ((options_.sync == Sync::incremental) != options_.bitmap.has_value())
    return graph_error(std::errc::invalid_argument,
                       "a backup names a dirty bitmap if it is incremental, and only then.");
  if (!options_.bitmap)
    return {};
  auto bitmap = find_free_dirty_bitmap(source, *options_.bitmap);
  if (!bitmap)
    return std::unexpected(std::move(bitmap.error()));
  bitmap_ = std::move(*bitmap);
  bitmap_->set_busy(true);
  return {};
}

GraphResult<> BackupJob::begin() {
  const auto source = find_node(jobs_.graph(), options_.node);
  const auto target = source ? find_node(jobs_.graph(), options_.target) : source;
  if (!target)
    return std::unexpected(target.error());
  if (*source == *target)
    return graph_error(std::errc::invalid_argument, "a backup is of one node into another.");
  // Until the filter is their parent.
  return while_held(jobs_, id_, {*source, *target}, [&] {
    MainLoop::assert_here();
    return set_up(**source, **target);
  });
}

GraphResult<> BackupJob::set_up(Node& source, Node& target) {
  const auto length = check_same_length(source, target);
  if (!length)
    return std::unexpected(length.error());
  if (auto chosen = choose_bitmap(source); !chosen)
    return chosen;
  const Node* base = nullptr;
  if (options_.sync == Sync::top) {
    const MainGraphReadLock lock;
    if (const Edge* const below = shown_below(source))
      base = &below->child();
  }
  auto driver = std::make_unique<CopyBeforeWriteDriver>(
      CopyBeforeWriteDriver::Options{.length = *length, .base = base});
  driver_ = driver.get();
  // From here on nothing is written until what is to be copied is known, and the filter is there.
  const DrainedSection drained(source);
  if (bitmap_ != nullptr) {
    taken_ = std::make_unique<DirtyBitmap>("taken", *length, bitmap_->granularity());
    taken_->take_from(*bitmap_);
    driver_->to_copy().merge(*taken_);
  } else {
    driver_->to_copy().set(0, *length);
  }
  const auto filter = insert_filter(jobs_.graph(), {options_.filter_name, id_, "backup"},
                                    std::move(driver), source, target);
  if (!filter)
    return std::unexpected(filter.error());
  filter_ = *filter;
  return {};
}

std::error_code BackupJob::co_run(JobControl& control) {
  if (options_.sync == Sync::none)
    return co_only_wait(control);
  const auto error = co_work_together(control, workers, [&]() LV_COROUTINE_FN {
    std::vector<std::byte> buffer(most_copied_at_once);
    const auto failed = co_work(control, buffer);
    if (failed)
      // The others have nothing more to begin.
      driver_->give_up();
    return failed;
  });
  if (error)
    return error;
  return driver_->co_flush_target();
}

std::error_code BackupJob::co_only_wait(JobControl& control) {
  while (true) {
    control.co_rest(idle_time);
    if (const auto error = control.co_step(0))
      return error;
    if (const auto error = driver_->failed())
      return error;
  }
}

std::error_code BackupJob::co_work(JobControl& control, std::span<std::byte> buffer) {
  const DirtyBitmap& to_copy = driver_->to_copy();
  uint64_t last = 0;
  while (true) {
    if (const auto error = control.co_step(std::exchange(last, 0)))
      return error;
    if (const auto error = driver_->failed())
      return error;
    const uint64_t most = in_data_ ? CopyBeforeWriteDriver::granularity : most_zeroed_at_once;
    auto area = to_copy.next_dirty(cursor_, to_copy.length(), most);
    if (!area)
      // Others are about to copy the rest, or have failed to.
      area = to_copy.next_dirty(0, to_copy.length(), most);
    if (!area)
      return driver_->failed();
    cursor_ = area->end();
    const auto step = driver_->co_copy(area->offset, area->size, buffer);
    if (!step) {
      if (const auto error = control.co_meet_failure(step.error()))
        return error;
      continue;
    }
    in_data_ = step->kind == CopyStep::Kind::data;
    // What is left of it is next.
    cursor_ = std::min(cursor_, area->offset + step->bytes);
    control.add_done(step->bytes);
    control.set_left(to_copy.count());
    last = step->bytes;
  }
}

void BackupJob::clean(bool succeeded) {
  if (bitmap_ != nullptr) {
    if (taken_ != nullptr &&
        !(succeeded && options_.bitmap_mode == BackupOptions::BitmapMode::on_success))
      bitmap_->merge(*taken_);
    bitmap_->set_busy(false);
  }
  if (filter_ == nullptr)
    return;
  driver_->give_up();
  Node* const filter = std::exchange(filter_, nullptr);
  jobs_.insist([&graph = jobs_.graph(), filter] {
    MainLoop::assert_here();
    return remove_filter(graph, *filter);
  });
}

} // namespace

std::unique_ptr<Job> make_backup(Jobs& jobs, const std::string& id, const BackupOptions& options) {
  return std::make_unique<BackupJob>(jobs, id, options);
}

GraphResult<> start_backup(Jobs& jobs, const JobOptions& job, const BackupOptions& options) {
  return jobs.start(make_backup(jobs, job.id, options), job);
}

} // namespace lockvet::runtime
