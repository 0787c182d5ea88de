// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/dirty_bitmap.h"

#include "runtime/coroutine/checks.h"

#include <algorithm>

namespace lockvet::runtime {

DirtyBitmap::DirtyBitmap(std::string name, uint64_t length, uint64_t granularity)
    : name_(std::move(name)), shift_(static_cast<unsigned>(std::countr_zero(granularity))) {
  if (!is_granularity(granularity))
    misuse("the dirty bitmap '" + name_ + "' is made with a granularity of " +
           std::to_string(granularity) + " bytes.");
  resize(length);
}

DirtyBitmap::~DirtyBitmap() {
  for (const auto& segment : segments_)
    delete[] segment.load(std::memory_order_relaxed);
}

DirtyBitmap::Granules DirtyBitmap::touched(uint64_t offset, uint64_t size) const noexcept {
  const uint64_t length = this->length();
  if (offset >= length || size == 0)
    return {0, 0};
  return {offset >> shift_, granules(offset + std::min(size, length - offset))};
}

template <typename Body> void DirtyBitmap::for_each_word(Granules granules, Body&& body) const {
  for (uint64_t granule = granules.first; granule < granules.end;) {
    const uint64_t number = granule / word_bits;
    const uint64_t end = std::min(granules.end, (number + 1) * word_bits);
    const uint64_t count = end - granule;
    const uint64_t ones = count == word_bits ? ~uint64_t{0} : (uint64_t{1} << count) - 1;
    body(word(number), number, ones << (granule % word_bits));
    granule = end;
  }
}

void DirtyBitmap::set_granules(Granules granules) noexcept {
  for_each_word(granules, [&](Word& word, uint64_t, uint64_t mask) {
    // Also where all are set already: who clears them next has to see the data that was written
    // before, which it does by taking its turn behind this.
    const uint64_t before = word.fetch_or(mask, std::memory_order_acq_rel);
    if (const int added = std::popcount(mask & ~before))
      bits_.fetch_add(added, std::memory_order_acq_rel);
  });
}

void DirtyBitmap::clear_granules(Granules granules) noexcept {
  for_each_word(granules, [&](Word& word, uint64_t, uint64_t mask) {
    if ((word.load(std::memory_order_relaxed) & mask) == 0)
      return;
    const uint64_t before = word.fetch_and(~mask, std::memory_order_acq_rel);
    if (const int removed = std::popcount(mask & before))
      bits_.fetch_sub(removed, std::memory_order_acq_rel);
  });
}

void DirtyBitmap::set(uint64_t offset, uint64_t size) noexcept {
  set_granules(touched(offset, size));
}

void DirtyBitmap::clear(uint64_t offset, uint64_t size) noexcept {
  clear_granules(touched(offset, size));
}

uint64_t DirtyBitmap::find(uint64_t granule, uint64_t end, bool dirty) const noexcept {
  uint64_t found = end;
  while (granule < end) {
    const uint64_t number = granule / word_bits;
    uint64_t bits = word(number).load(std::memory_order_acquire);
    if (!dirty)
      bits = ~bits;
    bits &= ~uint64_t{0} << (granule % word_bits);
    if (bits != 0) {
      found = number * word_bits + static_cast<unsigned>(std::countr_zero(bits));
      break;
    }
    granule = (number + 1) * word_bits;
  }
  return std::min(found, end);
}

std::optional<DirtyBitmap::Area> DirtyBitmap::next_dirty(uint64_t offset, uint64_t end,
                                                         uint64_t most) const noexcept {
  end = std::min(end, length());
  if (offset >= end || most == 0)
    return std::nullopt;
  const uint64_t behind = granules(end);
  const uint64_t first = find(offset >> shift_, behind, true);
  if (first == behind)
    return std::nullopt;
  const uint64_t begin = std::max(offset, first << shift_);
  const uint64_t limit = most < end - begin ? begin + most : end;
  const uint64_t clean = find(first, granules(limit), false);
  return Area{begin, std::min(limit, clean << shift_) - begin};
}

void DirtyBitmap::merge(const DirtyBitmap& other) noexcept {
  for (auto area = other.next_dirty(0, other.length()); area;
       area = other.next_dirty(area->end(), other.length()))
    set(area->offset, area->size);
}

void DirtyBitmap::take_from(DirtyBitmap& other) noexcept {
  other.for_each_word(other.touched(0, other.length()), [&](Word& word, uint64_t number, uint64_t) {
    if (word.load(std::memory_order_relaxed) == 0)
      return;
    uint64_t bits = word.exchange(0, std::memory_order_acq_rel);
    other.bits_.fetch_sub(std::popcount(bits), std::memory_order_acq_rel);
    while (bits != 0) {
      const auto first = static_cast<unsigned>(std::countr_zero(bits));
      const auto count = static_cast<unsigned>(std::countr_one(bits >> first));
      set((number * word_bits + first) << other.shift_, uint64_t{count} << other.shift_);
      bits &= count == word_bits ? 0 : ~(((uint64_t{1} << count) - 1) << first);
    }
  });
}

void DirtyBitmap::add_bits_to_word(uint64_t number, uint64_t bits) noexcept {
  const uint64_t end = granules(length());
  const uint64_t first = number * word_bits;
  if (bits == 0 || first >= end)
    return;
  for_each_word({first, std::min(end, first + word_bits)},
                [&](Word& word, uint64_t, uint64_t mask) {
                  const uint64_t before = word.fetch_or(bits & mask, std::memory_order_acq_rel);
                  bits_.fetch_add(std::popcount(bits & mask & ~before), std::memory_order_acq_rel);
                });
}

void DirtyBitmap::resize(uint64_t length) {
  ThreadLock lock(growth_);
  set_length(length);
}

void DirtyBitmap::grow(uint64_t length) {
  ThreadLock lock(growth_);
  // Another may have made it longer than that.
  if (length > this->length())
    set_length(length);
}

void DirtyBitmap::set_length(uint64_t length) {
  const uint64_t before = this->length();
  if (length < before)
    // The granule in which it ends keeps its bit.
    clear_granules({granules(length), granules(before)});
  const uint64_t words = granules(length) / word_bits + 1;
  for (unsigned segment = 0; start_of(segment) < words; ++segment) {
    std::atomic<Word*>& place = segments_.at(segment);
    if (place.load(std::memory_order_relaxed) == nullptr)
      place.store(new Word[first_segment_words << segment](), std::memory_order_release);
  }
  length_.store(length, std::memory_order_release);
}

} // namespace lockvet::runtime
