// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The guest's memory as a front end has shared it: regions of files, mapped here, and addresses
// that are checked against them. A table is made by a session and does not change afterwards, so
// that queues of any context use it without a lock; each keeps it alive as long as it does.
//
// Nothing outside of the regions is ever reached. A file that its owner makes shorter would end the
// program by SIGBUS: a memfd is sealed against that if it can be, and what can't be sealed is
// refused if `Policy` says so.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_GUEST_MEMORY_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_GUEST_MEMORY_H

#include "runtime/aio/file_descriptor.h"
#include "runtime/export/vhost_user/protocol.h"

#include <expected>
#include <memory>
#include <span>
#include <string>
#include <sys/uio.h>
#include <vector>

namespace lockvet::runtime::vhost_user {

// A part of a file, mapped to be read and written. It unmaps it when it goes.
class SharedMapping {
public:
  // Whether a file may be used that can't be sealed, and so might be made shorter by others.
  enum class Policy { any, sealed_only };

  // Of a regular file that is long enough now. The error is a sentence.
  static std::expected<std::shared_ptr<const SharedMapping>, std::string>
  map(const FileDescriptor& file, uint64_t offset, uint64_t size, Policy policy);

  SharedMapping(const SharedMapping&) = delete;
  SharedMapping& operator=(const SharedMapping&) = delete;
  ~SharedMapping();

  std::byte* data() const { return begin_ + skipped_; }

private:
  SharedMapping(std::byte* begin, uint64_t mapped, uint64_t skipped)
      : begin_(begin), mapped_(mapped), skipped_(skipped) {}

  std::byte* const begin_;
  // Whole pages; the part that was asked for begins a little later.
  const uint64_t mapped_;
  const uint64_t skipped_;
};

class GuestMemory {
public:
  // The specification's limit for a table that comes in one message is 8.
  static constexpr size_t most_regions = 64;

  // This one and a region more, which must not overlap with others. The error is a sentence.
  std::expected<GuestMemory, std::string> with(const RegionDescription& description,
                                               const FileDescriptor& file,
                                               SharedMapping::Policy policy) const;
  // This one without the region of these addresses and this size.
  std::expected<GuestMemory, std::string> without(const RegionDescription& description) const;

  // Adds the pieces of memory that are at an address of the guest, of which there are several where
  // it goes over the end of a region. False if any of it is in none.
  bool add_pieces(uint64_t guest_address, uint64_t size, std::vector<iovec>& to) const;
  // One piece at an address of the guest, or nullptr.
  std::byte* at_guest_address(uint64_t address, uint64_t size) const;
  // One piece at an address of the front end's process, or nullptr.
  std::byte* at_user_address(uint64_t address, uint64_t size) const;

private:
  struct Region {
    RegionDescription description;
    std::shared_ptr<const SharedMapping> mapping;
  };

  const Region* region_of(uint64_t guest_address) const;

  std::vector<Region> regions_;
};

// Copies what a guest may change at any time, so that what is checked afterwards is the copy: the
// compiler does not look at the source again.
inline void copy_from_guest(void* to, const void* from, size_t bytes) {
  __builtin_memcpy(to, from, bytes);
  asm volatile("" ::: "memory");
}

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_GUEST_MEMORY_H
