// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/stream.h"

#include "runtime/graph/chain_status.h"
#include "runtime/graph/transaction.h"
#include "runtime/jobs/chain_job.h"
#include "runtime/jobs/copy_step.h"
#include "runtime/jobs/work_together.h"

#include <algorithm>

namespace lockvet::runtime {

namespace {

class StreamJob final : public ChainJob {
public:
  StreamJob(Jobs& jobs, const std::string& id, const StreamOptions& options)
      : ChainJob(jobs, id, options.node, options.base), backing_file_(options.backing_file) {}

  std::string_view type() const noexcept override { return "stream"; }

  GraphResult<> LV_NO_COROUTINE_FN finish() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;

  std::error_code LV_COROUTINE_FN co_run(JobControl& control) override;

private:
  GraphResult<> LV_NO_COROUTINE_FN set_up() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;
  // Whatever is at the begin of the range, and how much that is, in bytes.
  std::expected<uint64_t, JobFailure> LV_COROUTINE_FN co_populate(uint64_t offset, uint64_t size);

  const std::optional<BackingFileName> backing_file_;
  // What the top shows first of all, if that is not the base.
  Node* below_ = nullptr;
  BlockBackend* disk_ = nullptr;
};

GraphResult<> StreamJob::set_up() {
  if (auto writable = holds().make_writable(top()); !writable)
    return writable;
  // Guests write to it, and nobody else takes away what has been copied.
  auto disk = holds().add(top(), {Permission::consistent_read | Permission::write_unchanged,
                                  without(Permission::all, Permission::resize)});
  if (!disk)
    return std::unexpected(std::move(disk.error()));
  disk_ = *disk;
  if (between().empty())
    return {};
  below_ = between().front();
  return hold_between();
}

std::error_code StreamJob::co_run(JobControl& control) {
  if (below_ == nullptr)
    return {};
  return co_go_through(control, top_length(),
                       [&](uint64_t offset, uint64_t size, std::span<std::byte>)
                           LV_COROUTINE_FN { return co_populate(offset, size); });
}

std::expected<uint64_t, JobFailure> StreamJob::co_populate(uint64_t offset, uint64_t size) {
  const auto own = disk_->co_block_status(offset, size, below_);
  if (!own)
    return std::unexpected(JobFailure{true, own.error()});
  if (own->allocated)
    return own->length;
  const auto status = disk_->co_block_status(offset, own->length, base());
  if (!status)
    return std::unexpected(JobFailure{true, status.error()});
  if (!status->allocated)
    return status->length;
  const uint64_t bytes = std::min<uint64_t>(status->length, most_copied_at_once);
  if (const auto error = disk_->co_populate(offset, bytes))
    return std::unexpected(JobFailure{true, error});
  return bytes;
}

GraphResult<> StreamJob::finish() {
  if (below_ == nullptr)
    return {};
  BackingFileName name;
  if (base() != nullptr) {
    auto found = base_name(backing_file_, *below_);
    if (!found)
      return std::unexpected(std::move(found.error()));
    name = std::move(*found);
  }
  // The disk shows the same with both, whichever the header names when the power fails.
  if (auto renamed = change_backing_file_name(top(), name); !renamed)
    return renamed;
  Transaction transaction;
  {
    const MainGraphReadLock lock;
    Edge* const backing = shown_below(top());
    if (backing == nullptr)
      return {};
    if (base() != nullptr)
      transaction.replace_child(*backing, *base());
    else
      transaction.detach(*backing);
  }
  return transaction.commit();
}

} // namespace

GraphResult<> start_stream(Jobs& jobs, const JobOptions& job, const StreamOptions& options) {
  return jobs.start(std::make_unique<StreamJob>(jobs, job.id, options), job);
}

} // namespace lockvet::runtime
