// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/stream.h"

#include "runtime/graph/chain_status.h"
#include "runtime/graph/transaction.h"
#include "runtime/jobs/copy_step.h"
#include "runtime/jobs/job_nodes.h"
#include "runtime/jobs/node_holds.h"
#include "runtime/jobs/work_together.h"

#include <algorithm>

namespace lockvet::runtime {

namespace {

class StreamJob final : public Job {
public:
  StreamJob(Jobs& jobs, const std::string& id, StreamOptions options)
      : jobs_(jobs), options_(std::move(options)), holds_(std::make_unique<NodeHolds>(id)) {}

  std::string_view type() const noexcept override { return "stream"; }
  const std::string& device() const noexcept override { return options_.node; }

  GraphResult<> LV_NO_COROUTINE_FN begin() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;
  GraphResult<> LV_NO_COROUTINE_FN finish() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;
  void LV_NO_COROUTINE_FN clean(bool) LV_MAIN_LOOP LV_GRAPH_UNLOCKED override {
    give_back(jobs_, std::move(holds_));
  }

  std::error_code LV_COROUTINE_FN co_run(JobControl& control) override;

private:
  // Whatever is at the begin of the range, and how much that is, in bytes.
  std::expected<uint64_t, JobFailure> LV_COROUTINE_FN co_populate(uint64_t offset, uint64_t size);

  Jobs& jobs_;
  const StreamOptions options_;
  std::unique_ptr<NodeHolds> holds_;
  Node* top_ = nullptr;
  // What it shows first of all, if that is not the base; and what stays, or nullptr.
  Node* below_ = nullptr;
  Node* base_ = nullptr;
  BlockBackend* disk_ = nullptr;
  uint64_t length_ = 0;
};

GraphResult<> StreamJob::begin() {
  const auto top = find_node(jobs_.graph(), options_.node);
  if (!top)
    return std::unexpected(top.error());
  top_ = *top;
  auto chain = find_chain(jobs_.graph(), *top_, options_.base);
  if (!chain)
    return std::unexpected(std::move(chain.error()));
  base_ = chain->base;
  const auto length = length_of(*top_);
  if (!length)
    return std::unexpected(length.error());
  length_ = *length;
  // Guests write to it, and nobody else takes away what has been copied.
  auto disk = holds_->add(*top_, {Permission::consistent_read | Permission::write_unchanged,
                                  without(Permission::all, Permission::resize)});
  if (!disk)
    return std::unexpected(std::move(disk.error()));
  disk_ = *disk;
  if (chain->between.empty())
    return {};
  below_ = chain->between.front();
  for (Node* const node : chain->between)
    if (auto held = holds_->add(*node, nobody_writes); !held)
      return std::unexpected(std::move(held.error()));
  if (base_ != nullptr)
    if (auto held = holds_->add(*base_, {Permission::none, Permission::all}); !held)
      return std::unexpected(std::move(held.error()));
  return {};
}

std::error_code StreamJob::co_run(JobControl& control) {
  if (below_ == nullptr)
    return {};
  return co_go_through(control, length_,
                       [&](uint64_t offset, uint64_t size, std::span<std::byte>)
                           LV_COROUTINE_FN { return co_populate(offset, size); });
}

std::expected<uint64_t, JobFailure> StreamJob::co_populate(uint64_t offset, uint64_t size) {
  const auto own = disk_->co_block_status(offset, size, below_);
  if (!own)
    return std::unexpected(JobFailure{true, own.error()});
  if (own->allocated)
    return own->length;
  const auto status = disk_->co_block_status(offset, own->length, base_);
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
  if (base_ != nullptr) {
    auto found = options_.backing_file ? GraphResult<BackingFileName>(*options_.backing_file)
                                       : name_of_base(*below_, *base_);
    if (!found)
      return std::unexpected(std::move(found.error()));
    name = std::move(*found);
  }
  // The disk shows the same with both, whichever the header names when the power fails.
  if (auto renamed = change_backing_file_name(*top_, name); !renamed)
    return renamed;
  Transaction transaction;
  {
    const MainGraphReadLock lock;
    Edge* const backing = shown_below(*top_);
    if (backing == nullptr)
      return {};
    if (base_ != nullptr)
      transaction.replace_child(*backing, *base_);
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
