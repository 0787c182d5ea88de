// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Disks of the graph as devices to export: what requests become on their way to a node, and what a
// client sees when the graph changes.

#include "runtime/drivers/raw_driver.h"
#include "runtime/export/backend_device.h"
#include "runtime/graph/context_move.h"
#include "runtime/graph/drained_section.h"
#include "runtime/graph/transaction.h"
#include "testsuite/unit/runtime/export/nbd_client.h"
#include "testsuite/unit/runtime/export/running_server.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"

namespace lockvet::runtime {
namespace {

constexpr uint64_t block = 512;

// Notes what comes, and reads as one letter, which it has only in its first blocks.
class LetterDriver final : public Driver {
public:
  LetterDriver(char letter, uint64_t length, uint64_t allocated)
      : letter_(letter), length_(length), allocated_(allocated) {}

  std::string_view format_name() const noexcept override { return "letter"; }

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_preadv(uint64_t, const IoVector& to,
                                                            RequestFlags) override {
    to.fill(letter_);
    return {};
  }
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t, const IoVector&,
                                                             RequestFlags flags) override {
    return note("write", flags);
  }
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_flush() override {
    return note("flush", RequestFlags::none);
  }
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwrite_zeroes(uint64_t, uint64_t,
                                                                   RequestFlags flags) override {
    return note("zero", flags);
  }
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_discard(uint64_t, uint64_t) override {
    return note("discard", RequestFlags::none);
  }
  std::expected<BlockStatus, std::error_code>
      LV_COROUTINE_FN LV_GRAPH_RDLOCK co_block_status(uint64_t offset, uint64_t size) override {
    if (offset >= allocated_)
      return BlockStatus{.length = size, .allocated = false};
    return BlockStatus{.length = std::min(size, allocated_ - offset), .zero = letter_ == 0};
  }
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_truncate(uint64_t length) override {
    length_ = length;
    return {};
  }
  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN LV_GRAPH_RDLOCK co_length() override {
    return length_.load();
  }

  // Of requests that come one after the other.
  std::string taken() { return std::exchange(log_, {}); }

private:
  std::error_code note(std::string_view what, RequestFlags flags) {
    log_ += what;
    if (has_flag(flags, RequestFlags::force_unit_access))
      log_ += " through";
    if (has_flag(flags, RequestFlags::may_unmap))
      log_ += " unmapping";
    if (has_flag(flags, RequestFlags::no_fallback))
      log_ += " fast";
    log_ += ';';
    return {};
  }

  const char letter_;
  std::atomic<uint64_t> length_;
  const uint64_t allocated_;
  std::string log_;
};

class BackendDeviceTest : public GraphTest {
protected:
  BlockBackend& disk_on(Node& node) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    BlockBackend& disk = backend(
        {.permissions = {Permission::consistent_read | Permission::write | Permission::resize,
                         Permission::all}});
    EXPECT_TRUE(disk.insert(node));
    return disk;
  }
  static char LV_COROUTINE_FN co_letter(BackendDevice& device) {
    char letter = '?';
    const iovec piece{&letter, 1};
    EXPECT_FALSE(device.co_preadv(0, {&piece, 1}));
    return letter;
  }
  // Each piece, with its length in blocks.
  static std::string LV_COROUTINE_FN co_map(BackendDevice& device, uint64_t end) {
    std::string map;
    for (uint64_t offset = 0; offset < end;) {
      const auto extent = device.co_block_status(offset, end - offset);
      if (!extent || extent->length == 0)
        return map + "nothing";
      map += std::to_string(extent->length / block);
      map += extent->hole ? " hole" : " data";
      map += extent->zero ? " zero;" : ";";
      offset += extent->length;
    }
    return map;
  }
};

TEST_F(BackendDeviceTest, PassesRequestsOnWithTheirFlags) {
  MainLoop::assert_here();
  const auto node = add<LetterDriver>("node", 'a', 8 * block, 8 * block);
  BackendDevice device(disk_on(node.node), false);
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    EXPECT_EQ(co_letter(device), 'a');
    std::array<char, 2> bytes{};
    const std::array pieces{iovec{bytes.data(), 1}, iovec{bytes.data() + 1, 1}};
    EXPECT_FALSE(device.co_pwritev(0, pieces, {}));
    EXPECT_FALSE(device.co_pwritev(0, pieces, {.force_unit_access = true}));
    EXPECT_EQ(node.driver.taken(), "write;write through;");
    EXPECT_FALSE(device.co_write_zeroes(0, block, {.may_unmap = true}));
    EXPECT_FALSE(device.co_write_zeroes(0, block, {.only_if_fast = true}));
    EXPECT_EQ(node.driver.taken(), "zero unmapping;zero fast;");
    EXPECT_FALSE(device.co_trim(0, block, {}));
    EXPECT_FALSE(device.co_trim(0, block, {.force_unit_access = true}));
    EXPECT_FALSE(device.co_flush());
    EXPECT_EQ(node.driver.taken(), "discard;discard;flush;flush;");
    const iovec all{nullptr, 9 * block};
    EXPECT_TRUE(device.co_preadv(0, {&all, 1}));
  });
}

