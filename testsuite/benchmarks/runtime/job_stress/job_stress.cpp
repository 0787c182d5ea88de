// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two contexts send verified requests to a disk of qcow2 images as fast as they can, while jobs are
// done on it: commits of active and intermediate layers, streams, mirrors with pivot, backups. Each
// image that comes of one is held against what the guest has written. Before each job there is an
// interval without one, which lasts as long as the last of the kind, and the longest requests of
// both are printed, with how many of the jobs have come to their end.
//
// With --moments it is only the short interval in which the graph changes that counts: a snapshot,
// and the pivots of a commit and of a mirror that were ready before, each beside an interval as
// long in which nothing changes.

#include "runtime/aio/io_thread.h"
#include "stressed_disk.h"
#include "testsuite/benchmarks/runtime/graph_stress/verified_load.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>

using namespace lockvet::runtime;
using graph_stress::Latencies;
using graph_stress::VerifiedLoad;
using job_stress::StressedDisk;

namespace {

constexpr unsigned thread_count = 2;
// How long the guest goes on before and after one.
constexpr auto beside_moment = std::chrono::milliseconds(50);

struct Options {
  unsigned jobs = 20;
  // Rounds of these instead of jobs, if any.
  unsigned moments = 0;
  uint64_t megabytes = 256;
  // Of each of the guest's sixteen coroutines, after four requests.
  std::chrono::microseconds pause = std::chrono::microseconds(0);
  std::string folder = "/dev/shm";
};

// Nothing if they can't be understood.
std::optional<Options> parse(int count, char** arguments) {
  Options options;
  for (int index = 1; index + 1 < count; index += 2) {
    char* end = nullptr;
    const char* const value = arguments[index + 1];
    if (std::strcmp(arguments[index], "--folder") == 0) {
      options.folder = value;
      continue;
    }
    const unsigned long number = std::strtoul(value, &end, 10);
    if (*end != '\0')
      return std::nullopt;
    if (std::strcmp(arguments[index], "--jobs") == 0)
      options.jobs = static_cast<unsigned>(number);
    else if (std::strcmp(arguments[index], "--moments") == 0)
      options.moments = static_cast<unsigned>(number);
    else if (std::strcmp(arguments[index], "--megabytes") == 0)
      options.megabytes = number;
    else if (std::strcmp(arguments[index], "--pause") == 0)
      options.pause = std::chrono::microseconds(number);
    else
      return std::nullopt;
  }
  return count % 2 == 1 && options.jobs > 0 && options.megabytes > 0 ? std::optional(options)
                                                                     : std::nullopt;
}

double milliseconds(StressedDisk::Time time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

// Such a part of them is shorter.
StressedDisk::Time at_part(std::vector<StressedDisk::Time> times, double part) {
  if (times.empty())
    return {};
  std::ranges::sort(times);
  return times[static_cast<size_t>(static_cast<double>(times.size()) * part)];
}

// Those of one kind, with the intervals without a job beside them.
struct Results {
  const char* name;
  // How long the last interval with one was.
  StressedDisk::Time last = std::chrono::milliseconds(200);
  unsigned begun = 0;
  unsigned converged = 0;
  std::vector<StressedDisk::Time> copying = {};
  Latencies with = {};
  Latencies without = {};
  std::vector<StressedDisk::Time> longest_with = {};
  std::vector<StressedDisk::Time> longest_without = {};

  void note(const Latencies& interval_without, const Latencies& interval_with) {
    without.add(interval_without);
    with.add(interval_with);
    longest_without.push_back(interval_without.longest());
    longest_with.push_back(interval_with.longest());
  }

  void print() const {
    std::printf("%-20s %u of %u", name, converged, begun);
    if (!copying.empty())
      std::printf(" converged, copying %.0f ms at the median, %.0f at most",
                  milliseconds(at_part(copying, 0.5)), milliseconds(std::ranges::max(copying)));
    std::printf("\n");
    for (const bool job : {false, true}) {
      const Latencies& all = job ? with : without;
      const auto& longest = job ? longest_with : longest_without;
      std::printf("  %-12s %9llu requests, ms: 50%% %.3f, 99%% %.2f, 99.9%% %.2f; longest of an "
                  "interval: median %.2f, 90%% %.2f, most %.2f\n",
                  job ? "with it" : "without it", static_cast<unsigned long long>(all.count()),
                  milliseconds(all.percentile(50)), milliseconds(all.percentile(99)),
                  milliseconds(all.percentile(99.9)), milliseconds(at_part(longest, 0.5)),
                  milliseconds(at_part(longest, 0.9)), milliseconds(all.longest()));
    }
    std::printf("  the longest with it is longer in %.0f%% of all pairs\n",
                100 * graph_stress::part_of_longer(longest_without, longest_with));
  }
};

// All of it, in the main loop.
class Stress {
public:
  Stress(const Options& options, std::string folder) LV_MAIN_LOOP LV_GRAPH_UNLOCKED
      : disk_(graph_, pool_, std::move(folder), options.megabytes << 20) {
    std::vector<AioContext*> contexts;
    for (unsigned number = 0; number < thread_count; ++number) {
      threads_.push_back(std::move(*IOThread::create("io " + std::to_string(number))));
      contexts.push_back(&threads_.back()->context());
    }
    load_.emplace(std::vector{&disk_.backend()}, (options.megabytes << 20) / VerifiedLoad::sector,
                  contexts, VerifiedLoad::Options{.workers_of_context = 8, .pause = options.pause});
  }

  void LV_NO_COROUTINE_FN run(unsigned rounds) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    // So that there is something to copy.
    interval([&] {
      MainLoop::assert_here();
      StressedDisk::run_for(std::chrono::milliseconds(200));
    });
    for (unsigned round = 0; round < rounds; ++round) {
      one(active_, Layers::added, [&] {
        MainLoop::assert_here();
        return disk_.commit_active();
      });
      one(intermediate_, Layers::added, [&] {
        MainLoop::assert_here();
        return disk_.commit_intermediate();
      });
      one(stream_, Layers::as_they_are, [&] {
        MainLoop::assert_here();
        return disk_.stream();
      });
      one(mirror_, Layers::as_they_are, [&] {
        MainLoop::assert_here();
        return disk_.mirror();
      });
      one(backup_, Layers::as_they_are, [&] {
        MainLoop::assert_here();
        return disk_.end_backup();
      });
    }
  }

  void LV_NO_COROUTINE_FN run_moments(unsigned rounds) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    for (unsigned round = 0; round < rounds; ++round) {
      // Requests to an overlay that is new take longer, since they allocate clusters. So there is
      // one in the interval without a snapshot, too.
      disk_.prepare_overlay();
      disk_.insert_prepared_overlay();
      disk_.prepare_overlay();
      one_moment(snapshot_, [&] {
        MainLoop::assert_here();
        disk_.insert_prepared_overlay();
        return true;
      });
      bool ready = false;
      interval([&] {
        MainLoop::assert_here();
        ready = disk_.begin_active_commit();
      });
      one_moment(commit_pivot_, [&] {
        MainLoop::assert_here();
        return ready && disk_.end_active_commit().converged;
      });
      interval([&] {
        MainLoop::assert_here();
        ready = disk_.begin_mirror();
      });
      one_moment(mirror_pivot_, [&] {
        MainLoop::assert_here();
        return ready && disk_.end_mirror().converged;
      });
      disk_.check(load_->content(0));
    }
  }

