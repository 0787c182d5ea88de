// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Changes of edges: permissions, cycles, all or nothing, and under load.

#include "runtime/graph/transaction.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"
#include "testsuite/unit/runtime/graph/test_drivers.h"

namespace lockvet::runtime {
namespace {

constexpr Permission reads_writes = Permission::consistent_read | Permission::write;

class TransactionTest : public GraphTest {
protected:
  Permissions permissions_of(const Node& node) LV_MAIN_LOOP {
    const MainGraphReadLock lock;
    return node.permissions();
  }
  Edge& edge_of(const Node& node, std::string_view name) LV_MAIN_LOOP {
    const MainGraphReadLock lock;
    return *node.child(name);
  }
  size_t parents_of(const Node& node) LV_MAIN_LOOP {
    const MainGraphReadLock lock;
    return node.parents().size();
  }
};

TEST_F(TransactionTest, TwoUsersShareOrDoNot) {
  MainLoop::assert_here();
  const auto memory = add<MemoryDriver>("memory", size_t{64});
  BlockBackend& alone =
      backend({.permissions = {.used = reads_writes, .shared = Permission::consistent_read}});
  BlockBackend& writer = backend({.permissions = {.used = reads_writes}});
  BlockBackend& reader = backend({.permissions = {.used = Permission::consistent_read}});
  ASSERT_TRUE(alone.insert(memory.node));
  const auto refused = writer.insert(memory.node);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, std::errc::operation_not_permitted);
  EXPECT_EQ(refused.error().message,
            "'root' of block backend 'disk1' needs 'write' on node 'memory', which 'root' of block "
            "backend 'disk0' does not share.");
  EXPECT_EQ(parents_of(memory.node), 1U);
  EXPECT_EQ(chain(writer), "");
  ASSERT_TRUE(reader.insert(memory.node));
  ASSERT_TRUE(alone.remove());
  ASSERT_TRUE(writer.insert(memory.node));
  EXPECT_EQ(permissions_of(memory.node), (Permissions{.used = reads_writes}));
}

TEST_F(TransactionTest, ARootChangesItsPermissions) {
  MainLoop::assert_here();
  const auto base = add<MemoryDriver>("base", size_t{64});
  const auto filter = add<FilterDriver>("filter");
  Transaction build;
  build.attach(filter.node, "file", EdgeRole::filtered, base.node);
  ASSERT_TRUE(build.commit());
  BlockBackend& disk = backend({.permissions = {.used = Permission::consistent_read}});
  BlockBackend& other = backend({.permissions = {.used = Permission::consistent_read,
                                                 .shared = Permission::consistent_read}});
  EXPECT_TRUE(disk.set_permissions({.used = reads_writes})) << "without a node";
  ASSERT_TRUE(disk.insert(filter.node));
  EXPECT_EQ(permissions_of(base.node).used, reads_writes) << "through the filter";
  EXPECT_FALSE(other.insert(base.node));
  ASSERT_TRUE(disk.set_permissions({.used = Permission::consistent_read}));
  EXPECT_EQ(permissions_of(base.node).used, Permission::consistent_read);
  ASSERT_TRUE(other.insert(base.node));
  const auto refused = disk.set_permissions({.used = reads_writes});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "'file' of node 'filter' needs 'write' on node 'base', which 'root' of block backend "
            "'disk1' does not share.");
  EXPECT_EQ(permissions_of(filter.node).used, Permission::consistent_read);
  ASSERT_TRUE(disk.remove());
  ASSERT_TRUE(disk.insert(filter.node)) << "what was refused is not remembered";
}

TEST_F(TransactionTest, PermissionsGoDownAsRolesSay) {
  MainLoop::assert_here();
  const auto base = add<MemoryDriver>("base", size_t{64});
  const auto overlay = add<OverlayDriver>("overlay", size_t{64}, size_t{16});
  BlockBackend& disk = backend({.permissions = {.used = reads_writes}});
  ASSERT_TRUE(disk.insert(base.node));
  EXPECT_TRUE(contains(permissions_of(base.node).used, Permission::write));
  ASSERT_TRUE(insert_overlay(base.node, overlay.node));
  EXPECT_EQ(chain(disk), "overlay base");
  EXPECT_TRUE(contains(permissions_of(overlay.node).used, Permission::write));
  const Permissions below = permissions_of(base.node);
  EXPECT_EQ(below.used, Permission::consistent_read);
  EXPECT_FALSE(contains(below.shared, Permission::write)) << "it would show through";
  EXPECT_TRUE(contains(below.shared, Permission::write_unchanged)) << "a commit may";

  // Hence nobody else writes to it now.
  BlockBackend& writer = backend({.permissions = {.used = reads_writes}});
  const auto refused = writer.insert(base.node);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "'root' of block backend 'disk1' needs 'write' on node 'base', which 'backing' of node "
            "'overlay' does not share.");
}

