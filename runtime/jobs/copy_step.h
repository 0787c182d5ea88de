// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How jobs copy: a little at a time, zeroes as zeroes, and what a base shows anyway not at all. For
// coroutines that hold the graph lock, and see to it that nobody changes the range meanwhile in a
// way that they would not notice.

#ifndef LOCKVET_RUNTIME_JOBS_COPY_STEP_H
#define LOCKVET_RUNTIME_JOBS_COPY_STEP_H

#include "runtime/graph/chain_status.h"
#include "runtime/jobs/job_control.h"

#include <span>

namespace lockvet::runtime {

// At most so much data is read and written at once, and so much is made zero or passed over, in
// bytes. Requests of guests to the same place wait for no more than one of these.
inline constexpr size_t most_copied_at_once = size_t{64} * 1024;
inline constexpr uint64_t most_zeroed_at_once = uint64_t{1} << 20;

// Of the edge of a job's filter to where it copies; see insert_filter().
inline constexpr std::string_view job_target_name = "target";

struct CopyRoute {
  Edge& from;
  Edge& to;
  // What it shows is not copied; see co_status_of_chain(). nullptr if all is.
  const Node* base;
};

struct CopyStep {
  enum class Kind : uint8_t { skipped, zeroes, data };

  // How many from the offset on are done. None if there is data and the range is longer than the
  // buffer: the caller holds less, and comes again.
  uint64_t bytes;
  Kind kind;
};

// Copies the begin of a range, which is not empty.
std::expected<CopyStep, JobFailure> LV_COROUTINE_FN LV_GRAPH_RDLOCK
co_copy_step(const CopyRoute& route, uint64_t offset, uint64_t size, std::span<std::byte> buffer);

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_COPY_STEP_H
