// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/job_status.h"

#include <array>
#include <initializer_list>

namespace lockvet::runtime {

namespace {

// A set of states, as bits.
constexpr unsigned bit(JobStatus status) noexcept {
  return 1U << static_cast<unsigned>(status);
}
constexpr unsigned set_of(std::initializer_list<JobStatus> states) noexcept {
  unsigned set = 0;
  for (const JobStatus status : states)
    set |= bit(status);
  return set;
}

} // namespace

std::string_view to_string(JobStatus status) noexcept {
  constexpr std::array<std::string_view, 10> names = {"created",   "running", "paused",  "ready",
                                                      "standby",   "waiting", "pending", "aborting",
                                                      "concluded", "null"};
  return names.at(static_cast<size_t>(status));
}

std::string_view to_string(JobVerb verb) noexcept {
  constexpr std::array<std::string_view, 7> names = {"cancel",   "pause",    "resume", "set-speed",
                                                     "complete", "finalize", "dismiss"};
  return names.at(static_cast<size_t>(verb));
}

bool allows(JobStatus status, JobVerb verb) noexcept {
  using enum JobStatus;
  constexpr unsigned at_work = set_of({created, running, paused, ready, standby});
  constexpr std::array<unsigned, 7> allowed = {at_work | set_of({waiting, pending}),
                                               at_work,
                                               at_work,
                                               at_work,
                                               set_of({ready}),
                                               set_of({pending}),
                                               set_of({concluded})};
  return (allowed.at(static_cast<size_t>(verb)) & bit(status)) != 0;
}

bool leads_to(JobStatus from, JobStatus to) noexcept {
  using enum JobStatus;
  constexpr std::array<unsigned, 10> next = {
      set_of({running, aborting, null}),
      set_of({paused, ready, waiting, aborting}),
      set_of({running}),
      set_of({standby, waiting, aborting}),
      set_of({ready}),
      set_of({pending, aborting}),
      set_of({aborting, concluded}),
      set_of({concluded}),
      set_of({null}),
      0,
  };
  return (next.at(static_cast<size_t>(from)) & bit(to)) != 0;
}

} // namespace lockvet::runtime
