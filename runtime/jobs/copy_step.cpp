// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/copy_step.h"

#include <algorithm>

namespace lockvet::runtime {

std::expected<CopyStep, JobFailure> co_copy_step(const CopyRoute& route, uint64_t offset,
                                                 uint64_t size, std::span<std::byte> buffer) {
  const auto status = co_status_of_chain(route.from, offset, size, route.base);
  if (!status)
    return std::unexpected(JobFailure{true, status.error()});
  const uint64_t length = std::min(status->length, size);
  if (route.base != nullptr && !status->allocated)
    return CopyStep{length, CopyStep::Kind::skipped};
  if (status->zero) {
    const uint64_t zeroes = std::min(length, most_zeroed_at_once);
    const auto error = route.to.co_pwrite_zeroes(
        offset, zeroes, RequestFlags::may_unmap | RequestFlags::no_fallback);
    if (!error)
      return CopyStep{zeroes, CopyStep::Kind::zeroes};
    if (error != std::errc::not_supported)
      return std::unexpected(JobFailure{false, error});
  }
  if (size > buffer.size())
    return CopyStep{0, CopyStep::Kind::data};
  const IoVector data(buffer.data(), length);
  if (const auto error = route.from.co_preadv(offset, data))
    return std::unexpected(JobFailure{true, error});
  if (const auto error = route.to.co_pwritev(offset, data))
    return std::unexpected(JobFailure{false, error});
  return CopyStep{length, CopyStep::Kind::data};
}

} // namespace lockvet::runtime
