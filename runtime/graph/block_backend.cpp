// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/block_backend.h"

#include "runtime/graph/chain_status.h"
#include "runtime/graph/transaction.h"

namespace lockvet::runtime {

// A request is in flight. Before the graph lock, since it may have to wait for the end of a drained
// section, and who ends that may have to write.
class BlockBackend::Request {
public:
  explicit LV_COROUTINE_FN Request(BlockBackend& backend) : in_flight_(backend.in_flight_) {
    in_flight_.co_enter();
  }
  ~Request() { in_flight_.leave(); }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

private:
  Gate& in_flight_;
};

namespace {

std::error_code no_node() {
  return std::make_error_code(std::errc::no_such_device);
}

} // namespace

BlockBackend::~BlockBackend() {
  MainLoop::assert_here();
  if constexpr (checks) {
    const MainGraphReadLock lock;
    if (root_ != nullptr)
      misuse(describe() + " is destroyed while it leads to " + root_->child().describe() + ".");
  }
}

GraphResult<> BlockBackend::insert(Node& node) {
  {
    const MainGraphReadLock lock;
    if (root_ != nullptr)
      return graph_error(std::errc::device_or_resource_busy,
                         describe() + " leads to " + root_->child().describe() + " already.");
  }
  Transaction transaction;
  transaction.attach(*this, "root", EdgeRole::filtered | EdgeRole::data, node);
  return transaction.commit();
}

GraphResult<> BlockBackend::remove() {
  Transaction transaction;
  {
    const MainGraphReadLock lock;
    if (root_ == nullptr)
      return {};
    transaction.detach(*root_);
  }
  return transaction.commit();
}

GraphResult<> BlockBackend::set_permissions(Permissions permissions) {
  Transaction transaction;
  {
    const MainGraphReadLock lock;
    if (root_ != nullptr)
      transaction.set_permissions(*root_, permissions);
  }
  if (!transaction.empty())
    return transaction.commit();
  const GraphWriteLock lock;
  permissions_ = permissions;
  return {};
}

Permissions BlockBackend::child_permissions(EdgeRole, Permissions) const {
  return permissions_;
}

std::unique_ptr<Edge> BlockBackend::disown_edge(Edge&) {
  return std::move(root_);
}

// --- requests ------------------------------------------------------------------------------------

std::error_code BlockBackend::co_preadv(uint64_t offset, const IoVector& to, RequestFlags flags) {
  const Request request(*this);
  const CoGraphReadLock lock;
  return root_ == nullptr ? no_node() : root_->co_preadv(offset, to, flags);
}

std::error_code BlockBackend::co_pwritev(uint64_t offset, const IoVector& from,
                                         RequestFlags flags) {
  const Request request(*this);
  const CoGraphReadLock lock;
  return root_ == nullptr ? no_node() : root_->co_pwritev(offset, from, flags);
}

std::error_code BlockBackend::co_flush() {
  const Request request(*this);
  const CoGraphReadLock lock;
  return root_ == nullptr ? no_node() : root_->co_flush();
}

std::error_code BlockBackend::co_pwrite_zeroes(uint64_t offset, uint64_t size, RequestFlags flags) {
  const Request request(*this);
  const CoGraphReadLock lock;
  return root_ == nullptr ? no_node() : root_->co_pwrite_zeroes(offset, size, flags);
}

std::error_code BlockBackend::co_discard(uint64_t offset, uint64_t size) {
  const Request request(*this);
  const CoGraphReadLock lock;
  return root_ == nullptr ? no_node() : root_->co_discard(offset, size);
}

std::expected<BlockStatus, std::error_code>
BlockBackend::co_block_status(uint64_t offset, uint64_t size, const Node* base) {
  const Request request(*this);
  const CoGraphReadLock lock;
  if (root_ == nullptr)
    return std::unexpected(no_node());
  return co_status_of_chain(*root_, offset, size, base);
}

std::error_code BlockBackend::co_populate(uint64_t offset, uint64_t size) {
  const Request request(*this);
  const CoGraphReadLock lock;
  return root_ == nullptr ? no_node() : root_->co_populate(offset, size);
}

std::error_code BlockBackend::co_truncate(uint64_t length) {
  const Request request(*this);
  const CoGraphReadLock lock;
  return root_ == nullptr ? no_node() : root_->co_truncate(length);
}

std::expected<uint64_t, std::error_code> BlockBackend::co_length() {
  // Nodes have it in memory, so that nothing is in flight.
  const CoGraphReadLock lock;
  if (root_ == nullptr)
    return std::unexpected(no_node());
  return root_->co_length();
}

} // namespace lockvet::runtime
