// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "testsuite/unit/runtime/qcow2/crash_replay.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

void apply(Bytes& file, const MemoryFile::Event& event, std::mt19937_64* torn) {
  if (event.kind == MemoryFile::Event::Kind::truncate) {
    file.resize(event.offset);
    return;
  }
  if (event.kind == MemoryFile::Event::Kind::flush)
    return;
  constexpr uint64_t sector = 512;
  if (file.size() < event.offset + event.data.size())
    file.resize(event.offset + event.data.size());
  for (uint64_t at = 0; at < event.data.size();) {
    const uint64_t bytes =
        std::min<uint64_t>(sector - (event.offset + at) % sector, event.data.size() - at);
    if (torn == nullptr || (*torn)() % 2 == 0)
      std::copy_n(event.data.begin() + static_cast<ptrdiff_t>(at), bytes,
                  file.begin() + static_cast<ptrdiff_t>(event.offset + at));
    at += bytes;
  }
}

Bytes crashed(Bytes stable, std::span<const MemoryFile::Event> since, std::mt19937_64& random,
              int variant) {
  for (const MemoryFile::Event& event : since) {
    // All that was begun; any of it; any sectors of it.
    if (variant == 1 && random() % 2 == 0)
      continue;
    apply(stable, event, variant == 2 ? &random : nullptr);
  }
  return stable;
}

} // namespace lockvet::runtime::qcow2
