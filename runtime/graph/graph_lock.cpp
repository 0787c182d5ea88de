// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/graph_lock.h"

#if LOCKVET_RUNTIME_CHECKS
#include <unordered_map>
#endif

namespace lockvet::runtime {

Gate GraphLock::gate_;

namespace {

// --- checks --------------------------------------------------------------------------------------

// The main loop's own, for checked builds: how often it holds the lock, and where it took it last.
struct MainHolds {
  unsigned reading = 0;
  bool writing = false;
  GraphLock::Place at;
};
[[maybe_unused]] MainHolds main_holds LV_GUARDED_BY(lockvet_main_loop);

#if LOCKVET_RUNTIME_CHECKS

// Which coroutines hold the lock, and since where.
struct Readers {
  ThreadMutex mutex;
  std::unordered_map<const Coroutine*, GraphLock::Place> taken LV_GUARDED_BY(mutex);
};

Readers& readers() {
  static Readers* const readers = new Readers; // for threads that end after static destructors
  return *readers;
}

void note_rdlock(GraphLock::Place place) {
  const Coroutine* const self = Coroutine::current();
  if (self == nullptr)
    misuse("the graph lock is taken for reading at " + describe(place) +
           " outside of coroutines: only the main loop reads there, by MainGraphReadLock.");
  ThreadLock lock(readers().mutex);
  const auto [taken, first] = readers().taken.emplace(self, place);
  if (!first)
    misuse("a coroutine takes the graph lock for reading at " + describe(place) +
           " while it holds it since " + describe(taken->second) +
           ": a writer that came between would wait for ever.");
}

void note_rdunlock(GraphLock::Place place) {
  ThreadLock lock(readers().mutex);
  if (readers().taken.erase(Coroutine::current()) == 0)
    misuse("the graph lock is given back at " + describe(place) +
           " by a coroutine that does not hold it.");
}

#endif

} // namespace

// --- the lock ------------------------------------------------------------------------------------

#if LOCKVET_RUNTIME_CHECKS
void GraphLock::co_rdlock(Place place)
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with a gate") {
  note_rdlock(place);
  gate_.co_enter(place);
}

void GraphLock::co_rdunlock(Place place)
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with a gate") {
  note_rdunlock(place);
  gate_.leave();
}
#endif

void GraphLock::main_rdlock()
    LV_NO_THREAD_SAFETY_ANALYSIS("the main loop reads by being the only writer") {
  MainLoop::assert_here();
  if constexpr (checks)
    ++main_holds.reading;
}

void GraphLock::main_rdunlock()
    LV_NO_THREAD_SAFETY_ANALYSIS("the main loop reads by being the only writer") {
  MainLoop::assert_here();
  if constexpr (checks)
    --main_holds.reading;
}

void GraphLock::wrlock(Place place)
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with a gate") {
  assert_unlocked(place);
  struct Writer final : MainLoop::Claim {
    void make() LV_MAIN_LOOP override { gate_.close(); }
    void step_back() LV_MAIN_LOOP override { gate_.open(); }
  } writer;
  MainLoop::wait_while([] { return gate_.busy(); }, &writer);
  if constexpr (checks) {
    main_holds.writing = true;
    main_holds.at = place;
  }
}

void GraphLock::wrunlock(Place place)
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with a gate") {
  if constexpr (checks) {
    MainLoop::assert_here();
    if (!main_holds.writing)
      misuse("the graph lock is given back at " + describe(place) +
             " by a writer that has it not.");
    main_holds.writing = false;
  }
  gate_.open(place);
}

void GraphLock::assert_unlocked(Place place) {
  MainLoop::assert_here();
  if constexpr (checks) {
    if (main_holds.writing)
      misuse("the main loop polls or takes the graph lock at " + describe(place) +
             " while it holds that for writing since " + describe(main_holds.at) + ".");
    if (main_holds.reading > 0)
      misuse("the main loop polls or takes the graph lock at " + describe(place) +
             " while it holds that for reading.");
  }
}

} // namespace lockvet::runtime
