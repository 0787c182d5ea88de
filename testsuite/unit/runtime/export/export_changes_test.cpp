// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What exports are besides bytes, and what becomes of clients when exports change: removal, size,
// metadata contexts, and the threads that serve them.

#include "gated_device.h"
#include "nbd_client.h"
#include "running_server.h"
#include "runtime/export/dirty_bitmap_context.h"
#include "runtime/export/memory_device.h"
#include "runtime/export/null_device.h"

#include <set>

namespace lockvet::runtime::nbd {
namespace {

using Lines = std::vector<std::string>;

class ExportChangesTest : public testing::TestWithParam<AioContext::Backend> {
protected:
  ExportList exports_;
};

INSTANTIATE_TEST_SUITE_P(Backends, ExportChangesTest,
                         testing::Values(AioContext::Backend::io_uring, AioContext::Backend::epoll),
                         [](const auto& info) {
                           return info.param == AioContext::Backend::epoll ? "epoll" : "io_uring";
                         });

TEST_P(ExportChangesTest, ARemovalEndsItsClientsAndNoOthers) {
  GatedDevice gated(false);
  NullDevice other(4096);
  std::atomic<bool> released = false;
  ASSERT_EQ(exports_.add({.name = "gated", .device = &gated, .released = [&] { released = true; }}),
            "");
  ASSERT_EQ(exports_.add({.name = "other", .device = &other}), "");
  RunningServer server(exports_, GetParam(), {}, 2);
  Client busy(server.path());
  busy.negotiate("gated", true);
  busy.send(request(Command::flush, 7, 0, 0));
  Client idle(server.path());
  idle.negotiate("gated", true);
  Client elsewhere(server.path());
  elsewhere.negotiate("other", true);
  gated.wait_for(1);
  EXPECT_EQ(exports_.remove("gated", ExportList::Removal::only_if_unused),
            ExportList::Removed::in_use);
  EXPECT_EQ(exports_.remove("gated", ExportList::Removal::with_its_clients),
            ExportList::Removed::yes);
  EXPECT_TRUE(idle.at_end());
  EXPECT_FALSE(released);
  gated.open();
  const Answer last = busy.reply();
  EXPECT_EQ(last.cookie, 7U) << "what was in flight is answered";
  EXPECT_EQ(last.error, 0U);
  EXPECT_TRUE(busy.at_end());
  while (!released)
    std::this_thread::yield();
  EXPECT_EQ(elsewhere.read(0, 512).size(), 512U);
  EXPECT_EQ(server.log(), Lines{});
}

// Notes the threads that it is used in.
class ThreadNotingDevice final : public NullDevice {
public:
  ThreadNotingDevice() : NullDevice(1 << 20) {}

