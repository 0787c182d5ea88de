// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Eight contexts send verified requests to disks of qcow2 images, while the graph below changes
// without pause: snapshots and commits, filters that come, go and change places, subtrees that move
// to other contexts. Intervals with and without changes take turns, so that what else the machine
// does hits both, and the times of their requests are printed side by side.

#include "changing_disk.h"
#include "latencies.h"
#include "runtime/aio/io_thread.h"
#include "verified_load.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace lockvet::runtime;
using namespace graph_stress;

namespace {

constexpr unsigned disk_count = 3;
constexpr unsigned thread_count = 8;
constexpr uint64_t disk_sectors = 1536;

enum class Mode { compare, control, changes };

struct Options {
  double minutes = 0.5;
  // Of an interval with or without changes; shorter if there is not enough time for two of each.
  std::chrono::duration<double> interval = std::chrono::seconds(5);
  // Intervals of one kind only, all the time.
  Mode mode = Mode::compare;
};

// Nothing if they can't be understood.
std::optional<Options> parse(int count, char** arguments) {
  Options options;
  for (int index = 1; index < count; ++index) {
    if (std::strcmp(arguments[index], "--control") == 0) {
      options.mode = Mode::control;
    } else if (std::strcmp(arguments[index], "--changes") == 0) {
      options.mode = Mode::changes;
    } else if (std::strcmp(arguments[index], "--minutes") == 0 && index + 1 < count) {
      char* end = nullptr;
      options.minutes = std::strtod(arguments[++index], &end);
      if (*end != '\0' || !(options.minutes > 0))
        return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  const std::chrono::duration<double> time = options.minutes * std::chrono::minutes(1);
  options.interval = std::min(options.interval, time / 4);
  return options;
}

double milliseconds(Latencies::Time time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

// Those of one kind.
struct Intervals {
  Latencies requests;
  std::vector<Latencies::Time> longest;

  void add(const Latencies& interval) {
    requests.add(interval);
    longest.push_back(interval.longest());
  }

  void print(const char* name) {
    std::printf("%s: %llu requests in %zu intervals\n"
                "  ms: 50%% %.3f, 99%% %.3f, 99.9%% %.3f, 99.99%% %.3f, longest %.2f\n",
                name, static_cast<unsigned long long>(requests.count()), longest.size(),
                milliseconds(requests.percentile(50)), milliseconds(requests.percentile(99)),
                milliseconds(requests.percentile(99.9)), milliseconds(requests.percentile(99.99)),
                milliseconds(requests.longest()));
    std::ranges::sort(longest);
    std::printf("  longest of an interval, ms: least %.2f, median %.2f, most %.2f\n",
                milliseconds(longest.front()), milliseconds(longest[longest.size() / 2]),
                milliseconds(longest.back()));
  }
};

void print(const Changes& changes) {
  std::printf("%llu snapshots, %llu commits, %llu filters put in or taken out, %llu swaps, "
              "%llu moves\n"
              "  ms of a change: 50%% %.3f, 99%% %.3f, 99.9%% %.3f, longest %.2f\n",
              static_cast<unsigned long long>(changes.snapshots),
              static_cast<unsigned long long>(changes.commits),
              static_cast<unsigned long long>(changes.filters),
              static_cast<unsigned long long>(changes.swaps),
              static_cast<unsigned long long>(changes.moves),
              milliseconds(changes.times.percentile(50)),
              milliseconds(changes.times.percentile(99)),
              milliseconds(changes.times.percentile(99.9)), milliseconds(changes.times.longest()));
}

// All of it, in the main loop.
class Stress {
public:
  explicit Stress(AioContext& context) LV_MAIN_LOOP LV_GRAPH_UNLOCKED : context_(context) {
    std::vector<AioContext*> contexts;
    for (unsigned number = 0; number < thread_count; ++number) {
      threads_.push_back(std::move(*IOThread::create("io " + std::to_string(number))));
      contexts.push_back(&threads_.back()->context());
    }
    std::vector<BlockBackend*> backends;
    for (unsigned number = 0; number < disk_count; ++number) {
      disks_.push_back(std::make_unique<ChangingDisk>(
          graph_, "disk" + std::to_string(number), disk_sectors * VerifiedLoad::sector, contexts));
      backends.push_back(&disks_.back()->backend());
    }
    load_.emplace(backends, disk_sectors, contexts);
  }

  // Intervals of both kinds, or of one, and what they were like.
  void LV_NO_COROUTINE_FN run(const Options& options) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const auto end = Clock::now() + options.minutes * std::chrono::minutes(1);
    Changes changes;
    Intervals without;
    Intervals with;
    while (Clock::now() < end) {
      if (options.mode != Mode::changes)
        without.add(run_interval(options.interval, nullptr));
      if (options.mode != Mode::control)
        with.add(run_interval(options.interval, &changes));
    }
    if (options.mode != Mode::changes)
      without.print("without changes");
    if (options.mode != Mode::control) {
      with.print("with changes");
      print(changes);
    }
    if (options.mode == Mode::compare)
      std::printf("the longest of an interval with changes is longer than that of one without in "
                  "%.0f%% of all pairs\n",
                  100 * part_of_longer(without.longest, with.longest));
  }

  // Whether all was as it should be.
  bool LV_NO_COROUTINE_FN finish() LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    bool good = load_->failed() == 0 && load_->wrong() == 0;
    if (!good)
      std::printf("%llu requests have failed, and %llu sectors were wrong\n",
                  static_cast<unsigned long long>(load_->failed()),
                  static_cast<unsigned long long>(load_->wrong()));
    for (const auto& disk : disks_) {
      disk->close();
      for (const std::string& problem : disk->problems())
        std::printf("%s\n", problem.c_str());
      good = good && disk->problems().empty();
    }
    return good;
  }

private:
  Latencies LV_NO_COROUTINE_FN run_interval(std::chrono::duration<double> time,
                                            Changes* changes) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const auto end = Clock::now() + time;
    load_->start();
    while (Clock::now() < end) {
      if (changes != nullptr)
        disks_[random_() % disk_count]->change(random_, *changes);
      context_.assert_home();
      context_.poll(false);
    }
    load_->request_stop();
    while (load_->running()) {
      context_.assert_home();
      context_.poll(false);
    }
    return load_->latencies();
  }

  AioContext& context_;
  std::vector<std::unique_ptr<IOThread>> threads_;
  Graph graph_;
  std::vector<std::unique_ptr<ChangingDisk>> disks_;
  std::optional<VerifiedLoad> load_;
  ChangingDisk::Random random_{1};
};

} // namespace

int main(int count, char** arguments) {
  const auto options = parse(count, arguments);
  if (!options) {
    std::fprintf(stderr, "Usage: graph_stress [--minutes N] [--control | --changes]\n");
    return 2;
  }
  const auto context = std::move(*AioContext::create());
  const MainLoop main_loop(*context);
  MainLoop::assert_here();
  bool good = false;
  {
    Stress stress(*context);
    stress.run(*options);
    good = stress.finish();
  }
  context->assert_home();
  context->stop();
  context->loop();
  return good ? 0 : 1;
}
