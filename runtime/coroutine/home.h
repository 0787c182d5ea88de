// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where a coroutine lives: an event loop that runs what is posted to it, one after the other, in
// one thread. AioContext is one; tests have simpler ones. Coroutines know it by this interface
// only, so that this room needs no event loop. Every method may be called from any thread.

#ifndef LOCKVET_RUNTIME_COROUTINE_HOME_H
#define LOCKVET_RUNTIME_COROUTINE_HOME_H

namespace lockvet::runtime {

// Something to run at a home. It belongs to who posts it until it runs, and is linked into the
// home's queue meanwhile, so that posting allocates nothing. It may be destroyed while it runs.
struct HomeItem {
  using Run = void(HomeItem& item) noexcept;

  explicit HomeItem(Run* run) : run(run) {}

  HomeItem* next = nullptr;
  Run* run;
};

class Home {
public:
  // Runs `item` later in the home thread, never within this call. The caller sees to it that the
  // home does not end before: by hold(), or since it runs in it.
  virtual void post(HomeItem& item) noexcept = 0;

  // Whether the caller is in the home thread.
  virtual bool is_here() const noexcept = 0;

  // Keeps the home from ending until let_go() is called as often. False if it has ended already.
  [[nodiscard]] virtual bool hold() noexcept = 0;
  virtual void let_go() noexcept = 0;

protected:
  ~Home() = default;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_HOME_H
