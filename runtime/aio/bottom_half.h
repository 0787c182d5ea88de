// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Something that its context does soon, whenever any thread asks for it. Asking is lock-free and
// allocates nothing; asking again before it has run changes nothing. Owned by whoever made it, who
// destroys it in the home thread when no other thread can ask any more.

#ifndef LOCKVET_RUNTIME_AIO_BOTTOM_HALF_H
#define LOCKVET_RUNTIME_AIO_BOTTOM_HALF_H

#include "runtime/aio/aio_context.h"

namespace lockvet::runtime {

class BottomHalf final : public HomeItem {
public:
  BottomHalf(AioContext& context, Callback callback)
      : HomeItem(run_it), context_(context), callback_(callback) {}
  BottomHalf(const BottomHalf&) = delete;
  BottomHalf& operator=(const BottomHalf&) = delete;
  ~BottomHalf();

  // The callback runs after this, and sees what the caller did before. It holds the context until
  // it has run; false if that has ended. From any thread.
  bool schedule() noexcept;

  // For an owner in the same context, whose name for it the analysis can't know to be ours.
  void assert_home() const LV_ASSERT_CONTEXT(context_) { context_.assert_home(); }

  // It does not run unless it is scheduled anew. In the home thread.
  void cancel() LV_REQUIRES_CONTEXT(context_);

private:
  static void run_it(HomeItem& item) noexcept;

  AioContext& context_;
  Callback callback_;
  std::atomic<bool> scheduled_ = false;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_BOTTOM_HALF_H