// The second node is shorter than the first, and the third has zeroes.
TEST_F(BackendDeviceTest, SaysWhatIsBelowWhereANodeHasNothing) {
  MainLoop::assert_here();
  const auto top = add<LetterDriver>("top", 'a', 8 * block, 1 * block);
  const auto middle = add<LetterDriver>("middle", 'b', 6 * block, 2 * block);
  const auto bottom = add<LetterDriver>("bottom", '\0', 5 * block, 5 * block);
  Transaction transaction;
  transaction.attach(middle.node, "backing", EdgeRole::copy_on_write, bottom.node);
  transaction.attach(top.node, "backing", EdgeRole::copy_on_write, middle.node);
  ASSERT_TRUE(transaction.commit());
  BackendDevice device(disk_on(top.node), false);
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    EXPECT_EQ(co_map(device, 8 * block), "1 data;1 data;3 hole zero;1 hole zero;2 hole zero;");
  });
}

// A filter shows a window of an overlay, and passes on that this has nothing there.
TEST_F(BackendDeviceTest, SaysWhatIsBelowAWindow) {
  MainLoop::assert_here();
  const auto raw = add<RawDriver>("raw", RawDriver::Options{.offset = 4 * block});
  const auto overlay = add<LetterDriver>("overlay", 'a', 8 * block, 5 * block);
  const auto bottom = add<LetterDriver>("bottom", 'b', 6 * block, 6 * block);
  Transaction transaction;
  transaction.attach(overlay.node, "backing", EdgeRole::copy_on_write, bottom.node);
  transaction.attach(raw.node, "file", EdgeRole::filtered, overlay.node);
  ASSERT_TRUE(transaction.commit());
  BackendDevice device(disk_on(raw.node), false);
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    EXPECT_EQ(co_map(device, 4 * block), "1 data;1 data;2 hole zero;");
  });
}

TEST_F(BackendDeviceTest, WaitsWhileDrainedAndGoesWhereTheGraphSays) {
  MainLoop::assert_here();
  start_threads(2);
  const auto first = add<LetterDriver>("first", 'a', block, block);
  const auto second = add<LetterDriver>("second", 'b', 2 * block, block);
  BlockBackend& disk = disk_on(first.node);
  BackendDevice device(disk, false);
  in_coroutine(io(0), [&]() LV_COROUTINE_FN {
    device.co_update_size();
    EXPECT_EQ(co_letter(device), 'a');
  });
  EXPECT_EQ(device.size(), block);
  std::atomic<char> letter = 0;
  {
    const DrainedSection drained(first.node);
    ASSERT_TRUE(Coroutine::spawn(io(0), [&]() LV_COROUTINE_FN { letter = co_letter(device); }));
    run_some_turns();
    EXPECT_EQ(letter, 0);
    Transaction transaction;
    transaction.replace_node(first.node, second.node);
    ASSERT_TRUE(transaction.commit());
  }
  run_until([&] { return letter != 0; });
  EXPECT_EQ(letter, 'b');
  ASSERT_TRUE(move_subtree(second.node, io(1)));
  in_coroutine(io(0), [&]() LV_COROUTINE_FN {
    EXPECT_EQ(co_letter(device), 'b');
    device.co_update_size();
  });
  EXPECT_EQ(device.size(), 2 * block);
  // Without a node, the size is the last, and requests fail.
  ASSERT_TRUE(disk.remove());
  in_coroutine(io(0), [&]() LV_COROUTINE_FN {
    device.co_update_size();
    EXPECT_EQ(device.co_flush(), std::errc::no_such_device);
  });
  EXPECT_EQ(device.size(), 2 * block);
}

uint64_t size_for_client(const nbd::RunningServer& server) {
  nbd::Client client(server.path());
  client.receive(18);
  client.send(nbd::client_flags() + nbd::option(nbd::Option::export_name, "disk"));
  return nbd::number_at(client.receive(10), 0, 8);
}

TEST_F(BackendDeviceTest, ClientsLearnOfAnotherSizeWhenTheyCome) {
  MainLoop::assert_here();
  const auto node = add<LetterDriver>("node", 'a', 8 * block, 8 * block);
  BlockBackend& disk = disk_on(node.node);
  BackendDevice device(disk, false);
  nbd::ExportList exports;
  EXPECT_EQ(exports.add({"disk", "a disk", &device}), "");
  nbd::RunningServer server(exports, AioContext::Backend::automatic);
  EXPECT_EQ(size_for_client(server), 8 * block);
  nbd::Client early(server.path());
  early.negotiate("disk", true);
  in_coroutine(main(), [&]() LV_COROUTINE_FN { EXPECT_FALSE(disk.co_truncate(4 * block)); });
  EXPECT_EQ(size_for_client(server), 4 * block);
  // Who came before keeps to the old size, and reads what is still there.
  EXPECT_EQ(early.read(3 * block, block), nbd::Text(block, 'a'));
  EXPECT_NE(early.ask(nbd::Command::read, 4 * block, block).error, 0u);
  EXPECT_EQ(early.read(0, block), nbd::Text(block, 'a'));
}

} // namespace
} // namespace lockvet::runtime
