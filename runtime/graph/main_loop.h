// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one context of a program that changes the graph. Whoever starts the program makes one
// MainLoop over the context of its first thread, before any thread uses the graph, and destroys it
// after the last has ended. Code that runs there has the role lockvet_main_loop, which
// MainLoop::assert_here() gives to the analysis and checked builds check.

#ifndef LOCKVET_RUNTIME_GRAPH_MAIN_LOOP_H
#define LOCKVET_RUNTIME_GRAPH_MAIN_LOOP_H

#include "runtime/aio/bottom_half.h"
#include "runtime/graph/asymmetric_fence.h"

#include <lockvet/graph_lock.h>

namespace lockvet::runtime {

class MainLoop {
public:
  // In the home thread of the context.
  explicit MainLoop(AioContext& context);
  MainLoop(const MainLoop&) = delete;
  MainLoop& operator=(const MainLoop&) = delete;
  ~MainLoop();

  static AioContext& context() noexcept;
  // In its thread, whether in a coroutine or not.
  static bool is_here() noexcept;

  // In its thread and outside of coroutines.
  static void assert_here() LV_ASSERT_CAPABILITY(lockvet_main_loop);

  // What a wait keeps others from. While a callback that the loop runs meanwhile waits as well, the
  // outer wait steps back from it, since what the inner one waits for may need just that.
  class Claim {
  public:
    virtual void make() LV_MAIN_LOOP = 0;
    virtual void step_back() LV_MAIN_LOOP = 0;

  protected:
    ~Claim() = default;
  };

  // Runs the loop while `condition` is true. It looks again whenever something has run there or
  // somebody called kick(). What others change before they kick, and look at after a light fence,
  // is as AsymmetricFence says: the heavy one comes before the first look. The claim, if any, is
  // made in the beginning, and stays when the wait is over.
  template <typename Condition>
  static void LV_NO_COROUTINE_FN LV_LABEL("polls")
      wait_while(Condition&& condition, Claim* claim = nullptr) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const Waiting waiting(claim);
    while (condition())
      turn();
  }

  // Something has changed for which wait_while() may wait. From any thread; what it touches is
  // there as long as the program, so that what the caller has just let go of may be gone.
  static void kick() noexcept {
    AsymmetricFence::light();
    if (waiting_.load(std::memory_order_relaxed) != 0) [[unlikely]]
      wake();
  }

  // Has `body` called in the home thread of a context, and runs the main loop until that is done.
  // False if the context has ended.
  template <typename Body>
  [[nodiscard]] static bool LV_NO_COROUTINE_FN LV_LABEL("polls")
      run_in(AioContext& context, Body&& body) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    if (context.is_here()) {
      body();
      return true;
    }
    std::atomic<bool> done = false;
    if (!context.schedule([&] {
          body();
          done.store(true, std::memory_order_release);
          kick();
        }))
      return false;
    wait_while([&] { return !done.load(std::memory_order_acquire); });
    return true;
  }

  // Runs `body`, which takes nothing, in a coroutine that lives here, and the loop until that has
  // ended. What it waits for is not drained by who calls this; see rule 11 of docs/runtime.md.
  template <typename Body>
  static void LV_NO_COROUTINE_FN LV_LABEL("polls")
      run_coroutine(Body&& body) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    bool done = false;
    if (!Coroutine::spawn(context(), [&]() LV_COROUTINE_FN {
          body();
          done = true;
        }))
      misuse("the main loop is to run a coroutine when it has ended.");
    wait_while([&] { return !done; });
  }

private:
  // One wait_while(), for as long as it lasts.
  class Waiting {
  public:
    explicit Waiting(Claim* claim) LV_MAIN_LOOP;
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting();

  private:
    Claim* const claim_;
    Waiting* const outer_;
  };

  static void LV_NO_COROUTINE_FN LV_LABEL("polls") turn() LV_MAIN_LOOP;
  static void wake() noexcept;

  // How many wait_while() there are, one inside of the other.
  alignas(64) static std::atomic<unsigned> waiting_;
  static std::atomic<MainLoop*> current_;
  // The innermost.
  static Waiting* innermost_ LV_OWNED_BY_CONTEXT(lockvet_main_loop);

  AioContext& context_;
  BottomHalf nudge_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_MAIN_LOOP_H