  std::error_code LV_COROUTINE_FN co_flush() override {
    const ThreadLock lock(mutex_);
    threads_.insert(std::this_thread::get_id());
    return {};
  }
  std::set<std::thread::id> threads() {
    const ThreadLock lock(mutex_);
    return threads_;
  }

private:
  ThreadMutex mutex_;
  std::set<std::thread::id> threads_ LV_GUARDED_BY(mutex_);
};

TEST_P(ExportChangesTest, ConnectionsAreServedWhereTheirExportIs) {
  ThreadNotingDevice spread;
  ThreadNotingDevice usual;
  const auto first = std::move(*IOThread::create("first", {.backend = GetParam()}));
  const auto second = std::move(*IOThread::create("second", {.backend = GetParam()}));
  const auto thread_of = [](AioContext& context) {
    std::thread::id id;
    EXPECT_TRUE(context.run([&] { id = std::this_thread::get_id(); }));
    return id;
  };
  const std::set<std::thread::id> threads{thread_of(first->context()),
                                          thread_of(second->context())};
  ASSERT_EQ(exports_.add({.name = "spread",
                          .device = &spread,
                          .contexts = {&first->context(), &second->context()}}),
            "");
  ASSERT_EQ(exports_.add({.name = "usual", .device = &usual}), "");
  RunningServer server(exports_, GetParam());
  Client clients[] = {Client(server.path()), Client(server.path()), Client(server.path())};
  clients[0].negotiate("spread", true);
  clients[1].negotiate("spread", true);
  clients[2].negotiate("usual", true);
  for (Client& client : clients)
    EXPECT_EQ(client.ask(Command::flush, 0, 0).error, 0U);
  EXPECT_EQ(spread.threads(), threads);
  EXPECT_EQ(usual.threads().size(), 1U);
  EXPECT_FALSE(threads.contains(*usual.threads().begin()));
  server.stop();
}

class ResizedDevice final : public NullDevice {
public:
  ResizedDevice() : NullDevice(0) {}
  uint64_t size() const noexcept override { return size_; }
  std::atomic<uint64_t> size_ = 8192;
};

TEST_P(ExportChangesTest, RequestsAreHeldAgainstTheSizeThatItHas) {
  ResizedDevice device;
  ASSERT_EQ(exports_.add({.name = "disk", .device = &device}), "");
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.negotiate("disk", true);
  EXPECT_EQ(client.write(8192, "beyond"), 28U);
  device.size_ = 16384;
  EXPECT_EQ(client.write(8192, "within"), 0U);
  device.size_ = 4096;
  EXPECT_EQ(client.write(4096, "beyond"), 28U);
}

// The first half of each 8 KiB is marked.
class Stripes final : public MetadataContext {
public:
  explicit Stripes(std::string name) : name_(std::move(name)) {}
  const std::string& name() const noexcept override { return name_; }
  std::expected<Extent, std::error_code> LV_COROUTINE_FN co_status(uint64_t offset,
                                                                   uint64_t) override {
    return Extent{.length = 4096 - offset % 4096, .flags = offset / 4096 % 2 == 0 ? 1U : 0U};
  }

private:
  const std::string name_;
};

TEST_P(ExportChangesTest, AReplyHasAChunkForEachMetadataContext) {
  const auto disk = std::move(*MemoryDevice::create(1 << 20));
  Stripes monday("qemu:dirty-bitmap:monday");
  Stripes tuesday("qemu:dirty-bitmap:tuesday");
  ASSERT_EQ(exports_.add({.name = "disk", .device = disk.get(), .metadata = {&monday, &tuesday}}),
            "");
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.negotiate("disk", true, {"base:allocation", "qemu:dirty-bitmap:tuesday"});
  client.send(request(Command::block_status, 1, 2048, 8192, 0));
  const Answer allocation = client.reply();
  EXPECT_EQ(allocation.payload, big(1, 4) + big(8192, 4) + big(3, 4));
  EXPECT_EQ(allocation.chunk_flags, 0);
  const Answer bitmap = client.reply();
  EXPECT_EQ(bitmap.payload, big(3, 4) + big(2048, 4) + big(1, 4) + big(4096, 4) + big(0, 4) +
                                big(2048, 4) + big(1, 4));
  EXPECT_EQ(bitmap.chunk_flags, chunk_done);
}

TEST_P(ExportChangesTest, ADirtyBitmapTellsWhatWasWritten) {
  NullDevice device(1 << 20);
  const auto bitmap = std::make_shared<DirtyBitmap>("monday", 1 << 20, 4096);
  DirtyBitmapContext monday(bitmap);
  ASSERT_EQ(exports_.add({.name = "disk", .device = &device, .metadata = {&monday}}), "");
  RunningServer server(exports_, GetParam());
  Client client(server.path());
  client.negotiate("disk", true, {"qemu:dirty-bitmap:monday", allocation_context});
  const auto status = [&](uint64_t offset, uint32_t length) {
    client.send(request(Command::block_status, 1, offset, length));
    EXPECT_EQ(number_at(client.reply().payload, 0, 4), allocation_context_id);
    const Answer answer = client.reply();
    EXPECT_EQ(number_at(answer.payload, 0, 4), 2U);
    return answer.payload.substr(4);
  };
  EXPECT_EQ(status(0, 1 << 20), big(1 << 20, 4) + big(0, 4));
  bitmap->set(10'000, 1);
  bitmap->set(12'288, 8192);
  EXPECT_EQ(status(0, 1 << 20), big(8192, 4) + big(0, 4) + big(12'288, 4) + big(1, 4) +
                                    big((1 << 20) - 20'480, 4) + big(0, 4));
  EXPECT_EQ(status(9000, 100), big(100, 4) + big(1, 4));
}

} // namespace
} // namespace lockvet::runtime::nbd