TEST_F(TransactionTest, NobodyIsBelowItself) {
  MainLoop::assert_here();
  const auto top = add<FilterDriver>("top");
  const auto middle = add<FilterDriver>("middle");
  const auto bottom = add<FilterDriver>("bottom");
  Transaction build;
  build.attach(top.node, "file", EdgeRole::filtered, middle.node);
  build.attach(middle.node, "file", EdgeRole::filtered, bottom.node);
  ASSERT_TRUE(build.commit());
  Transaction cycle;
  cycle.attach(bottom.node, "file", EdgeRole::filtered, top.node);
  const auto refused = cycle.commit();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, std::errc::invalid_argument);
  EXPECT_EQ(parents_of(top.node), 0U);
  Transaction itself;
  itself.attach(bottom.node, "file", EdgeRole::filtered, bottom.node);
  EXPECT_FALSE(itself.commit());
  // In one transaction the same is none: what was above goes below.
  Transaction turned;
  turned.detach(edge_of(top.node, "file"));
  turned.attach(bottom.node, "file", EdgeRole::filtered, top.node);
  EXPECT_TRUE(turned.commit());
  EXPECT_EQ(parents_of(middle.node), 0U);
  EXPECT_EQ(parents_of(top.node), 1U);
}

TEST_F(TransactionTest, NamesOfChildrenDiffer) {
  MainLoop::assert_here();
  const auto filter = add<FilterDriver>("filter");
  const auto memory = add<MemoryDriver>("memory", size_t{64});
  Transaction twice;
  twice.attach(filter.node, "file", EdgeRole::filtered, memory.node);
  twice.attach(filter.node, "file", EdgeRole::filtered, memory.node);
  const auto refused = twice.commit();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "node 'filter' has a child 'file' already.");
  const auto again = graph().add("memory", std::make_unique<MemoryDriver>(1), main());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message, "there is a node 'memory' already.");
}

TEST_F(TransactionTest, AnEdgeTakesThePlaceOfAnotherOne) {
  MainLoop::assert_here();
  const auto first = add<MemoryDriver>("first", size_t{64});
  const auto second = add<MemoryDriver>("second", size_t{64});
  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(first.node));
  EXPECT_FALSE(disk.insert(second.node));
  Transaction another;
  another.attach(disk, "root", EdgeRole::data, second.node);
  EXPECT_FALSE(another.commit()) << "it has one";
  Transaction replaced;
  replaced.attach(disk, "root", EdgeRole::data, second.node);
  {
    const MainGraphReadLock lock;
    replaced.detach(*disk.root());
  }
  ASSERT_TRUE(replaced.commit());
  EXPECT_EQ(chain(disk), "second");
  EXPECT_EQ(parents_of(first.node), 0U);
  EXPECT_EQ(permissions_of(first.node), Permissions{}) << "nobody needs anything of it";
  EXPECT_TRUE(graph().remove(first.node));
}

