// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Eight IOThreads and the main loop write to disks and read what they have written, while the graph
// below changes without pause: snapshots, commits, filters that come, go and change places, nodes
// that move to other contexts, and changes that are refused. It takes two seconds, or as many as
// LOCKVET_STRESS_SECONDS says, a quarter of them without changes for comparison.

#include "runtime/graph/context_move.h"
#include "runtime/graph/transaction.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"
#include "testsuite/unit/runtime/graph/test_drivers.h"

#include <cstdlib>
#include <random>

namespace lockvet::runtime {
namespace {

constexpr size_t cluster = 512;
constexpr size_t clusters_of_worker = 4;
constexpr unsigned disk_count = 4;
constexpr unsigned io_threads = 8;
constexpr unsigned workers_of_context = 4;
constexpr size_t disk_clusters = clusters_of_worker * workers_of_context * (io_threads + 1);
constexpr size_t disk_length = disk_clusters * cluster;

constexpr auto pause = std::chrono::microseconds(500);

using Random = std::minstd_rand;

double seconds() {
  const char* const wanted = std::getenv("LOCKVET_STRESS_SECONDS");
  return wanted != nullptr ? std::strtod(wanted, nullptr) : 2;
}

class GraphStressTest : public GraphTest {
protected:
  // What workers do together.
  struct Load {
    std::vector<BlockBackend*> disks;
    std::atomic<bool> stop = false;
    std::atomic<unsigned> running = 0;
    std::atomic<uint64_t> requests = 0;
    std::atomic<uint64_t> errors = 0;
    std::atomic<int64_t> longest = 0; // nanoseconds
    // The generation that was written last, by disk and cluster. Each has one worker.
    std::vector<unsigned> written = std::vector<unsigned>(disk_count * disk_clusters);
  };

  static void note_time(Load& load, Clock::time_point begun) {
    const int64_t took = (Clock::now() - begun).count();
    int64_t longest = load.longest.load(std::memory_order_relaxed);
    while (took > longest && !load.longest.compare_exchange_weak(longest, took))
      continue;
  }

  static void LV_COROUTINE_FN one_request(Load& load, Random& random, unsigned worker) {
    const auto disk = static_cast<unsigned>(random() % disk_count);
    const size_t number = worker * clusters_of_worker + random() % clusters_of_worker;
    unsigned& generation = load.written[disk * disk_clusters + number];
    std::array<unsigned, cluster / sizeof(unsigned)> buffer;
    const IoVector vector(buffer.data(), cluster);
    const auto begun = Clock::now();
    if (random() % 2 == 0) {
      ++generation;
      buffer.fill(generation);
      if (load.disks[disk]->co_pwritev(number * cluster, vector))
        ++load.errors;
    } else {
      buffer.fill(~0U);
      if (load.disks[disk]->co_preadv(number * cluster, vector))
        ++load.errors;
      if (buffer.front() != generation || buffer.back() != generation)
        ++load.errors;
    }
    note_time(load, begun);
  }

  static void LV_COROUTINE_FN work(Load& load, AioContext& context, unsigned worker) {
    Random random(worker + 1);
    uint64_t requests = 0;
    while (!load.stop.load(std::memory_order_relaxed)) {
      one_request(load, random, worker);
      // The processor is not to be what requests wait for: this is about changes.
      if (++requests % 4 == 0) {
        context.assert_home();
        (void)co_sleep_until(context, Clock::now() + pause, nullptr);
      }
    }
    load.requests += requests;
    --load.running;
  }

  void start(Load& load) {
    for (unsigned number = 0; number < (io_threads + 1) * workers_of_context; ++number) {
      const unsigned thread = number / workers_of_context;
      AioContext& context = thread == io_threads ? main() : io(thread);
      ++load.running;
      ASSERT_TRUE(Coroutine::spawn(context, [&load, &context, number]()
                                                LV_COROUTINE_FN { work(load, context, number); }));
    }
  }

  void finish(Load& load, const char* name) {
    load.stop = true;
    run_until([&] { return load.running == 0; });
    EXPECT_EQ(load.errors, 0U);
    std::printf("%s: %llu requests, the longest took %.2f ms\n", name,
                static_cast<unsigned long long>(load.requests),
                static_cast<double>(load.longest) / 1e6);
  }

  // --- changes -----------------------------------------------------------------------------------

  // One disk: what stands on its base, from the bottom up.
  struct Layer {
    Node* node;
    NotingDriver* driver;
    OverlayDriver* overlay; // nullptr for a filter
  };
  struct Stack {
    BlockBackend* disk;
    std::vector<Layer> layers;
  };

  AioContext& any_context(Random& random) {
    const auto number = static_cast<unsigned>(random() % (io_threads + 1));
    return number == io_threads ? main() : io(number);
  }

  Edge& lower_edge(const Layer& layer) LV_MAIN_LOOP {
    const MainGraphReadLock lock;
    return *layer.node->children().front();
  }

  template <typename NodeDriver, typename... Arguments>
  void put_on_top(Stack& stack, AioContext& context, std::string_view edge, EdgeRole role,
                  Arguments... arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const auto added = add_in<NodeDriver>(context, "node" + std::to_string(++names_), arguments...);
    Transaction transaction;
    transaction.attach(added.node, std::string(edge), role, *stack.layers.back().node);
    transaction.replace_node(*stack.layers.back().node, added.node);
    ASSERT_TRUE(transaction.commit());
    Node* const node = &added.node;
    NodeDriver* const driver = &added.driver;
    stack.layers.push_back({node, driver, nullptr});
    if constexpr (std::is_same_v<NodeDriver, OverlayDriver>)
      stack.layers.back().overlay = driver;
  }

