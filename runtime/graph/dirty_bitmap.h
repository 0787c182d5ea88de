// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which parts of a disk have been written since some moment: a bit for each so many bytes. A node
// marks what requests have changed in those that it has, which are shared with who reads them, such
// as an export or a backup; a job has some of its own. Bits are set, cleared and looked for in any
// thread, without a lock.
//
// A bit is set after the data has been written. So who clears a bit before it reads the data either
// reads what was written, or finds the bit set again.

#ifndef LOCKVET_RUNTIME_GRAPH_DIRTY_BITMAP_H
#define LOCKVET_RUNTIME_GRAPH_DIRTY_BITMAP_H

#include "runtime/coroutine/thread_mutex.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace lockvet::runtime {

class DirtyBitmap {
public:
  static constexpr uint64_t least_granularity = 512;
  static constexpr uint64_t most_granularity = uint64_t{1} << 31;

  // A power of two within these.
  static constexpr bool is_granularity(uint64_t bytes) noexcept {
    return std::has_single_bit(bytes) && bytes >= least_granularity && bytes <= most_granularity;
  }

  // A part of the disk, in bytes.
  struct Area {
    uint64_t offset;
    uint64_t size;

    uint64_t end() const noexcept { return offset + size; }
    bool operator==(const Area&) const = default;
  };

  // Of a disk of that length, all clean, and enabled. The granularity is what is_granularity()
  // takes; both are in bytes.
  DirtyBitmap(std::string name, uint64_t length, uint64_t granularity);
  DirtyBitmap(const DirtyBitmap&) = delete;
  DirtyBitmap& operator=(const DirtyBitmap&) = delete;
  ~DirtyBitmap();

  const std::string& name() const noexcept { return name_; }
  uint64_t granularity() const noexcept { return uint64_t{1} << shift_; }

  // --- from any thread ---

  uint64_t length() const noexcept { return length_.load(std::memory_order_acquire); }
  // Whether its node marks what is written.
  bool enabled() const noexcept { return enabled_.load(std::memory_order_relaxed); }
  void set_enabled(bool enabled) noexcept { enabled_.store(enabled, std::memory_order_relaxed); }

  // Whether a job has it for itself; see node_bitmaps.h.
  bool busy() const noexcept { return busy_.load(std::memory_order_relaxed); }
  void set_busy(bool busy) noexcept { busy_.store(busy, std::memory_order_relaxed); }

  // Whether the image of its node keeps it, and it is loaded when that is opened again.
  bool persistent() const noexcept { return persistent_.load(std::memory_order_relaxed); }
  void set_persistent(bool persistent) noexcept {
    persistent_.store(persistent, std::memory_order_relaxed);
  }
  // Whether its image can't be written to, so that what would change would be forgotten.
  bool read_only() const noexcept { return read_only_.load(std::memory_order_relaxed); }
  void set_read_only(bool read_only) noexcept {
    read_only_.store(read_only, std::memory_order_relaxed);
  }
  // Whether its bits are lost, since who had it in memory was killed. It has no length, and can
  // only be removed.
  bool inconsistent() const noexcept { return inconsistent_.load(std::memory_order_relaxed); }
  void set_inconsistent() noexcept { inconsistent_.store(true, std::memory_order_relaxed); }

  // All granules that the range touches. What is behind the length has none.
  void set(uint64_t offset, uint64_t size) noexcept;
  void clear(uint64_t offset, uint64_t size) noexcept;
  void clear_all() noexcept { clear(0, length()); }
  // Whether any granule that the range touches is dirty.
  bool dirty(uint64_t offset, uint64_t size) const noexcept {
    return next_dirty(offset, offset + size, 1).has_value();
  }
  // How many bytes are dirty, in whole granules.
  uint64_t count() const noexcept {
    return static_cast<uint64_t>(std::max<int64_t>(bits_.load(std::memory_order_acquire), 0))
           << shift_;
  }

  // The first dirty area in a range, which is cut off at the end of the range and after `most`
  // bytes. It begins at a granule, or where the range does.
  std::optional<Area>
  next_dirty(uint64_t offset, uint64_t end,
             uint64_t most = std::numeric_limits<uint64_t>::max()) const noexcept;

  // What is dirty there becomes dirty here, too. Granularities may differ.
  void merge(const DirtyBitmap& other) noexcept;
  // The same, and is clean there then: a bit that is set meanwhile is in one of the two.
  void take_from(DirtyBitmap& other) noexcept;

  // As an image keeps it: the bits of 64 granules each, the first in the lowest bit.
  uint64_t words() const noexcept { return (granules(length()) + word_bits - 1) / word_bits; }
  uint64_t bits_of_word(uint64_t number) const noexcept {
    return word(number).load(std::memory_order_acquire);
  }
  // What is behind the length is left out.
  void add_bits_to_word(uint64_t number, uint64_t bits) noexcept;

  // The disk is longer, which is clean, or shorter. Others may set bits meanwhile.
  void resize(uint64_t length);
  // It is at least that long.
  void grow_to(uint64_t length) {
    if (length > this->length()) [[unlikely]]
      grow(length);
  }

private:
  using Word = std::atomic<uint64_t>;
  static constexpr unsigned word_bits = 64;
  static constexpr uint64_t first_segment_words = 64;

  // Words are in segments, each of which has twice as many as the one before, so that more of them
  // can be added while others are in use.
  static constexpr unsigned segment_of(uint64_t word) noexcept {
    return static_cast<unsigned>(std::bit_width(word / first_segment_words + 1)) - 1;
  }
  static constexpr uint64_t start_of(unsigned segment) noexcept {
    return first_segment_words * ((uint64_t{1} << segment) - 1);
  }
  Word& word(uint64_t number) const noexcept {
    const unsigned segment = segment_of(number);
    return segments_.at(segment).load(std::memory_order_acquire)[number - start_of(segment)];
  }

  uint64_t granules(uint64_t bytes) const noexcept {
    return (bytes >> shift_) + ((bytes & (granularity() - 1)) != 0);
  }
  // The first and the one behind the last granule of what is in the disk of a range.
  struct Granules {
    uint64_t first;
    uint64_t end;
  };
  void set_length(uint64_t length) LV_REQUIRES(growth_);
  void grow(uint64_t length);
  Granules touched(uint64_t offset, uint64_t size) const noexcept;
  // Calls `body` with each word that has some of the granules, and these as bits.
  template <typename Body> void for_each_word(Granules granules, Body&& body) const;
  // The first granule from there on that is dirty or clean, or the end.
  uint64_t find(uint64_t granule, uint64_t end, bool dirty) const noexcept;
  void set_granules(Granules granules) noexcept;
  void clear_granules(Granules granules) noexcept;

  const std::string name_;
  const unsigned shift_;
  std::atomic<bool> enabled_ = true;
  std::atomic<bool> busy_ = false;
  std::atomic<bool> persistent_ = false;
  std::atomic<bool> read_only_ = false;
  std::atomic<bool> inconsistent_ = false;
  std::atomic<uint64_t> length_ = 0;
  // How many are set. Below zero for a moment, where a bit is cleared before it is counted.
  std::atomic<int64_t> bits_ = 0;
  ThreadMutex growth_;
  std::array<std::atomic<Word*>, 56> segments_{};
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_DIRTY_BITMAP_H