TEST_F(TransactionTest, AppliesWholeOrNotAtAll) {
  MainLoop::assert_here();
  const auto first = add<MemoryDriver>("first", size_t{64});
  const auto second = add<MemoryDriver>("second", size_t{64});
  const auto third = add<MemoryDriver>("third", size_t{64});
  const auto left = add<FilterDriver>("left");
  const auto right = add<FilterDriver>("right");
  BlockBackend& left_disk = backend({.permissions = {.used = reads_writes}});
  BlockBackend& right_disk =
      backend({.permissions = {.used = reads_writes, .shared = Permission::consistent_read}});
  Transaction build;
  build.attach(left.node, "file", EdgeRole::filtered, first.node);
  build.attach(right.node, "file", EdgeRole::filtered, second.node);
  ASSERT_TRUE(build.commit());
  ASSERT_TRUE(left_disk.insert(left.node));
  ASSERT_TRUE(right_disk.insert(right.node));

  // The first change would be fine, the second makes two writers of one node.
  Transaction both;
  both.replace_child(edge_of(right.node, "file"), third.node);
  both.replace_child(edge_of(left.node, "file"), third.node);
  EXPECT_FALSE(both.commit());
  EXPECT_EQ(chain(left_disk), "left first");
  EXPECT_EQ(chain(right_disk), "right second");
  EXPECT_EQ(parents_of(third.node), 0U);
  EXPECT_EQ(third.driver.prepared, 0) << "drivers are not asked for what can't be";

  // A driver refuses after another one has agreed.
  third.driver.refuse_permissions = true;
  const int agreed = second.driver.prepared + first.driver.prepared;
  const int committed = second.driver.committed + first.driver.committed;
  Transaction refused;
  refused.replace_child(edge_of(right.node, "file"), third.node);
  const auto result = refused.commit();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, std::errc::read_only_file_system);
  EXPECT_EQ(chain(right_disk), "right second");
  EXPECT_EQ(second.driver.prepared + first.driver.prepared - agreed, second.driver.aborted)
      << "who had agreed has forgotten it";
  EXPECT_EQ(second.driver.committed + first.driver.committed, committed);
  EXPECT_EQ(third.driver.drained, 0);

  // Each takes the other's, which is only possible at once.
  Transaction swap;
  swap.replace_child(edge_of(right.node, "file"), first.node);
  swap.replace_child(edge_of(left.node, "file"), second.node);
  ASSERT_TRUE(swap.commit());
  EXPECT_EQ(chain(left_disk), "left second");
  EXPECT_EQ(chain(right_disk), "right first");
  const auto busy = graph().remove(first.node);
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().message, "node 'first' is 'file' of node 'right'.");
}

TEST_F(TransactionTest, AChangeWhileItDrainsIsTakenIntoAccount) {
  MainLoop::assert_here();
  start_threads(1);
  const auto base = add<MemoryDriver>("base", size_t{64});
  const auto overlay = add<OverlayDriver>("overlay", size_t{64}, size_t{16});
  BlockBackend& disk = backend({.permissions = {.used = reads_writes}});
  BlockBackend& late = backend({.permissions = {.used = Permission::consistent_read}});
  ASSERT_TRUE(disk.insert(base.node));
  base.driver.hold = true;
  ASSERT_TRUE(Coroutine::spawn(io(0), [&]() LV_COROUTINE_FN {
    char byte = 0;
    EXPECT_EQ(disk.co_preadv(0, {&byte, 1}), std::error_code());
  }));
  run_until([&] { return base.driver.in_flight == 1; });
  // While the snapshot waits for the request, somebody else comes to the same node.
  ASSERT_TRUE(main().schedule([&] {
    MainLoop::assert_here();
    base.driver.hold = false;
    EXPECT_TRUE(late.insert(base.node));
  }));
  ASSERT_TRUE(insert_overlay(base.node, overlay.node));
  EXPECT_EQ(chain(disk), "overlay base");
  EXPECT_EQ(chain(late), "overlay base") << "all parents come to the overlay";
  EXPECT_EQ(parents_of(base.node), 1U);
}

TEST_F(TransactionTest, WhatACallbackHasTakenMeanwhileIsRefused) {
  MainLoop::assert_here();
  start_threads(1);
  const auto base = add<MemoryDriver>("base", size_t{64});
  BlockBackend& disk = backend({.permissions = {.used = Permission::consistent_read}});
  BlockBackend& writer = backend({.permissions = {.used = reads_writes}});
  BlockBackend& alone = backend({.permissions = {.used = Permission::consistent_read,
                                                 .shared = Permission::consistent_read}});
  ASSERT_TRUE(disk.insert(base.node));
  base.driver.hold = true;
  ASSERT_TRUE(Coroutine::spawn(io(0), [&]() LV_COROUTINE_FN {
    char byte = 0;
    EXPECT_EQ(disk.co_preadv(0, {&byte, 1}), std::error_code());
  }));
  run_until([&] { return base.driver.in_flight == 1; });
  ASSERT_TRUE(main().schedule([&] {
    MainLoop::assert_here();
    base.driver.hold = false;
    EXPECT_TRUE(alone.insert(base.node));
  }));
  // It could be when it began.
  const auto refused = writer.insert(base.node);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, std::errc::operation_not_permitted);
  EXPECT_EQ(chain(writer), "");
  EXPECT_EQ(parents_of(base.node), 2U);
}

