// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/commit.h"

#include "runtime/graph/chain_status.h"
#include "runtime/graph/transaction.h"
#include "runtime/jobs/chain_job.h"
#include "runtime/jobs/copy_step.h"
#include "runtime/jobs/mirror.h"
#include "runtime/jobs/work_together.h"

#include <algorithm>

namespace lockvet::runtime {

namespace {

// Of images that only others stand on.
class CommitJob final : public ChainJob {
public:
  CommitJob(Jobs& jobs, const std::string& id, const CommitOptions& options)
      : ChainJob(jobs, id, options.top, options.base), backing_file_(options.backing_file) {}

  std::string_view type() const noexcept override { return "commit"; }

  GraphResult<> LV_NO_COROUTINE_FN finish() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;

  std::error_code LV_COROUTINE_FN co_run(JobControl& control) override;

private:
  GraphResult<> LV_NO_COROUTINE_FN set_up() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;
  std::expected<uint64_t, JobFailure> LV_COROUTINE_FN co_copy(uint64_t offset, uint64_t size,
                                                              std::span<std::byte> buffer);
  // Of what stands on the top.
  std::vector<Edge*> overlays() const LV_MAIN_LOOP;

  const std::optional<BackingFileName> backing_file_;
  BlockBackend* from_ = nullptr;
  BlockBackend* to_ = nullptr;
  // Of the base, which is not less than that of the top.
  uint64_t length_ = 0;
};

GraphResult<> CommitJob::set_up() {
  if (auto writable = holds().make_writable(*base()); !writable)
    return writable;
  if (auto longer = make_base_as_long(*base(), top_length()); !longer)
    return longer;
  const auto base_length = length_of(*base());
  if (!base_length)
    return std::unexpected(base_length.error());
  length_ = *base_length;
  auto from = holds().add(top(), {Permission::consistent_read, nobody_writes.shared});
  if (!from)
    return std::unexpected(std::move(from.error()));
  from_ = *from;
  if (auto held = hold_between(); !held)
    return held;
  auto to = holds().add(*base(), {Permission::write_unchanged, Permission::consistent_read});
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
  if (offset < top_length())
    status = from_->co_block_status(offset, std::min(size, top_length() - offset), base());
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
  for (Edge* const edge : top().parents())
    if (has_role(edge->role(), EdgeRole::copy_on_write))
      found.push_back(edge);
  return found;
}

GraphResult<> CommitJob::finish() {
  const auto name = base_name(backing_file_, top());
  if (!name)
    return std::unexpected(name.error());
  std::set<Node*> renamed;
  // The main loop runs at each, and who stands on the top may come and go.
  const auto next = [&]() LV_REQUIRES(lockvet_main_loop) -> Node* {
    for (const Edge* const edge : overlays())
      if (Node* const image = edge->parent().as_node(); renamed.insert(image).second)
        return image;
    return nullptr;
  };
  // The disk shows the same with both, whichever a header names when the power fails.
  while (Node* const image = next())
    if (auto done = rename_backing_file(*image, *name); !done)
      return done;
  Transaction transaction;
  for (Edge* const edge : overlays())
    transaction.replace_child(*edge, *base());
  {
    const MainGraphReadLock lock;
    let_go_of_base(transaction, top(), *base());
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