  // Whether all was as it should be.
  bool LV_NO_COROUTINE_FN finish() LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    bool good = load_->failed() == 0 && load_->wrong() == 0;
    for (const Results* results : {&active_, &intermediate_, &stream_, &mirror_, &backup_,
                                   &snapshot_, &commit_pivot_, &mirror_pivot_}) {
      if (results->begun > 0)
        results->print();
      good = good && results->converged == results->begun;
    }
    if (load_->failed() != 0 || load_->wrong() != 0)
      std::printf("%llu requests have failed, and %llu sectors were wrong\n",
                  static_cast<unsigned long long>(load_->failed()),
                  static_cast<unsigned long long>(load_->wrong()));
    disk_.close();
    for (const std::string& problem : disk_.problems())
      std::printf("%s\n", problem.c_str());
    return good && disk_.problems().empty();
  }

private:
  // The load, for as long as `body` takes.
  template <typename Body>
  Latencies LV_NO_COROUTINE_FN interval(Body&& body) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    load_->start();
    body();
    load_->request_stop();
    while (load_->running())
      StressedDisk::run_for(std::chrono::microseconds(200));
    return load_->latencies();
  }

  enum class Layers { as_they_are, added };

  template <typename Job>
  void LV_NO_COROUTINE_FN one(Results& results, Layers layers,
                              Job&& job) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    if (layers == Layers::added)
      interval([&] {
        MainLoop::assert_here();
        disk_.add_layers();
      });
    const Latencies without = interval([&] {
      MainLoop::assert_here();
      StressedDisk::run_for(results.last);
    });
    if (&results == &backup_) {
      before_backup_ = load_->content(0);
      disk_.begin_backup();
    }
    StressedDisk::Outcome outcome;
    const auto begun = Clock::now();
    const Latencies with = interval([&] { outcome = job(); });
    results.last = Clock::now() - begun;
    disk_.remove_unused();
    if (&results == &backup_)
      disk_.compare_backup(before_backup_);
    disk_.check(load_->content(0));
    ++results.begun;
    results.converged += outcome.converged ? 1 : 0;
    if (outcome.converged)
      results.copying.push_back(outcome.copying);
    results.note(without, with);
  }

  // Intervals without and with it, in the midst of the second.
  template <typename Change>
  void LV_NO_COROUTINE_FN one_moment(Results& results,
                                     Change&& change) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const Latencies without = interval([&] {
      MainLoop::assert_here();
      StressedDisk::run_for(2 * beside_moment);
    });
    const Latencies with = interval([&] {
      MainLoop::assert_here();
      StressedDisk::run_for(beside_moment);
      results.converged += change() ? 1 : 0;
      StressedDisk::run_for(beside_moment);
    });
    disk_.remove_unused();
    ++results.begun;
    results.note(without, with);
  }

  std::vector<std::unique_ptr<IOThread>> threads_;
  ThreadPool pool_;
  Graph graph_;
  StressedDisk disk_;
  std::optional<VerifiedLoad> load_;
  std::vector<uint64_t> before_backup_;
  Results active_{"active commit"};
  Results intermediate_{"intermediate commit"};
  Results stream_{"stream"};
  Results mirror_{"mirror with pivot"};
  Results backup_{"backup"};
  Results snapshot_{"snapshot"};
  Results commit_pivot_{"pivot of a commit"};
  Results mirror_pivot_{"pivot of a mirror"};
};

} // namespace

int main(int count, char** arguments) {
  const auto options = parse(count, arguments);
  std::string folder = options ? options->folder + "/job-stress-XXXXXX" : std::string();
  if (!options || mkdtemp(folder.data()) == nullptr) {
    std::fprintf(stderr, "Usage: job_stress [--jobs N | --moments N] [--megabytes N] "
                         "[--pause MICROSECONDS] [--folder FOLDER]\n");
    return 2;
  }
  const auto context = std::move(*AioContext::create());
  const MainLoop main_loop(*context);
  MainLoop::assert_here();
  bool good = false;
  {
    Stress stress(*options, folder);
    if (options->moments > 0)
      stress.run_moments(options->moments);
    else
      stress.run(options->jobs);
    good = stress.finish();
  }
  std::filesystem::remove_all(folder);
  context->assert_home();
  context->stop();
  context->loop();
  return good ? 0 : 1;
}
