// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/vhost_user/inflight_region.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <system_error>

namespace lockvet::runtime::vhost_user {

namespace {

constexpr uint64_t alignment = 64;
constexpr uint16_t version_of_layout = 1;

// A process that dies leaves memory as its instructions have written it: the compiler must not move
// them, and no more is needed.
void in_this_order() {
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

} // namespace

// --- one ring ------------------------------------------------------------------------------------

uint64_t InflightRegion::bytes_for(uint32_t ring_size) {
  const uint64_t bytes = sizeof(Header) + uint64_t{ring_size} * sizeof(Descriptor);
  return (bytes + alignment - 1) / alignment * alignment;
}

InflightRegion::InflightRegion(std::byte* memory, uint32_t ring_size)
    : header_(reinterpret_cast<Header*>(memory)),
      descriptors_(reinterpret_cast<Descriptor*>(memory + sizeof(Header))), size_(ring_size) {
  batch_.reserve(ring_size);
}

std::expected<std::vector<uint16_t>, std::string> InflightRegion::recover(uint16_t used_index) {
  Header header;
  copy_from_guest(&header, header_, sizeof header);
  if (header.version == 0) {
    header = {.features = 0,
              .version = version_of_layout,
              .descriptors = static_cast<uint16_t>(size_),
              .last_batch_head = 0,
              .used_index = used_index};
    *header_ = header;
    return {};
  }
  if (header.version != version_of_layout || header.descriptors != size_)
    return std::unexpected("the record of requests in flight is of another version or size");
  // A predecessor that died after it had published a batch, before it had noted that.
  const auto batch = static_cast<uint16_t>(used_index - header.used_index);
  if (batch > size_)
    return std::unexpected("the record of requests in flight does not fit the ring");
  uint16_t head = header.last_batch_head;
  for (uint16_t left = batch; left > 0; --left) {
    if (head >= size_)
      return std::unexpected("the record of requests in flight names one that can't be");
    descriptors_[head].inflight = 0;
    copy_from_guest(&head, &descriptors_[head].next, sizeof head);
  }
  in_this_order();
  header_->used_index = used_index;

  std::vector<std::pair<uint64_t, uint16_t>> found;
  for (uint32_t index = 0; index < size_; ++index) {
    Descriptor descriptor;
    copy_from_guest(&descriptor, descriptors_ + index, sizeof descriptor);
    if (descriptor.inflight == 0)
      continue;
    found.emplace_back(descriptor.counter, static_cast<uint16_t>(index));
    counter_ = std::max(counter_, descriptor.counter + 1);
  }
  std::ranges::sort(found);
  std::vector<uint16_t> heads;
  heads.reserve(found.size());
  for (const auto& [counter, one] : found)
    heads.push_back(one);
  return heads;
}

void InflightRegion::begin(uint16_t head) {
  descriptors_[head].counter = counter_++;
  in_this_order();
  descriptors_[head].inflight = 1;
  in_this_order();
}

void InflightRegion::complete(uint16_t head) {
  descriptors_[head].next = header_->last_batch_head;
  in_this_order();
  header_->last_batch_head = head;
  batch_.push_back(head);
  in_this_order();
}

void InflightRegion::batch_published(uint16_t used_index) {
  in_this_order();
  for (const uint16_t head : batch_)
    descriptors_[head].inflight = 0;
  batch_.clear();
  in_this_order();
  header_->used_index = used_index;
}

// --- the file ------------------------------------------------------------------------------------

struct InflightFile::Own {
  uint64_t magic;
  uint8_t write_through;
};

namespace {

constexpr uint64_t own_magic = 0x6c76'696e'666c'6967;

} // namespace

uint64_t InflightFile::bytes_for(uint16_t queues, uint16_t queue_size) {
  return queues * InflightRegion::bytes_for(queue_size) + alignment;
}

std::expected<FileDescriptor, std::string> InflightFile::create(uint16_t queues,
                                                                uint16_t queue_size) {
  FileDescriptor file(memfd_create("vhost-user-inflight", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file.valid() ||
      ftruncate(file.get(), static_cast<off_t>(bytes_for(queues, queue_size))) != 0 ||
      fcntl(file.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    return std::unexpected("no memory for requests in flight: " +
                           std::generic_category().message(errno));
  const Own own{.magic = own_magic, .write_through = 0};
  const uint64_t offset = queues * InflightRegion::bytes_for(queue_size);
  if (pwrite(file.get(), &own, sizeof own, static_cast<off_t>(offset)) != sizeof own)
    return std::unexpected("no memory for requests in flight: " +
                           std::generic_category().message(errno));
  return file;
}

std::expected<InflightFile, std::string> InflightFile::open(const FileDescriptor& file,
                                                            const InflightDescription& description,
                                                            SharedMapping::Policy policy) {
  const uint64_t rings = description.queues * InflightRegion::bytes_for(description.queue_size);
  if (description.queues == 0 || description.queue_size == 0 || description.mmap_size < rings ||
      description.mmap_offset % alignment != 0)
    return std::unexpected("the memory for requests in flight has no valid size and offset");
  auto mapping = SharedMapping::map(file, description.mmap_offset, description.mmap_size, policy);
  if (!mapping)
    return std::unexpected(std::move(mapping.error()));
  InflightFile opened(std::move(*mapping), description);
  if (description.mmap_size >= rings + sizeof(Own))
    opened.has_own_part_ = opened.own().magic == own_magic;
  return opened;
}

InflightRegion InflightFile::region(uint16_t queue) const {
  return {mapping_->data() + queue * InflightRegion::bytes_for(queue_size_), queue_size_};
}

InflightFile::Own& InflightFile::own() const {
  return *reinterpret_cast<Own*>(mapping_->data() +
                                 queues_ * InflightRegion::bytes_for(queue_size_));
}

bool InflightFile::write_through() const {
  return has_own_part_ && own().write_through != 0;
}

void InflightFile::set_write_through(bool write_through) const {
  if (has_own_part_)
    own().write_through = write_through ? 1 : 0;
}

} // namespace lockvet::runtime::vhost_user
