// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes as a guest's memory with a ring in it, and as what the guest writes there between
// kicks. A queue serves it; whatever the guest does, the device is only asked for what it has, with
// memory that is the guest's, and everything that was begun comes to its end.

#include "holds.h"
#include "runtime/aio/co_wait.h"
#include "runtime/export/memory_device.h"
#include "runtime/export/vhost_user/queue.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <sys/eventfd.h>
#include <sys/mman.h>

using namespace lockvet::runtime;
using namespace lockvet::runtime::vhost_user;
using lockvet::fuzz::holds;

namespace {

constexpr uint64_t kDiskBytes = 64 * 1024;
// Two regions side by side, so that buffers go over the end of the first.
constexpr uint64_t kRegionBytes = 4096;
constexpr uint64_t kMemoryBytes = 2 * kRegionBytes;
constexpr uint64_t kGuestBase = 0x1000;
constexpr uint64_t kUserBase = 0x10'0000;
constexpr uint32_t kRingSize = 8;
constexpr uint64_t kAvailable = 256;
constexpr uint64_t kUsed = 512;

// Hands requests on, as long as they are possible ones.
class CheckedDevice final : public ExportedDevice {
public:
  void set_memory(const GuestMemory& memory) {
    for (unsigned region = 0; region < 2; ++region)
      begin_[region] = memory.at_guest_address(kGuestBase + region * kRegionBytes, kRegionBytes);
  }

  uint64_t size() const noexcept override { return kDiskBytes; }
  std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset, std::span<const iovec> to) override {
    check(offset, bytes_of(to));
    return disk_->co_preadv(offset, to);
  }
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset, std::span<const iovec> from,
                                             WriteFlags flags) override {
    check(offset, bytes_of(from));
    return disk_->co_pwritev(offset, from, flags);
  }
  std::error_code LV_COROUTINE_FN co_flush() override { return {}; }
  std::error_code LV_COROUTINE_FN co_trim(uint64_t offset, uint64_t length,
                                          WriteFlags flags) override {
    check(offset, length);
    return disk_->co_trim(offset, length, flags);
  }
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t length,
                                                  WriteFlags flags) override {
    check(offset, length);
    return disk_->co_write_zeroes(offset, length, flags);
  }
  std::expected<Extent, std::error_code> LV_COROUTINE_FN co_block_status(uint64_t offset,
                                                                         uint64_t length) override {
    return disk_->co_block_status(offset, length);
  }

private:
  static void check(uint64_t offset, uint64_t length) {
    holds(length > 0 && length <= kDiskBytes && offset <= kDiskBytes - length,
          "a request is within the disk");
  }
  uint64_t bytes_of(std::span<const iovec> pieces) const {
    uint64_t bytes = 0;
    for (const iovec& piece : pieces) {
      const auto* const at = static_cast<const std::byte*>(piece.iov_base);
      holds(std::ranges::any_of(begin_,
                                [&](const std::byte* begin) {
                                  return at >= begin && at + piece.iov_len <= begin + kRegionBytes;
                                }),
            "memory of a request is the guest's");
      bytes += piece.iov_len;
    }
    return bytes;
  }

  std::unique_ptr<MemoryDevice> disk_ = std::move(*MemoryDevice::create(kDiskBytes));
  std::array<std::byte*, 2> begin_ = {};
};

AioContext& context() {
  static const std::unique_ptr<AioContext> made = std::move(*AioContext::create());
  return *made;
}

