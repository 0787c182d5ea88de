// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/id_set.h"

#include "analyzer/facts/bytes.h"

#include <algorithm>

namespace lockvet::store {
namespace {

/// Far above what a store can hold, and far below what would exhaust memory.
constexpr uint64_t kMaxId = uint64_t{1} << 28;

} // namespace

std::string encodeIds(std::vector<Id> ids) {
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  std::string bytes;
  Id after_last = 0;
  for (size_t i = 0; i != ids.size();) {
    const Id first = ids[i];
    Id count = 0;
    while (i != ids.size() && ids[i] == first + count) {
      ++i;
      ++count;
    }
    facts::appendVarint(bytes, first - after_last);
    facts::appendVarint(bytes, count);
    after_last = first + count;
  }
  return bytes;
}

bool forEachRun(llvm::StringRef bytes, llvm::function_ref<void(Id first, Id count)> callback) {
  facts::Decoder in(bytes);
  uint64_t after_last = 0;
  while (!in.atEnd()) {
    const uint64_t gap = in.number();
    const uint64_t count = in.number();
    if (in.failed() || gap > kMaxId || count > kMaxId || after_last + gap + count > kMaxId)
      return false;
    callback(static_cast<Id>(after_last + gap), static_cast<Id>(count));
    after_last += gap + count;
  }
  return !in.failed();
}

void IdBits::setRun(Id first, Id count) {
  const size_t end = size_t{first} + count;
  if (bits_.size() < end)
    bits_.resize(std::max(end, bits_.size() * 2));
  std::fill(bits_.begin() + first, bits_.begin() + static_cast<ptrdiff_t>(end), true);
}

void IdBits::forEach(llvm::function_ref<void(Id)> callback) const {
  for (Id id = 0; id != bits_.size(); ++id)
    if (bits_[id])
      callback(id);
}

} // namespace lockvet::store
