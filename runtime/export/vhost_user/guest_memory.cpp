// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/vhost_user/guest_memory.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>

namespace lockvet::runtime::vhost_user {

namespace {

// Linux' limit for a process on x86-64 is below; it keeps sums from overflowing.
constexpr uint64_t most_bytes = uint64_t{1} << 56;

std::unexpected<std::string> failed(const char* what) {
  return std::unexpected(std::string(what) + ": " + std::generic_category().message(errno));
}

// Whether nobody can make it shorter from now on.
bool seal_against_shrinking(int fd) {
  (void)fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK);
  const int seals = fcntl(fd, F_GET_SEALS);
  return seals >= 0 && (seals & F_SEAL_SHRINK) != 0;
}

// Files of huge pages are mapped by these, and say so.
uint64_t page_bytes_of(const struct stat& status) {
  constexpr uint64_t usual = 4096;
  constexpr uint64_t most = uint64_t{1} << 30;
  const auto bytes = static_cast<uint64_t>(status.st_blksize);
  const bool usable = bytes >= usual && bytes <= most && std::has_single_bit(bytes);
  return usable ? bytes : usual;
}

bool overlap(uint64_t left, uint64_t left_size, uint64_t right, uint64_t right_size) {
  return left < right + right_size && right < left + left_size;
}

bool overlap(const RegionDescription& left, const RegionDescription& right) {
  return overlap(left.guest_address, left.size, right.guest_address, right.size) ||
         overlap(left.user_address, left.size, right.user_address, right.size);
}

} // namespace

std::expected<std::shared_ptr<const SharedMapping>, std::string>
SharedMapping::map(const FileDescriptor& file, uint64_t offset, uint64_t size, Policy policy) {
  if (size == 0 || size > most_bytes || offset > most_bytes)
    return std::unexpected("a region of shared memory has no valid size and offset");
  const bool sealed = seal_against_shrinking(file.get());
  if (!sealed && policy == Policy::sealed_only)
    return std::unexpected("a region's file can't be sealed, so that it might become shorter");
  // After the seal, since it could be made shorter until then.
  struct stat status = {};
  if (fstat(file.get(), &status) != 0)
    return failed("can't look at the file of a region");
  if (!S_ISREG(status.st_mode) || static_cast<uint64_t>(status.st_size) < offset + size)
    return std::unexpected("the file of a region is no file or shorter than the region");
  const uint64_t page = page_bytes_of(status);
  const uint64_t skipped = offset % page;
  const uint64_t whole = (skipped + size + page - 1) / page * page;
  void* const begin = mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(),
                           static_cast<off_t>(offset - skipped));
  if (begin == MAP_FAILED)
    return failed("can't map a region");
  // A process that dumps its core is not to dump its guest's memory.
  (void)madvise(begin, whole, MADV_DONTDUMP);
  return std::shared_ptr<const SharedMapping>(
      new SharedMapping(static_cast<std::byte*>(begin), whole, skipped));
}

SharedMapping::~SharedMapping() {
  munmap(begin_, mapped_);
}

std::expected<GuestMemory, std::string> GuestMemory::with(const RegionDescription& description,
                                                          const FileDescriptor& file,
                                                          SharedMapping::Policy policy) const {
  if (regions_.size() == most_regions)
    return std::unexpected("the guest's memory has more than " + std::to_string(most_regions) +
                           " regions");
  if (description.size == 0 || description.size > most_bytes ||
      description.guest_address > most_bytes || description.user_address > UINT64_MAX - most_bytes)
    return std::unexpected("a region of the guest's memory has no valid size and addresses");
  if (std::ranges::any_of(
          regions_, [&](const Region& other) { return overlap(description, other.description); }))
    return std::unexpected("two regions of the guest's memory overlap");
  auto mapping = SharedMapping::map(file, description.mmap_offset, description.size, policy);
  if (!mapping)
    return std::unexpected(std::move(mapping.error()));
  GuestMemory made = *this;
  made.regions_.push_back({description, std::move(*mapping)});
  return made;
}

std::expected<GuestMemory, std::string>
GuestMemory::without(const RegionDescription& description) const {
  GuestMemory made = *this;
  const auto removed = std::erase_if(made.regions_, [&](const Region& region) {
    return region.description.guest_address == description.guest_address &&
           region.description.user_address == description.user_address &&
           region.description.size == description.size;
  });
  if (removed == 0)
    return std::unexpected("the region to remove is none of the guest's memory");
  return made;
}

const GuestMemory::Region* GuestMemory::region_of(uint64_t guest_address) const {
  // There are a few only, and the first is mostly it.
  for (const Region& region : regions_) {
    if (guest_address - region.description.guest_address < region.description.size)
      return &region;
  }
  return nullptr;
}

bool GuestMemory::add_pieces(uint64_t guest_address, uint64_t size, std::vector<iovec>& to) const {
  while (size > 0) {
    const Region* const region = region_of(guest_address);
    if (region == nullptr)
      return false;
    const uint64_t offset = guest_address - region->description.guest_address;
    const uint64_t part = std::min(size, region->description.size - offset);
    to.push_back({region->mapping->data() + offset, part});
    guest_address += part;
    size -= part;
  }
  return true;
}

std::byte* GuestMemory::at_guest_address(uint64_t address, uint64_t size) const {
  const Region* const region = region_of(address);
  if (region == nullptr)
    return nullptr;
  const uint64_t offset = address - region->description.guest_address;
  return size <= region->description.size - offset ? region->mapping->data() + offset : nullptr;
}

std::byte* GuestMemory::at_user_address(uint64_t address, uint64_t size) const {
  for (const Region& region : regions_) {
    const uint64_t offset = address - region.description.user_address;
    if (offset < region.description.size && size <= region.description.size - offset)
      return region.mapping->data() + offset;
  }
  return nullptr;
}

} // namespace lockvet::runtime::vhost_user
