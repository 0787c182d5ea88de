// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/node.h"

namespace lockvet::runtime {

namespace {

// The coroutine of a request is in the node's home meanwhile, if its driver wants that. It holds
// the graph lock all the time, which counts wherever it is.
class HomeVisit {
public:
  LV_COROUTINE_FN HomeVisit(bool wanted, AioContext& home) {
    if (!wanted) [[likely]]
      return;
    Home* const from = Coroutine::current()->home();
    if (from == nullptr)
      misuse("a coroutine without a home has a request for a node that has its requests at home.");
    // The node holds its home, so that it has not ended.
    if (from != &home && Coroutine::move_to(home))
      from_ = from;
  }
  LV_COROUTINE_FN ~HomeVisit() {
    if (from_ != nullptr && !Coroutine::move_to(*from_))
      misuse("the context of a request has ended before the request.");
  }
  HomeVisit(const HomeVisit&) = delete;
  HomeVisit& operator=(const HomeVisit&) = delete;

private:
  Home* from_ = nullptr;
};

constexpr size_t zero_bytes = size_t{64} * 1024;
alignas(4096) std::byte zeroes[zero_bytes];

} // namespace

Node::Node(std::string name, std::unique_ptr<Driver> driver, AioContext& context)
    : name_(std::move(name)), driver_(std::move(driver)), home_only_(driver_->home_only()),
      context_(&context) {
  driver_->set_node(*this);
}

Node::~Node() = default;

// --- requests ------------------------------------------------------------------------------------

std::error_code Node::co_preadv(uint64_t offset, const IoVector& to, RequestFlags flags) {
  if (to.size() == 0)
    return {};
  const HomeVisit visit(home_only_, *context_);
  return driver_->co_preadv(offset, to, flags);
}

std::error_code Node::co_pwritev(uint64_t offset, const IoVector& from, RequestFlags flags) {
  if (from.size() == 0)
    return {};
  meet_threshold(offset + from.size());
  const HomeVisit visit(home_only_, *context_);
  const std::error_code error = driver_->co_pwritev(offset, from, flags);
  mark_dirty(offset, from.size());
  return error;
}

std::error_code Node::co_flush() {
  const HomeVisit visit(home_only_, *context_);
  return driver_->co_flush();
}

std::error_code Node::co_pwrite_zeroes(uint64_t offset, uint64_t size, RequestFlags flags) {
  if (size == 0)
    return {};
  meet_threshold(offset + size);
  const HomeVisit visit(home_only_, *context_);
  std::error_code error = driver_->co_pwrite_zeroes(offset, size, flags);
  if (error == std::errc::not_supported) {
    if (has_flag(flags, RequestFlags::no_fallback))
      return error;
    error = write_zeroes_as_data(offset, size, without_flag(flags, RequestFlags::may_unmap));
  }
  mark_dirty(offset, size);
  return error;
}

std::error_code Node::write_zeroes_as_data(uint64_t offset, uint64_t size, RequestFlags flags) {
  while (size > 0) {
    const size_t part = std::min<uint64_t>(size, zero_bytes);
    if (const std::error_code failed = driver_->co_pwritev(offset, {zeroes, part}, flags))
      return failed;
    offset += part;
    size -= part;
  }
  return {};
}

std::error_code Node::co_discard(uint64_t offset, uint64_t size) {
  if (size == 0)
    return {};
  const HomeVisit visit(home_only_, *context_);
  const std::error_code error = driver_->co_discard(offset, size);
  mark_dirty(offset, size);
  return error;
}

std::expected<BlockStatus, std::error_code> Node::co_block_status(uint64_t offset, uint64_t size) {
  if (size == 0)
    return BlockStatus{};
  const HomeVisit visit(home_only_, *context_);
  return driver_->co_block_status(offset, size);
}

std::error_code Node::co_populate(uint64_t offset, uint64_t size) {
  if (size == 0)
    return {};
  const HomeVisit visit(home_only_, *context_);
  return driver_->co_populate(offset, size);
}

std::error_code Node::co_truncate(uint64_t length) {
  const HomeVisit visit(home_only_, *context_);
  const std::error_code error = driver_->co_truncate(length);
  if (!error)
    for (const auto& bitmap : dirty_bitmaps_)
      if (!bitmap->inconsistent())
        bitmap->resize(length);
  return error;
}

std::expected<uint64_t, std::error_code> Node::co_length() {
  return driver_->co_length();
}

void Node::co_meet_event(BlockEvent event) {
  const HomeVisit visit(home_only_, *context_);
  driver_->co_meet_event(event);
}

// --- dirty bitmaps -------------------------------------------------------------------------------

void Node::mark_dirty_bitmaps(uint64_t offset, uint64_t size) {
  for (const auto& bitmap : dirty_bitmaps_) {
    if (!bitmap->enabled())
      continue;
    // A write may have made the disk longer.
    bitmap->grow_to(offset + size);
    bitmap->set(offset, size);
  }
}

std::shared_ptr<DirtyBitmap> Node::dirty_bitmap(std::string_view name) const {
  for (const auto& bitmap : dirty_bitmaps_)
    if (bitmap->name() == name)
      return bitmap;
  return nullptr;
}

// --- drained sections ----------------------------------------------------------------------------

void Node::quiesce_begin() {
  if (quiesced_++ > 0)
    return;
  activity_.close();
  driver_->drained_begin();
  for (Edge* const edge : parents_)
    edge->child_quiesced();
}

void Node::quiesce_end() {
  if constexpr (checks) {
    if (quiesced_ == 0)
      misuse("a drained section of " + describe() + " ends that has not begun.");
  }
  if (--quiesced_ > 0)
    return;
  // Who leaves has left its context, and begins nothing any more.
  if (state_ != State::leaving)
    driver_->drained_end();
  activity_.open();
  for (Edge* const edge : parents_)
    edge->child_resumed();
}

bool Node::busy() const {
  if (activity_.busy())
    return true;
  return std::any_of(parents_.begin(), parents_.end(),
                     [](const Edge* edge) LV_REQUIRES(lockvet_main_loop)
                         LV_REQUIRES_SHARED(graph_lock) { return edge->parent().busy(); });
}

// --- changes -------------------------------------------------------------------------------------

Edge* Node::child(std::string_view name) const {
  for (const auto& edge : children_)
    if (edge->name() == name)
      return edge.get();
  return nullptr;
}

Permissions Node::child_permissions(EdgeRole role, Permissions own) const {
  return driver_->child_permissions(role, own);
}

void Node::own_edge(std::unique_ptr<Edge> edge) {
  children_.push_back(std::move(edge));
  driver_->child_attached(*children_.back());
}

std::unique_ptr<Edge> Node::disown_edge(Edge& edge) {
  driver_->child_detached(edge);
  const auto found = std::find_if(children_.begin(), children_.end(),
                                  [&](const auto& own) { return own.get() == &edge; });
  std::unique_ptr<Edge> disowned = std::move(*found);
  children_.erase(found);
  return disowned;
}

} // namespace lockvet::runtime
