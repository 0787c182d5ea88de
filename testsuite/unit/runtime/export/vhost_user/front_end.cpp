// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "front_end.h"

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace lockvet::runtime::vhost_user {

namespace {

void must(bool holds, const char* what) {
  if (holds)
    return;
  std::perror(what);
  std::abort();
}

uint16_t load(uint16_t& from) {
  return std::atomic_ref(from).load(std::memory_order_acquire);
}

void store(uint16_t& to, uint16_t value) {
  std::atomic_ref(to).store(value, std::memory_order_release);
}

bool becomes_readable(int fd, int milliseconds) {
  pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&waiting, 1, milliseconds) == 1;
}

} // namespace

// --- memory --------------------------------------------------------------------------------------

TestMemory::TestMemory(uint64_t bytes, bool sealable)
    : fd_(memfd_create("guest", MFD_CLOEXEC | (sealable ? MFD_ALLOW_SEALING : 0U))), bytes_(bytes) {
  must(ftruncate(fd_.get(), static_cast<off_t>(bytes)) == 0, "memory of a guest");
  void* const mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
  must(mapped != MAP_FAILED, "memory of a guest");
  memory_ = static_cast<std::byte*>(mapped);
}

TestMemory::~TestMemory() {
  munmap(memory_, bytes_);
}

uint64_t TestMemory::reserve(uint64_t bytes) {
  const uint64_t offset = reserved_;
  reserved_ += (bytes + 4095) / 4096 * 4096;
  must(reserved_ <= bytes_, "room in a guest");
  return offset;
}

// --- a ring --------------------------------------------------------------------------------------

DriverRing::DriverRing(TestMemory& memory, uint16_t size, bool event_index)
    : memory_(memory), size_(size), event_index_(event_index),
      descriptors_(memory.reserve(size * sizeof(vring_desc))),
      available_(memory.reserve(sizeof(vring_avail) + (size + 1UL) * 2)),
      used_(memory.reserve(sizeof(vring_used) + size * sizeof(vring_used_elem) + 2)),
      // One table for each head, of 16 descriptors.
      tables_(memory.reserve(size * 16UL * sizeof(vring_desc))),
      kick_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), call_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      error_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), taken_(size) {
  for (uint16_t index = size; index > 0; --index)
    free_.push_back(static_cast<uint16_t>(index - 1));
}

vring_desc& DriverRing::descriptor(uint16_t index) const {
  return reinterpret_cast<vring_desc*>(memory_.at(descriptors_))[index];
}
vring_avail& DriverRing::available_ring() const {
  return *reinterpret_cast<vring_avail*>(memory_.at(available_));
}
vring_used& DriverRing::used_ring() const {
  return *reinterpret_cast<vring_used*>(memory_.at(used_));
}

uint16_t& DriverRing::kick_event() const {
  return *reinterpret_cast<uint16_t*>(
      memory_.at(used_ + sizeof(vring_used) + size_ * sizeof(vring_used_elem)));
}

std::optional<uint16_t> DriverRing::add(std::span<const Segment> segments, bool indirect) {
  const size_t needed = indirect ? 1 : segments.size();
  if (free_.size() < needed)
    return std::nullopt;
  std::vector<uint16_t> indexes;
  for (size_t count = 0; count < needed; ++count) {
    indexes.push_back(free_.back());
    free_.pop_back();
  }
  const uint16_t head = indexes.front();
  const uint64_t table = tables_ + uint64_t{head} * 16 * sizeof(vring_desc);
  auto* const in_table = reinterpret_cast<vring_desc*>(memory_.at(table));
  for (size_t at = 0; at < segments.size(); ++at) {
    const Segment& segment = segments[at];
    const bool last = at + 1 == segments.size();
    vring_desc& to = indirect ? in_table[at] : descriptor(indexes[at]);
    to.addr = TestMemory::guest_base + segment.offset;
    to.len = segment.bytes;
    to.flags = static_cast<uint16_t>((segment.device_writes ? VRING_DESC_F_WRITE : 0) |
                                     (last ? 0 : VRING_DESC_F_NEXT));
    to.next = last ? uint16_t{0} : indirect ? static_cast<uint16_t>(at + 1) : indexes[at + 1];
  }
  if (indirect)
    descriptor(head) = {.addr = TestMemory::guest_base + table,
                        .len = static_cast<uint32_t>(segments.size() * sizeof(vring_desc)),
                        .flags = VRING_DESC_F_INDIRECT,
                        .next = 0};
  taken_[head] = std::move(indexes);
  store(available_ring().ring[next_available_ % size_], head);
  ++next_available_;
  return head;
}

