// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a file can have after the power has failed, from the log of what was done to it. Functions
// without state.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_CRASH_REPLAY_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_CRASH_REPLAY_H

#include "testsuite/unit/runtime/qcow2/files.h"

#include <random>
#include <span>

namespace lockvet::runtime::qcow2 {

// Does it to the file: all of it, or, with random numbers, any sectors of it.
void apply(Bytes& file, const MemoryFile::Event& event, std::mt19937_64* torn);

// How much of what was begun since the last flush is there.
inline constexpr int crash_variants = 3;

// What a file can have after so many events: `stable` has all up to the last flush before them.
Bytes crashed(Bytes stable, std::span<const MemoryFile::Event> since, std::mt19937_64& random,
              int variant);

// Calls `body` with the content of a file after each event of its log and in each variant, and the
// number of events. `stable` is what it had when the log began.
template <typename Body>
void LV_COROUTINE_FN co_for_each_crash(Bytes stable, const std::vector<MemoryFile::Event>& log,
                                       std::mt19937_64& random, Body&& body) {
  size_t stable_events = 0;
  for (size_t events = 0; events <= log.size(); ++events) {
    // A flush that has ended makes all before it stable.
    if (events > 0 && log[events - 1].kind == MemoryFile::Event::Kind::flush)
      for (; stable_events < events; ++stable_events)
        apply(stable, log[stable_events], nullptr);
    const auto since = std::span(log).subspan(stable_events, events - stable_events);
    for (int variant = 0; variant < crash_variants; ++variant)
      body(crashed(stable, since, random, variant), events, variant);
  }
}

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_CRASH_REPLAY_H
