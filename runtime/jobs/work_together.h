// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A job's work by several coroutines, so that one request waits while another is made. They are all
// in the job's context, and share what belongs to it.

#ifndef LOCKVET_RUNTIME_JOBS_WORK_TOGETHER_H
#define LOCKVET_RUNTIME_JOBS_WORK_TOGETHER_H

#include "runtime/coroutine/co_group.h"
#include "runtime/jobs/copy_step.h"

namespace lockvet::runtime {

// Calls `work`, which takes nothing and returns a std::error_code, in so many of them, one of which
// is the caller. The first error; each sees to it that the others come to an end then.
template <typename Work>
std::error_code LV_COROUTINE_FN co_work_together(JobControl& control, unsigned workers,
                                                 Work&& work) {
  CoGroup group;
  for (unsigned number = 1; number < workers; ++number)
    group.spawn(control.context(), [&]() LV_COROUTINE_FN {
      const JobControl::Worker worker(control);
      return work();
    });
  const std::error_code mine = work();
  const std::error_code others = group.wait();
  return mine ? mine : others;
}

// Goes through a disk of so many bytes once, by several of them. `piece` takes an offset, how many
// bytes there are at most, and a buffer of most_copied_at_once; it returns how many it has done, or
// what has failed, which may be tried again.
template <typename Piece>
std::error_code LV_COROUTINE_FN co_go_through(JobControl& control, uint64_t length, Piece&& piece) {
  constexpr unsigned workers = 4;
  // One of them has so much for itself.
  constexpr uint64_t share = uint64_t{1} << 20;
  uint64_t next = 0;
  control.set_left(length);
  return co_work_together(control, workers, [&]() LV_COROUTINE_FN {
    std::vector<std::byte> buffer(most_copied_at_once);
    while (next < length) {
      uint64_t at = next;
      const uint64_t end = next = std::min(length, at + share);
      while (at < end) {
        const std::expected<uint64_t, JobFailure> done = piece(at, end - at, std::span(buffer));
        const uint64_t bytes = done ? *done : 0;
        std::error_code error = done ? std::error_code() : control.co_meet_failure(done.error());
        at += bytes;
        control.add_done(bytes);
        if (!error)
          error = control.co_step(bytes);
        if (error) {
          // The others have nothing more to begin.
          next = length;
          return error;
        }
      }
    }
    return std::error_code();
  });
}

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_WORK_TOGETHER_H
