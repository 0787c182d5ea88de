// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Eight contexts send verified requests to disks of qcow2 images, while the graph below changes
// without pause: snapshots and commits, filters that come, go and change places, subtrees that move
// to other contexts. The longest request stands beside that of a run without changes.

#include "changing_disk.h"
#include "runtime/aio/io_thread.h"
#include "verified_load.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace lockvet::runtime;
using namespace graph_stress;

namespace {

constexpr unsigned disk_count = 3;
constexpr unsigned thread_count = 8;
constexpr uint64_t disk_sectors = 1536;

struct Options {
  double minutes = 0.5;
  // Only the run without changes, for as long.
  bool control = false;
};

// Nothing if they can't be understood.
std::optional<Options> parse(int count, char** arguments) {
  Options options;
  for (int index = 1; index < count; ++index) {
    if (std::strcmp(arguments[index], "--control") == 0) {
      options.control = true;
    } else if (std::strcmp(arguments[index], "--minutes") == 0 && index + 1 < count) {
      char* end = nullptr;
      options.minutes = std::strtod(arguments[++index], &end);
      if (*end != '\0' || !(options.minutes > 0))
        return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  return options;
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

  void LV_NO_COROUTINE_FN run(std::chrono::duration<double> time,
                              bool with_changes) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const auto end = Clock::now() + time;
    ChangeCounts counts;
    load_->start();
    while (Clock::now() < end) {
      if (with_changes)
        disks_[random_() % disk_count]->change(random_, counts);
      context_.assert_home();
      context_.poll(false);
    }
    load_->request_stop();
    while (load_->running()) {
      context_.assert_home();
      context_.poll(false);
    }
    std::printf("%s changes: %llu requests, the longest took %.2f ms\n",
                with_changes ? "with" : "without",
                static_cast<unsigned long long>(load_->requests()),
                std::chrono::duration<double, std::milli>(load_->longest()).count());
    if (with_changes)
      std::printf("%llu snapshots, %llu commits, %llu filters put in or taken out, %llu swaps, "
                  "%llu moves\n",
                  static_cast<unsigned long long>(counts.snapshots),
                  static_cast<unsigned long long>(counts.commits),
                  static_cast<unsigned long long>(counts.filters),
                  static_cast<unsigned long long>(counts.swaps),
                  static_cast<unsigned long long>(counts.moves));
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
    std::fprintf(stderr, "Usage: graph_stress [--minutes N] [--control]\n");
    return 2;
  }
  const auto context = std::move(*AioContext::create());
  const MainLoop main_loop(*context);
  MainLoop::assert_here();
  const std::chrono::duration<double> time = options->minutes * std::chrono::minutes(1);
  bool good = false;
  {
    Stress stress(*context);
    // Beside a longer run, a shorter one shows what the machine does.
    stress.run(options->control ? time : time / 4, false);
    if (!options->control)
      stress.run(time * 3 / 4, true);
    good = stress.finish();
  }
  context->assert_home();
  context->stop();
  context->loop();
  return good ? 0 : 1;
}