  void take_out(Stack& stack, size_t at) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const Layer layer = stack.layers[at];
    const Layer below = stack.layers[at - 1];
    {
      // Until the edges are changed nobody writes to the overlay what is not committed.
      const DrainedSection drained(*layer.node);
      // A filter keeps nothing.
      size_t keeper = at - 1;
      while (keeper > 0 && stack.layers[keeper].overlay == nullptr)
        --keeper;
      if (layer.overlay != nullptr)
        layer.overlay->commit_to(*stack.layers[keeper].driver);
      Transaction transaction;
      transaction.replace_node(*layer.node, *below.node);
      transaction.detach(lower_edge(layer));
      ASSERT_TRUE(transaction.commit());
    }
    ASSERT_TRUE(graph().remove(*layer.node));
    stack.layers.erase(stack.layers.begin() + static_cast<ptrdiff_t>(at));
  }

  // Two filters, one right above the other, change places.
  void swap_filters(Stack& stack, size_t at) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const Layer lower = stack.layers[at];
    const Layer upper = stack.layers[at + 1];
    Transaction transaction;
    transaction.replace_node(*upper.node, *lower.node);
    transaction.replace_child(lower_edge(lower), *upper.node);
    transaction.replace_child(lower_edge(upper), *stack.layers[at - 1].node);
    ASSERT_TRUE(transaction.commit());
    std::swap(stack.layers[at], stack.layers[at + 1]);
  }

  void refused(Stack& stack) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    if (stack.layers.size() < 2)
      return;
    // The bottom would be below itself.
    Transaction transaction;
    transaction.replace_child(lower_edge(stack.layers[1]), *stack.layers.back().node);
    EXPECT_FALSE(transaction.commit());
    // A driver says no when all is drained and locked.
    stack.layers.front().driver->refuse_permissions = true;
    const auto filter = add<FilterDriver>("node" + std::to_string(++names_));
    Transaction second;
    second.attach(filter.node, "file", EdgeRole::filtered, *stack.layers.front().node);
    second.replace_node(*stack.layers.front().node, filter.node);
    EXPECT_FALSE(second.commit());
    stack.layers.front().driver->refuse_permissions = false;
    EXPECT_TRUE(graph().remove(filter.node));
  }

  void change(Stack& stack, Random& random) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const size_t size = stack.layers.size();
    switch (random() % 7) {
    case 0:
      if (size < 6)
        put_on_top<OverlayDriver>(stack, any_context(random), "backing", EdgeRole::copy_on_write,
                                  disk_length, cluster);
      break;
    case 1:
      if (size < 6)
        put_on_top<FilterDriver>(stack, any_context(random), "file", EdgeRole::filtered);
      break;
    case 2:
      if (size > 1)
        take_out(stack, 1 + random() % (size - 1));
      break;
    case 3:
      for (size_t at = 1; at + 1 < size; ++at)
        if (stack.layers[at].overlay == nullptr && stack.layers[at + 1].overlay == nullptr) {
          swap_filters(stack, at);
          break;
        }
      break;
    case 4:
      ASSERT_TRUE(move_subtree(*stack.layers[random() % size].node, any_context(random)));
      break;
    case 5:
      refused(stack);
      break;
    default:
      // Another root edge, while the disk waits.
      const DrainedSection drained(std::vector<Parent*>{stack.disk});
      ASSERT_TRUE(stack.disk->remove());
      ASSERT_TRUE(stack.disk->insert(*stack.layers.back().node));
    }
  }

  unsigned names_ = 0;
};

TEST_F(GraphStressTest, VerifiedRequestsWhileTheGraphChanges) {
  MainLoop::assert_here();
  start_threads(io_threads);
  std::vector<Stack> stacks;
  Load load;
  for (unsigned number = 0; number < disk_count; ++number) {
    const std::string name = "base" + std::to_string(number);
    Stack stack{&backend(), {}};
    // Every fourth disk is one whose requests come home.
    if (number % 4 == 3) {
      const auto base = add_in<HomeOnlyDriver>(io(number), name, disk_length);
      stack.layers.push_back({&base.node, &base.driver, nullptr});
    } else {
      const auto base = add_in<MemoryDriver>(io(number), name, disk_length);
      stack.layers.push_back({&base.node, &base.driver, nullptr});
    }
    ASSERT_TRUE(stack.disk->insert(*stack.layers.front().node));
    load.disks.push_back(stack.disk);
    stacks.push_back(std::move(stack));
  }

  const auto span = std::chrono::duration<double>(seconds());
  const auto begun = Clock::now();
  start(load);
  MainLoop::wait_while([&] { return Clock::now() - begun < span / 4; });
  finish(load, "without changes");

  load.stop = false;
  load.requests = 0;
  load.longest = 0;
  start(load);
  Random random(1);
  uint64_t changes = 0;
  while (Clock::now() - begun < span && !HasFatalFailure()) {
    change(stacks[random() % disk_count], random);
    ++changes;
    run_some_turns();
  }
  finish(load, "with changes");
  std::printf("%llu changes\n", static_cast<unsigned long long>(changes));
  EXPECT_GT(changes, 0U);
  for (const Stack& stack : stacks)
    for (const Layer& layer : stack.layers)
      EXPECT_EQ(layer.driver->drained, 0);
}

} // namespace
} // namespace lockvet::runtime
