// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/commit.h"

#include "runtime/graph/chain_status.h"
#include "runtime/graph/transaction.h"
#include "runtime/jobs/copy_step.h"
#include "runtime/jobs/job_nodes.h"
#include "runtime/jobs/mirror.h"
#include "runtime/jobs/node_holds.h"
#include "runtime/jobs/work_together.h"

#include <algorithm>

namespace lockvet::runtime {

namespace {

// Of images that only others stand on.
class CommitJob final : public Job {
public:
  CommitJob(Jobs& jobs, const std::string& id, CommitOptions options)
      : jobs_(jobs), options_(std::move(options)), holds_(std::make_unique<NodeHolds>(id)) {}

  std::string_view type() const noexcept override { return "commit"; }
  const std::string& device() const noexcept override { return options_.top; }

  GraphResult<> LV_NO_COROUTINE_FN begin() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;
  GraphResult<> LV_NO_COROUTINE_FN finish() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;
  void LV_NO_COROUTINE_FN clean(bool) LV_MAIN_LOOP LV_GRAPH_UNLOCKED override {
    give_back(jobs_, std::move(holds_));
  }

  std::error_code LV_COROUTINE_FN co_run(JobControl& control) override;

private:
  std::expected<uint64_t, JobFailure> LV_COROUTINE_FN co_copy(uint64_t offset, uint64_t size,
                                                              std::span<std::byte> buffer);
  // Of what stands on the top.
  std::vector<Edge*> overlays() const LV_MAIN_LOOP;

  Jobs& jobs_;
  const CommitOptions options_;
  std::unique_ptr<NodeHolds> holds_;
  Node* top_ = nullptr;
  Node* base_ = nullptr;
  BlockBackend* from_ = nullptr;
  BlockBackend* to_ = nullptr;
  uint64_t top_length_ = 0;
  // Of the base, which is not less.
  uint64_t length_ = 0;
};

GraphResult<> CommitJob::begin() {
  const auto top = find_node(jobs_.graph(), options_.top);
  if (!top)
    return std::unexpected(top.error());
  top_ = *top;
  const auto base = find_node(jobs_.graph(), options_.base);
  if (!base)
    return std::unexpected(base.error());
  base_ = *base;
  auto chain = find_chain(jobs_.graph(), *top_, options_.base);
  if (!chain)
    return std::unexpected(std::move(chain.error()));
  const auto length = length_of(*top_);
  if (!length)
    return std::unexpected(length.error());
  top_length_ = *length;
  if (auto longer = make_base_as_long(*base_, top_length_); !longer)
    return longer;
  const auto base_length = length_of(*base_);
  if (!base_length)
    return std::unexpected(base_length.error());
  length_ = *base_length;
  auto from = holds_->add(*top_, {Permission::consistent_read, nobody_writes.shared});
  if (!from)
    return std::unexpected(std::move(from.error()));
  from_ = *from;
  for (Node* const node : chain->between)
    if (auto held = holds_->add(*node, nobody_writes); !held)
      return std::unexpected(std::move(held.error()));
  auto to = holds_->add(*base_, {Permission::write_unchanged, Permission::consistent_read});
  if (!to)
    return std::unexpected(std::move(to.error()));
  to_ = *to;
  return {};
}

std::error_code CommitJob::co_run(JobControl& control) {
  const auto error = co_go_through(control, length_,
                                   [&](uint64_t offset, uint64_t size, std::span<std::byte> buffer)
                                       LV_COROUTINE_FN { return co_copy(offset, size, buffer); });
  return error ? error : to_->co_flush();
}

std::expected<uint64_t, JobFailure> CommitJob::co_copy(uint64_t offset, uint64_t size,
                                                       std::span<std::byte> buffer) {
  std::expected<BlockStatus, std::error_code> status;
  if (offset < top_length_)
    status = from_->co_block_status(offset, std::min(size, top_length_ - offset), base_);
  else
    // What a longer base has there was hidden from all that is above.
    status = BlockStatus{.length = size, .zero = true};
  if (!status)
    return std::unexpected(JobFailure{true, status.error()});
  if (!status->allocated)
    return status->length;
  if (status->zero) {
    const uint64_t bytes = std::min(status->length, most_zeroed_at_once);
    if (const auto error = to_->co_pwrite_zeroes(offset, bytes, RequestFlags::may_unmap))
      return std::unexpected(JobFailure{false, error});
    return bytes;
  }
  const IoVector data(buffer.data(), std::min<uint64_t>(status->length, buffer.size()));
  if (const auto error = from_->co_preadv(offset, data))
    return std::unexpected(JobFailure{true, error});
  if (const auto error = to_->co_pwritev(offset, data))
    return std::unexpected(JobFailure{false, error});
  return data.size();
}

std::vector<Edge*> CommitJob::overlays() const {
  const MainGraphReadLock lock;
  std::vector<Edge*> found;
  for (Edge* const edge : top_->parents())
    if (has_role(edge->role(), EdgeRole::copy_on_write))
      found.push_back(edge);
  return found;
}

GraphResult<> CommitJob::finish() {
  auto name = options_.backing_file ? GraphResult<BackingFileName>(*options_.backing_file)
                                    : name_of_base(*top_, *base_);
  if (!name)
    return std::unexpected(std::move(name.error()));
  // The disk shows the same with both, whichever a header names when the power fails.
  for (const Edge* const edge : overlays())
    if (auto renamed = change_backing_file_name(*edge->parent().as_node(), *name); !renamed)
      return renamed;
  Transaction transaction;
  for (Edge* const edge : overlays())
    transaction.replace_child(*edge, *base_);
  {
    const MainGraphReadLock lock;
    let_go_of_base(transaction, *top_, *base_);
  }
  return transaction.commit();
}

// Whether anybody uses the node otherwise than to stand on it.
bool is_active(const Node& node) LV_MAIN_LOOP {
  const MainGraphReadLock lock;
  return std::ranges::any_of(node.parents(), [](const Edge* edge) {
    return !has_role(edge->role(), EdgeRole::copy_on_write) && !edge->parent().stays_at_node();
  });
}

} // namespace

GraphResult<> start_commit(Jobs& jobs, const JobOptions& job, const CommitOptions& options) {
  const auto top = find_node(jobs.graph(), options.top);
  if (!top)
    return std::unexpected(top.error());
  if (is_active(**top))
    return start_active_commit(
        jobs, job, {.top = options.top, .base = options.base, .filter_name = options.filter_name});
  return jobs.start(std::make_unique<CommitJob>(jobs, job.id, options), job);
}

} // namespace lockvet::runtime
