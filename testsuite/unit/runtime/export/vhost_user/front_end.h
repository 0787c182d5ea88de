// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A vhost-user front end and its guest's driver, for tests and benchmarks: memory in a memfd,
// messages over the socket, and split rings as a driver writes them. It blocks its thread; a ring
// is used by one thread at a time, and several rings may be by several.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_VHOST_USER_FRONT_END_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_VHOST_USER_FRONT_END_H

#include "runtime/aio/file_descriptor.h"
#include "runtime/export/vhost_user/protocol.h"
#include "runtime/export/vhost_user/virtio.h"

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lockvet::runtime::vhost_user {

// A guest's memory: a memfd, and where guest and front end have it. Outlives those that use it, as
// a guest outlives a connection.
class TestMemory {
public:
  static constexpr uint64_t guest_base = 0x4000'0000;
  static constexpr uint64_t user_base = 0x7f00'0000'0000;

  explicit TestMemory(uint64_t bytes, bool sealable = true);
  TestMemory(const TestMemory&) = delete;
  TestMemory& operator=(const TestMemory&) = delete;
  ~TestMemory();

  int fd() const { return fd_.get(); }
  uint64_t size() const { return bytes_; }
  std::byte* at(uint64_t offset) const { return memory_ + offset; }
  // The next part that nobody has; aligned to pages.
  uint64_t reserve(uint64_t bytes);

private:
  FileDescriptor fd_;
  std::byte* memory_;
  uint64_t bytes_;
  uint64_t reserved_ = 0;
};

// A part of the memory as a descriptor has it.
struct Segment {
  uint64_t offset = 0;
  uint32_t bytes = 0;
  bool device_writes = false;
};

// The driver's side of a ring. It outlives connections, as a guest's does.
class DriverRing {
public:
  DriverRing(TestMemory& memory, uint16_t size, bool event_index);

  // Puts a chain into the ring, as a table of its own if it is to be indirect, and returns its
  // head; none if there are not enough descriptors free.
  std::optional<uint16_t> add(std::span<const Segment> segments, bool indirect = false);
  // Shows the device what was added; whether it wants to be kicked.
  bool publish();
  // The next that the device has put back.
  std::optional<vring_used_elem> take();
  // Asks to be called when there is something to take; false if there is already.
  bool ask_for_call();

  int kick_fd() const { return kick_.get(); }
  int call_fd() const { return call_.get(); }
  int error_fd() const { return error_.get(); }
  void kick() const;
  // Until it is called, or for so long at most.
  bool wait_for_call(int milliseconds = 20000) const;
  bool has_error(int milliseconds = 20000) const;

  uint16_t size() const { return size_; }
  uint64_t descriptors() const { return descriptors_; }
  uint64_t available() const { return available_; }
  uint64_t used() const { return used_; }
  uint16_t used_index() const;
  uint16_t next_available() const { return next_available_; }

  // To write there what a driver must not.
  vring_desc& descriptor(uint16_t index) const;
  vring_avail& available_ring() const;
  vring_used& used_ring() const;
  // From which index on the device wants to be kicked.
  uint16_t& kick_event() const;

private:
  TestMemory& memory_;
  const uint16_t size_;
  const bool event_index_;
  // Offsets in the memory.
  uint64_t descriptors_;
  uint64_t available_;
  uint64_t used_;
  uint64_t tables_;
  FileDescriptor kick_;
  FileDescriptor call_;
  FileDescriptor error_;
  std::vector<uint16_t> free_;
  // How many descriptors each head has.
  std::vector<std::vector<uint16_t>> taken_;
  uint16_t next_available_ = 0;
  uint16_t published_ = 0;
  uint16_t next_used_ = 0;
};

class FrontEnd {
public:
  struct Reply {
    MessageHeader header = {};
    std::vector<std::byte> payload;
    FileDescriptor descriptor;
  };

  explicit FrontEnd(const std::string& path);

  int fd() const { return socket_.get(); }

  // --- messages ---

  void send(RequestType type, std::span<const std::byte> payload, std::span<const int> descriptors,
            uint32_t flags = 0);
  template <typename Value>
  void send(RequestType type, const Value& value, std::span<const int> descriptors = {}) {
    send(type, std::as_bytes(std::span(&value, 1)), descriptors);
  }
  // None if the back end has gone.
  std::optional<Reply> receive();
  // The number that answers it.
  uint64_t ask(RequestType type);
  // The acknowledgement: zero if all is well; none if the back end has gone.
  std::optional<uint64_t> acknowledged(RequestType type, std::span<const std::byte> payload,
                                       std::span<const int> descriptors = {});
  template <typename Value>
  bool set(RequestType type, const Value& value, std::span<const int> descriptors = {}) {
    return acknowledged(type, std::as_bytes(std::span(&value, 1)), descriptors) == 0;
  }
  // Whether the back end closes the connection, rather than to say something.
  bool is_cut_off() { return !receive().has_value(); }

  // --- what a front end does with them ---

  // Accepts all that is offered but these.
  void negotiate(uint64_t without_features = 0, uint64_t without_protocol = 0);
  bool share(const TestMemory& memory);
  // Everything that starts a ring, at this place.
  bool start(uint16_t number, const DriverRing& ring, uint16_t base = 0);
  // Where the device has stopped.
  uint16_t stop(uint16_t number);
  virtio_blk_config config();
  bool set_writeback(uint8_t writeback);
  // A file for requests in flight, and gives it back to the back end.
  FileDescriptor get_inflight(uint16_t queues, uint16_t queue_size);
  bool set_inflight(const FileDescriptor& file, uint16_t queues, uint16_t queue_size);

  uint64_t features() const { return features_; }

private:
  FileDescriptor socket_;
  uint64_t features_ = 0;
};

// Requests of a guest's block driver over a ring: a number of slots, each with a header, a status
// and memory for data.
class BlockDriver {
public:
  static constexpr uint32_t slot_bytes = 64 * 1024;

  BlockDriver(TestMemory& memory, DriverRing& ring, unsigned slots);

  std::byte* data(unsigned slot) const { return memory_.at(data_ + uint64_t{slot} * slot_bytes); }
  uint8_t status(unsigned slot) const;

  // Adds a request; the data is divided into so many pieces. False if the ring has no room.
  bool add(unsigned slot, uint32_t type, uint64_t sector, uint32_t bytes, unsigned pieces = 1,
           bool indirect = false);
  // Publishes, and kicks if that is wanted.
  void submit();
  // The slot of one that is done.
  std::optional<unsigned> completed();
  // Until one is; none if it takes too long. The driver waits to be called.
  std::optional<unsigned> wait();
  // One request from its beginning to its end; the status.
  uint8_t run(uint32_t type, uint64_t sector, uint32_t bytes, unsigned pieces = 1,
              bool indirect = false);

  uint32_t last_written() const { return last_written_; }

private:
  TestMemory& memory_;
  DriverRing& ring_;
  uint64_t headers_;
  uint64_t data_;
  std::vector<unsigned> slot_of_head_;
  uint32_t last_written_ = 0;
};

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_VHOST_USER_FRONT_END_H
