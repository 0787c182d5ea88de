// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/main_loop.h"

namespace lockvet::runtime {

alignas(64) constinit std::atomic<unsigned> MainLoop::waiting_ = 0;
constinit std::atomic<MainLoop*> MainLoop::current_ = nullptr;
constinit MainLoop::Waiting* MainLoop::innermost_ = nullptr;

MainLoop::MainLoop(AioContext& context)
    // What it wakes up for is looked at by who waits.
    : context_(context), nudge_(context, {[](void*) {}, nullptr}) {
  context_.assert_home();
  if (current_.exchange(this) != nullptr)
    misuse("a MainLoop is made while the program has one already.");
}

MainLoop::~MainLoop() {
  context_.assert_home();
  current_.store(nullptr);
}

AioContext& MainLoop::context() noexcept {
  MainLoop* const current = current_.load(std::memory_order_acquire);
  if (current == nullptr)
    misuse("the main loop is asked for, and the program has made no MainLoop.");
  return current->context_;
}

bool MainLoop::is_here() noexcept {
  const MainLoop* const current = current_.load(std::memory_order_acquire);
  return current != nullptr && current->context_.is_here();
}

void MainLoop::assert_here() {
  if constexpr (checks) {
    if (!is_here())
      misuse("what only the main loop may do is done in another thread.");
    if (Coroutine::in_coroutine())
      misuse("what only the main loop may do is done in a coroutine: it could not poll there.");
  }
}

MainLoop::Waiting::Waiting(Claim* claim) : claim_(claim), outer_(innermost_) {
  if (outer_ != nullptr && outer_->claim_ != nullptr)
    outer_->claim_->step_back();
  innermost_ = this;
  if (claim_ != nullptr)
    claim_->make();
  waiting_.fetch_add(1, std::memory_order_relaxed);
  AsymmetricFence::heavy();
}

MainLoop::Waiting::~Waiting() {
  assert_here();
  waiting_.fetch_sub(1, std::memory_order_relaxed);
  innermost_ = outer_;
  if (outer_ == nullptr || outer_->claim_ == nullptr)
    return;
  outer_->claim_->make();
  AsymmetricFence::heavy();
}

void MainLoop::turn() {
  AioContext& context = MainLoop::context();
  context.assert_home();
  context.poll(true);
}

void MainLoop::wake() noexcept {
  if (MainLoop* const current = current_.load(std::memory_order_acquire))
    current->nudge_.schedule();
}

} // namespace lockvet::runtime