bool DriverRing::publish() {
  const uint16_t before = published_;
  published_ = next_available_;
  store(available_ring().idx, published_);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!event_index_)
    return (load(used_ring().flags) & VRING_USED_F_NO_NOTIFY) == 0;
  return vring_need_event(load(kick_event()), published_, before) != 0;
}

std::optional<vring_used_elem> DriverRing::take() {
  if (load(used_ring().idx) == next_used_)
    return std::nullopt;
  vring_used_elem& from = used_ring().ring[next_used_ % size_];
  const vring_used_elem element{.id = std::atomic_ref(from.id).load(std::memory_order_relaxed),
                                .len = std::atomic_ref(from.len).load(std::memory_order_relaxed)};
  ++next_used_;
  must(element.id < size_ && !taken_[element.id].empty(), "a head that the device has got");
  for (const uint16_t index : taken_[element.id])
    free_.push_back(index);
  taken_[element.id].clear();
  return element;
}

bool DriverRing::ask_for_call() {
  if (event_index_)
    store(available_ring().ring[size_], next_used_);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return load(used_ring().idx) == next_used_;
}

uint16_t DriverRing::used_index() const {
  return load(used_ring().idx);
}

void DriverRing::kick() const {
  const uint64_t one = 1;
  must(write(kick_.get(), &one, sizeof one) == sizeof one, "kick");
}

bool DriverRing::wait_for_call(int milliseconds) const {
  if (!becomes_readable(call_.get(), milliseconds))
    return false;
  uint64_t count = 0;
  (void)!read(call_.get(), &count, sizeof count);
  return true;
}

bool DriverRing::has_error(int milliseconds) const {
  return becomes_readable(error_.get(), milliseconds);
}

// --- messages ------------------------------------------------------------------------------------

FrontEnd::FrontEnd(const std::string& path) : socket_(socket(AF_UNIX, SOCK_STREAM, 0)) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  must(connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0,
       "connect");
}

void FrontEnd::send(RequestType type, std::span<const std::byte> payload,
                    std::span<const int> descriptors, uint32_t flags) {
  const MessageHeader header{.request = static_cast<uint32_t>(type),
                             .flags = version | flags,
                             .size = static_cast<uint32_t>(payload.size())};
  std::array<iovec, 2> pieces{
      iovec{const_cast<MessageHeader*>(&header), sizeof header},
      iovec{const_cast<std::byte*>(payload.data()), payload.size()},
  };
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(32 * sizeof(int))> control = {};
  msghdr message = {};
  message.msg_iov = pieces.data();
  message.msg_iovlen = pieces.size();
  if (!descriptors.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* const first = CMSG_FIRSTHDR(&message);
    first->cmsg_level = SOL_SOCKET;
    first->cmsg_type = SCM_RIGHTS;
    first->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(first), descriptors.data(), descriptors.size_bytes());
  }
  // A back end that has gone is noticed by what it does not answer.
  (void)sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
}

std::optional<FrontEnd::Reply> FrontEnd::receive() {
  Reply reply;
  iovec piece{&reply.header, sizeof reply.header};
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control = {};
  msghdr message = {};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (recvmsg(socket_.get(), &message, MSG_WAITALL) != sizeof reply.header)
    return std::nullopt;
  if (const cmsghdr* const first = CMSG_FIRSTHDR(&message); first != nullptr) {
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(first), sizeof fd);
    reply.descriptor = FileDescriptor(fd);
  }
  reply.payload.resize(reply.header.size);
  if (!reply.payload.empty() && recv(socket_.get(), reply.payload.data(), reply.payload.size(),
                                     MSG_WAITALL) != static_cast<ssize_t>(reply.payload.size()))
    return std::nullopt;
  return reply;
}