FileDescriptor memory_of(std::span<const uint8_t> bytes) {
  FileDescriptor memory(memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  holds(ftruncate(memory.get(), kMemoryBytes) == 0, "there is memory");
  holds(pwrite(memory.get(), bytes.data(), bytes.size(), 0) == std::ssize(bytes),
        "memory has its content");
  return memory;
}

std::shared_ptr<const GuestMemory> share(const FileDescriptor& file) {
  GuestMemory memory;
  for (unsigned region = 0; region < 2; ++region) {
    auto with = memory.with({.guest_address = kGuestBase + region * kRegionBytes,
                             .size = kRegionBytes,
                             .user_address = kUserBase + region * kRegionBytes,
                             .mmap_offset = region * kRegionBytes},
                            file, SharedMapping::Policy::sealed_only);
    holds(with.has_value(), "a region is shared");
    memory = std::move(*with);
  }
  return std::make_shared<const GuestMemory>(std::move(memory));
}

// The bytes of the record of requests in flight, of which all are the front end's.
std::shared_ptr<const InflightFile> inflight_of(std::span<const uint8_t> bytes) {
  const auto file = std::move(*InflightFile::create(1, kRingSize));
  holds(pwrite(file.get(), bytes.data(), bytes.size(), 0) == std::ssize(bytes),
        "a record has its content");
  return std::make_shared<const InflightFile>(
      std::move(*InflightFile::open(file,
                                    {.mmap_size = InflightFile::bytes_for(1, kRingSize),
                                     .mmap_offset = 0,
                                     .queues = 1,
                                     .queue_size = kRingSize,
                                     .padding = 0},
                                    SharedMapping::Policy::sealed_only)));
}

} // namespace

// A byte of choices, two of where the ring goes on, then the record of requests in flight if there
// is one, then pieces: where they go in the guest's memory, how long they are, and their bytes.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 3)
    return 0;
  AioContext& home = context();
  home.assert_home();
  std::span<const uint8_t> input(data, size);
  const auto take = [&](size_t count) {
    const auto taken = input.first(std::min(count, input.size()));
    input = input.subspan(taken.size());
    return taken;
  };
  const uint8_t choice = take(1)[0];
  uint16_t next_available = 0;
  std::memcpy(&next_available, take(2).data(), 2);
  const ServerOptions options{.queue_size = kRingSize, .polling_limit = {}};
  CheckedDevice device;
  const BlockTarget target{.device = &device,
                           .read_only = (choice & 1) != 0,
                           .write_through = (choice & 2) != 0,
                           .block_bytes = (choice & 4) != 0 ? 4096U : 512U};
  Queue::Setup setup{.layout = {.size = kRingSize,
                                .descriptors = kUserBase,
                                .available = kUserBase + kAvailable,
                                .used = kUserBase + kUsed,
                                .event_index = (choice & 8) != 0,
                                .indirect = (choice & 16) != 0},
                     .next_available = next_available,
                     .enabled = true};
  if ((choice & 32) != 0)
    setup.inflight = inflight_of(take(InflightRegion::bytes_for(kRingSize)));
  const FileDescriptor file = memory_of(take(512 + 128));
  const auto memory = share(file);
  device.set_memory(*memory);

  Queue queue(home, 0, options);
  queue.assert_home();
  bool running = Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
    home.assert_home();
    queue.assert_home();
    (void)queue.set_kick(
        std::move(*EventDescriptor::adopt(FileDescriptor(eventfd(1, EFD_CLOEXEC)))));
    if (queue.start(memory, setup, target)) {
      for (int pieces = 0; input.size() > 3 && pieces < 16; ++pieces) {
        const auto head = take(3);
        const uint64_t place = (uint64_t{head[0]} * 32) % kMemoryBytes;
        const auto bytes = take(std::min<uint64_t>(head[1], kMemoryBytes - place));
        holds(pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(place)) ==
                  std::ssize(bytes),
              "the guest writes its memory");
        // As a kick does.
        queue.set_enabled(true);
        if ((head[2] & 1) != 0)
          (void)co_sleep_until(home, Clock::now(), nullptr);
      }
    }
    (void)queue.co_stop();
    (void)queue.set_kick({});
    holds(!queue.started(), "a ring stops");
    running = false;
  });
  while (running)
    home.poll(true);
  return 0;
}