// What a commit names stays, whatever callbacks do while it waits.
TEST_F(TransactionTest, CallbacksDoNotTakeAwayWhatACommitNames) {
  MainLoop::assert_here();
  start_threads(1);
  const auto first = add<MemoryDriver>("first", size_t{64});
  const auto second = add<MemoryDriver>("second", size_t{64});
  const auto unused = add<MemoryDriver>("unused", size_t{64});
  BlockBackend& disk = backend({.permissions = {.used = reads_writes}});
  ASSERT_TRUE(disk.insert(first.node));
  first.driver.hold = true;
  ASSERT_TRUE(Coroutine::spawn(io(0), [&]() LV_COROUTINE_FN {
    char byte = 0;
    EXPECT_EQ(disk.co_preadv(0, {&byte, 1}), std::error_code());
  }));
  run_until([&] { return first.driver.in_flight == 1; });
  bool tried = false;
  ASSERT_TRUE(main().schedule([&] {
    MainLoop::assert_here();
    const auto edge = disk.remove();
    ASSERT_FALSE(edge);
    EXPECT_EQ(edge.error().message,
              "'root' of block backend 'disk0' is being changed by somebody else.");
    for (Node* const node : {&first.node, &second.node, &unused.node})
      EXPECT_FALSE(graph().remove(*node)) << node->name();
    first.driver.hold = false;
    tried = true;
  }));
  Edge* root = nullptr;
  {
    const MainGraphReadLock lock;
    root = disk.root();
  }
  Transaction transaction;
  transaction.replace_child(*root, second.node);
  transaction.replace_node(unused.node, second.node);
  ASSERT_TRUE(transaction.commit());
  EXPECT_TRUE(tried);
  EXPECT_EQ(chain(disk), "second");
  ASSERT_TRUE(disk.remove()) << "nobody claims the edge any more";
  EXPECT_TRUE(graph().remove(unused.node));
}

TEST_F(TransactionTest, EdgesDoNotComeToANodeThatLeaves) {
  MainLoop::assert_here();
  start_threads(1);
  const auto memory = add_in<MemoryDriver>(io(0), "memory", size_t{64});
  BlockBackend& disk = backend();
  // While it is removed, which takes its context some time.
  ASSERT_TRUE(main().schedule([&] {
    MainLoop::assert_here();
    const auto refused = disk.insert(memory.node);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "node 'memory' is on its way to or from a context.");
    EXPECT_FALSE(graph().remove(memory.node));
  }));
  // The thread is busy until the callback has run.
  std::atomic<bool> go = false;
  ASSERT_TRUE(io(0).schedule([&] {
    while (!go)
      std::this_thread::yield();
  }));
  ASSERT_TRUE(main().schedule([&] { go = true; }));
  EXPECT_TRUE(graph().remove(memory.node));
  EXPECT_TRUE(go);
  EXPECT_EQ(graph().find("memory"), nullptr);
}

// Three snapshots while eight contexts write and read what they have written.
TEST_F(TransactionTest, SnapshotsUnderLoad) {
  MainLoop::assert_here();
  start_threads(8);
  constexpr size_t cluster = 512;
  constexpr size_t length = 8 * 16 * cluster;
  const auto base = add<MemoryDriver>("base", length);
  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(base.node));
  std::atomic<bool> stop = false;
  std::atomic<unsigned> running = 0;
  std::atomic<int> rounds = 0;
  for (unsigned number = 0; number < 8; ++number) {
    ++running;
    ASSERT_TRUE(Coroutine::spawn(io(number), [&, number]() LV_COROUTINE_FN {
      std::vector<char> buffer(cluster);
      const IoVector vector(buffer.data(), cluster);
      for (int round = 1; !stop; ++round, ++rounds) {
        for (size_t at = number * 16 * cluster; at < (number + 1) * 16 * cluster; at += cluster) {
          // Some are left as an earlier round has written them, below a later overlay.
          if ((at / cluster + static_cast<size_t>(round)) % 3 != 0)
            continue;
          vector.fill(round % 100);
          EXPECT_EQ(disk.co_pwritev(at, vector), std::error_code());
          vector.fill(0);
          EXPECT_EQ(disk.co_preadv(at, vector), std::error_code());
          EXPECT_EQ(buffer.front(), round % 100);
          EXPECT_EQ(buffer.back(), round % 100);
        }
      }
      --running;
    }));
  }
  Node* top = &base.node;
  for (const char* name : {"first", "second", "third"}) {
    const auto overlay = add<OverlayDriver>(name, length, cluster);
    const int before = rounds;
    run_until([&] { return rounds > before + 8; });
    ASSERT_TRUE(insert_overlay(*top, overlay.node));
    top = &overlay.node;
  }
  EXPECT_EQ(chain(disk), "third second first base");
  const int before = rounds;
  run_until([&] { return rounds > before + 8; });
  stop = true;
  run_until([&] { return running == 0; });
  EXPECT_GT(base.driver.requests, 0);
}

} // namespace
} // namespace lockvet::runtime