uint64_t FrontEnd::ask(RequestType type) {
  send(type, std::span<const std::byte>(), {});
  const auto reply = receive();
  must(reply && reply->payload.size() == sizeof(uint64_t), "an answer");
  uint64_t number = 0;
  std::memcpy(&number, reply->payload.data(), sizeof number);
  return number;
}

std::optional<uint64_t> FrontEnd::acknowledged(RequestType type, std::span<const std::byte> payload,
                                               std::span<const int> descriptors) {
  send(type, payload, descriptors, flag_need_reply);
  const auto reply = receive();
  if (!reply || reply->payload.size() != sizeof(uint64_t) ||
      reply->header.request != static_cast<uint32_t>(type))
    return std::nullopt;
  uint64_t number = 0;
  std::memcpy(&number, reply->payload.data(), sizeof number);
  return number;
}

// --- what a front end does -----------------------------------------------------------------------

void FrontEnd::negotiate(uint64_t without_features, uint64_t without_protocol) {
  // Those that we know; others offer more.
  constexpr uint64_t known = (uint64_t{1} << VIRTIO_F_VERSION_1) | ((uint64_t{1} << 24) - 1) |
                             (uint64_t{1} << VIRTIO_RING_F_INDIRECT_DESC) |
                             (uint64_t{1} << VIRTIO_RING_F_EVENT_IDX) | feature_protocol_features;
  constexpr uint64_t known_protocol = protocol_multi_queue | protocol_reply_ack |
                                      protocol_backend_request | protocol_config |
                                      protocol_inflight | protocol_memory_slots;
  features_ = ask(RequestType::get_features) & known & ~without_features;
  if ((features_ & feature_protocol_features) != 0) {
    const uint64_t protocol =
        ask(RequestType::get_protocol_features) & known_protocol & ~without_protocol;
    send(RequestType::set_protocol_features, protocol);
  }
  send(RequestType::set_owner, std::span<const std::byte>(), {});
  send(RequestType::set_features, features_);
}

bool FrontEnd::share(const TestMemory& memory) {
  const struct {
    MemoryTableHead head;
    RegionDescription region;
  } table{.head = {.regions = 1, .padding = 0},
          .region = {.guest_address = TestMemory::guest_base,
                     .size = memory.size(),
                     .user_address = TestMemory::user_base,
                     .mmap_offset = 0}};
  const int fd = memory.fd();
  return set(RequestType::set_mem_table, table, {&fd, 1});
}

bool FrontEnd::start(uint16_t number, const DriverRing& ring, uint16_t base) {
  const uint32_t index = number;
  const RingAddresses addresses{.index = index,
                                .flags = 0,
                                .descriptors = TestMemory::user_base + ring.descriptors(),
                                .used = TestMemory::user_base + ring.used(),
                                .available = TestMemory::user_base + ring.available(),
                                .log = 0};
  const uint64_t event = number;
  const std::array<int, 3> fds{ring.kick_fd(), ring.call_fd(), ring.error_fd()};
  bool good = set(RequestType::set_vring_num, RingState{index, ring.size()});
  good &= set(RequestType::set_vring_base, RingState{index, base});
  good &= set(RequestType::set_vring_addr, addresses);
  good &= set(RequestType::set_vring_err, event, std::span(fds).subspan(2, 1));
  good &= set(RequestType::set_vring_call, event, std::span(fds).subspan(1, 1));
  good &= set(RequestType::set_vring_kick, event, std::span(fds).first(1));
  if ((features_ & feature_protocol_features) != 0)
    good &= set(RequestType::set_vring_enable, RingState{index, 1});
  return good;
}

uint16_t FrontEnd::stop(uint16_t number) {
  send(RequestType::get_vring_base, RingState{number, 0});
  const auto reply = receive();
  must(reply && reply->payload.size() == sizeof(RingState), "where a ring has stopped");
  RingState state = {};
  std::memcpy(&state, reply->payload.data(), sizeof state);
  return static_cast<uint16_t>(state.number);
}

virtio_blk_config FrontEnd::config() {
  struct {
    ConfigHead head;
    virtio_blk_config config;
  } wanted = {};
  // Devices without secure erase end before its fields.
  wanted.head.size = offsetof(virtio_blk_config, max_secure_erase_sectors);
  const auto bytes =
      std::as_writable_bytes(std::span(&wanted, 1)).first(sizeof wanted.head + wanted.head.size);
  send(RequestType::get_config, std::span<const std::byte>(bytes), {});
  const auto reply = receive();
  must(reply && reply->payload.size() == bytes.size(), "a configuration");
  std::memcpy(bytes.data(), reply->payload.data(), bytes.size());
  return wanted.config;
}

bool FrontEnd::set_writeback(uint8_t writeback) {
  const struct {
    ConfigHead head;
    uint8_t value;
    uint8_t padding[3];
  } wanted{.head = {.offset = offsetof(virtio_blk_config, wce), .size = 1, .flags = 0},
           .value = writeback,
           .padding = {}};
  return acknowledged(RequestType::set_config,
                      std::as_bytes(std::span(&wanted, 1)).first(sizeof wanted.head + 1)) == 0;
}

FileDescriptor FrontEnd::get_inflight(uint16_t queues, uint16_t queue_size) {
  send(RequestType::get_inflight_fd, InflightDescription{0, 0, queues, queue_size, 0});
  auto reply = receive();
  must(reply && reply->payload.size() == sizeof(InflightDescription), "requests in flight");
  return std::move(reply->descriptor);
}

bool FrontEnd::set_inflight(const FileDescriptor& file, uint16_t queues, uint16_t queue_size) {
  const uint64_t size = static_cast<uint64_t>(lseek(file.get(), 0, SEEK_END));
  const int fd = file.get();
  return set(RequestType::set_inflight_fd, InflightDescription{size, 0, queues, queue_size, 0},
             {&fd, 1});
}

// --- a driver ------------------------------------------------------------------------------------

BlockDriver::BlockDriver(TestMemory& memory, DriverRing& ring, unsigned slots)
    : memory_(memory), ring_(ring), headers_(memory.reserve(uint64_t{slots} * 32)),
      data_(memory.reserve(uint64_t{slots} * slot_bytes)), slot_of_head_(ring.size()) {}

uint8_t BlockDriver::status(unsigned slot) const {
  return static_cast<uint8_t>(*memory_.at(headers_ + slot * 32UL + 16));
}

bool BlockDriver::add(unsigned slot, uint32_t type, uint64_t sector, uint32_t bytes,
                      unsigned pieces, bool indirect) {
  const uint64_t place = headers_ + slot * 32UL;
  const virtio_blk_outhdr header{.type = type, .ioprio = 0, .sector = sector};
  std::memcpy(memory_.at(place), &header, sizeof header);
  *memory_.at(place + sizeof header) = std::byte{0xff};
  const bool reads = type == VIRTIO_BLK_T_IN || type == VIRTIO_BLK_T_GET_ID;
  std::vector<Segment> segments{{place, sizeof header, false}};
  const uint32_t piece = bytes / pieces;
  for (unsigned index = 0; index < pieces && bytes > 0; ++index) {
    const uint32_t at = index * piece;
    const uint32_t length = index + 1 == pieces ? bytes - at : piece;
    segments.push_back({data_ + uint64_t{slot} * slot_bytes + at, length, reads});
  }
  segments.push_back({place + sizeof header, 1, true});
  const auto head = ring_.add(segments, indirect);
  if (head)
    slot_of_head_[*head] = slot;
  return head.has_value();
}

void BlockDriver::submit() {
  if (ring_.publish())
    ring_.kick();
}

std::optional<unsigned> BlockDriver::completed() {
  const auto element = ring_.take();
  if (!element)
    return std::nullopt;
  last_written_ = element->len;
  return slot_of_head_[element->id];
}

std::optional<unsigned> BlockDriver::wait() {
  while (true) {
    if (const auto slot = completed())
      return slot;
    if (ring_.ask_for_call() && !ring_.wait_for_call())
      return std::nullopt;
  }
}

uint8_t BlockDriver::run(uint32_t type, uint64_t sector, uint32_t bytes, unsigned pieces,
                         bool indirect) {
  must(add(0, type, sector, bytes, pieces, indirect), "room for one request");
  submit();
  must(wait().has_value(), "one request is done");
  return status(0);
}

} // namespace lockvet::runtime::vhost_user
