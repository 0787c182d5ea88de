// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The registry of jobs: states, verbs, events, pauses, speed limits and errors, of a job that does
// nothing else.

#include "runtime/coroutine/co_group.h"
#include "runtime/jobs/jobs.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"

namespace lockvet::runtime {
namespace {

// Does as many steps as it is told to, in two coroutines.
class SteppingJob final : public Job {
public:
  struct Plan {
    uint64_t steps = 10;
    uint64_t bytes_of_step = 1;
    // It is ready then, and goes on until it is to complete.
    bool gets_ready = false;
    // So many requests fail first.
    unsigned failures = 0;
    std::errc failure = std::errc::io_error;
    bool refuses_begin = false;
    bool refuses_finish = false;
  };
  struct Seen {
    std::atomic<uint64_t> steps = 0;
    bool begun = false;
    bool finished = false;
    int cleaned = 0;
    bool succeeded = false;
  };

  SteppingJob(Plan plan, Seen& seen) : plan_(plan), seen_(seen) {}

  std::string_view type() const noexcept override { return "stepping"; }
  const std::string& device() const noexcept override { return device_; }

  GraphResult<> begin() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override {
    seen_.begun = true;
    if (plan_.refuses_begin)
      return graph_error(std::errc::invalid_argument, "the test does not want it.");
    return {};
  }
  GraphResult<> finish() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override {
    seen_.finished = true;
    if (plan_.refuses_finish)
      return graph_error(std::errc::invalid_argument, "the test does not want its end.");
    return {};
  }
  void clean(bool succeeded) LV_MAIN_LOOP LV_GRAPH_UNLOCKED override {
    ++seen_.cleaned;
    seen_.succeeded = succeeded;
  }
  void complete() LV_MAIN_LOOP override { completing_ = true; }
  bool give_up_softly() LV_MAIN_LOOP override {
    completing_ = true;
    return true;
  }

  std::error_code LV_COROUTINE_FN co_run(JobControl& control) override {
    CoGroup group;
    control.set_left(plan_.steps * plan_.bytes_of_step);
    group.spawn(control.context(), [&]() LV_COROUTINE_FN {
      const JobControl::Worker worker(control);
      return co_work(control);
    });
    const std::error_code mine = co_work(control);
    const std::error_code others = group.wait();
    return mine ? mine : others;
  }

private:
  std::error_code LV_COROUTINE_FN co_work(JobControl& control) {
    for (uint64_t mine = 0; mine < plan_.steps / 2; ++mine) {
      while (plan_.failures > 0) {
        --plan_.failures;
        if (const auto error = control.co_meet_failure({true, std::make_error_code(plan_.failure)}))
          return error;
      }
      ++seen_.steps;
      control.add_done(plan_.bytes_of_step);
      if (const auto error = control.co_step(plan_.bytes_of_step))
        return error;
    }
    if (plan_.gets_ready) {
      control.set_ready();
      while (!completing_) {
        control.co_rest(std::chrono::milliseconds(1));
        if (const auto error = control.co_step(0))
          return error;
      }
    }
    return {};
  }

  Plan plan_;
  Seen& seen_;
  const std::string device_ = "disk";
  std::atomic<bool> completing_ = false;
};

class JobsTest : public GraphTest {
protected:
  JobsTest() : jobs_(graph()) {
    MainLoop::assert_here();
    jobs_.set_observer([this](const JobEvent& event) { events_.push_back(name_of(event)); });
  }

  GraphResult<> start(const JobOptions& options,
                      SteppingJob::Plan plan) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    return jobs_.start(std::make_unique<SteppingJob>(plan, seen_), options);
  }
  bool is(const std::string& id, JobStatus status) {
    MainLoop::assert_here();
    const auto info = jobs_.find(id);
    return info && info->status == status;
  }
  void wait_for(const std::string& id, JobStatus status) {
    run_until([&] { return is(id, status); });
  }
  void wait_for_all() {
    run_until([&] {
      MainLoop::assert_here();
      return jobs_.query().empty();
    });
  }

  static std::string name_of(const JobEvent& event) {
    switch (event.kind) {
    case JobEvent::Kind::status_change:
      return std::string(to_string(event.job.status));
    case JobEvent::Kind::ready:
      return "READY";
    case JobEvent::Kind::pending:
      return "PENDING";
    case JobEvent::Kind::completed:
      return "COMPLETED" + (event.job.error.empty() ? "" : ": " + event.job.error);
    case JobEvent::Kind::cancelled:
      return "CANCELLED";
    case JobEvent::Kind::error:
      return event.action == OnError::report ? "ERROR report"
             : event.action == OnError::stop ? "ERROR stop"
                                             : "ERROR ignore";
    }
    return "?";
  }
  using Names = std::vector<std::string>;

  SteppingJob::Seen seen_;
  Names events_;
  Jobs jobs_;
};

TEST_F(JobsTest, RunsToItsEnd) {
  MainLoop::assert_here();
  start_threads(1);
  ASSERT_TRUE(start({.id = "a", .context = &io(0)}, {.steps = 100}));
  EXPECT_EQ(jobs_.query().size(), 1U);
  wait_for_all();
  EXPECT_EQ(seen_.steps, 100U);
  EXPECT_TRUE(seen_.finished && seen_.succeeded);
  EXPECT_EQ(seen_.cleaned, 1);
  EXPECT_EQ(events_,
            (Names{"created", "running", "waiting", "pending", "COMPLETED", "concluded", "null"}));
}

TEST_F(JobsTest, WaitsToBeFinalizedAndDismissed) {
  MainLoop::assert_here();
  ASSERT_TRUE(start({.id = "a", .auto_finalize = false, .auto_dismiss = false}, {}));
  wait_for("a", JobStatus::pending);
  EXPECT_FALSE(seen_.finished);
  EXPECT_FALSE(jobs_.dismiss("a"));
  EXPECT_FALSE(jobs_.pause("a"));
  ASSERT_TRUE(jobs_.finalize("a"));
  EXPECT_TRUE(seen_.finished);
  ASSERT_TRUE(is("a", JobStatus::concluded));
  EXPECT_EQ(jobs_.find("a")->current, 10U);
  EXPECT_EQ(jobs_.find("a")->total, 10U);
  EXPECT_FALSE(jobs_.finalize("a"));
  ASSERT_TRUE(jobs_.dismiss("a"));
  EXPECT_EQ(events_, (Names{"created", "running", "waiting", "pending", "PENDING", "COMPLETED",
                            "concluded", "null"}));
  EXPECT_FALSE(jobs_.dismiss("a"));
}

TEST_F(JobsTest, RefusesASecondOneOfAName) {
  MainLoop::assert_here();
  ASSERT_TRUE(start({.id = "a"}, {.gets_ready = true}));
  EXPECT_EQ(start({.id = "a"}, {}).error().code, std::errc::file_exists);
  EXPECT_EQ(start({.id = ""}, {}).error().code, std::errc::invalid_argument);
  EXPECT_FALSE(jobs_.complete("b"));
  jobs_.cancel_all();
  events_.clear();
  EXPECT_FALSE(start({.id = "a"}, {.refuses_begin = true}));
  EXPECT_TRUE(jobs_.query().empty());
  EXPECT_EQ(events_, (Names{"created", "null"}));
}

TEST_F(JobsTest, PausesAndGoesOn) {
  MainLoop::assert_here();
  start_threads(1);
  ASSERT_TRUE(start({.id = "a", .context = &io(0)}, {.steps = 1000000, .gets_ready = true}));
  EXPECT_FALSE(jobs_.resume("a"));
  ASSERT_TRUE(jobs_.pause("a"));
  EXPECT_FALSE(jobs_.pause("a"));
  wait_for("a", JobStatus::paused);
  EXPECT_FALSE(jobs_.complete("a"));
  const uint64_t steps = seen_.steps;
  run_some_turns();
  EXPECT_EQ(seen_.steps, steps);
  ASSERT_TRUE(jobs_.resume("a"));
  wait_for("a", JobStatus::running);
  run_until([&] { return seen_.steps > steps; });
  ASSERT_TRUE(jobs_.cancel("a"));
  wait_for_all();
  EXPECT_FALSE(seen_.finished);
  EXPECT_EQ(events_, (Names{"created", "running", "paused", "running", "aborting", "CANCELLED",
                            "concluded", "null"}));
}

TEST_F(JobsTest, IsReadyAndCompletes) {
  MainLoop::assert_here();
  ASSERT_TRUE(start({.id = "a"}, {.gets_ready = true}));
  wait_for("a", JobStatus::ready);
  EXPECT_TRUE(jobs_.find("a")->ready);
  ASSERT_TRUE(jobs_.pause("a"));
  wait_for("a", JobStatus::standby);
  ASSERT_TRUE(jobs_.resume("a"));
  wait_for("a", JobStatus::ready);
  ASSERT_TRUE(jobs_.complete("a"));
  wait_for_all();
  EXPECT_EQ(events_, (Names{"created", "running", "ready", "READY", "standby", "ready", "waiting",
                            "pending", "COMPLETED", "concluded", "null"}));
}

TEST_F(JobsTest, EndsSoftlyWhenItIsReady) {
  MainLoop::assert_here();
  ASSERT_TRUE(start({.id = "a"}, {.gets_ready = true}));
  wait_for("a", JobStatus::ready);
  ASSERT_TRUE(jobs_.cancel("a", false));
  wait_for_all();
  EXPECT_TRUE(seen_.succeeded);
  events_.clear();
  ASSERT_TRUE(start({.id = "b"}, {.gets_ready = true}));
  wait_for("b", JobStatus::ready);
  ASSERT_TRUE(jobs_.cancel("b", true));
  wait_for_all();
  EXPECT_FALSE(seen_.succeeded);
  EXPECT_EQ(events_.at(events_.size() - 3), "CANCELLED");
}

TEST_F(JobsTest, CanBeCancelledWhileItIsPausedOrPending) {
  MainLoop::assert_here();
  ASSERT_TRUE(start({.id = "a"}, {.steps = 1000000}));
  ASSERT_TRUE(jobs_.pause("a"));
  wait_for("a", JobStatus::paused);
  ASSERT_TRUE(jobs_.cancel("a"));
  wait_for_all();
  events_.clear();
  ASSERT_TRUE(start({.id = "b", .auto_finalize = false}, {}));
  wait_for("b", JobStatus::pending);
  ASSERT_TRUE(jobs_.cancel("b"));
  EXPECT_TRUE(jobs_.query().empty());
  EXPECT_FALSE(seen_.finished);
  EXPECT_EQ(events_, (Names{"created", "running", "waiting", "pending", "PENDING", "aborting",
                            "CANCELLED", "concluded", "null"}));
}

TEST_F(JobsTest, FailsAsItsPolicySays) {
  MainLoop::assert_here();
  ASSERT_TRUE(start({.id = "report"}, {.failures = 1}));
  wait_for_all();
  EXPECT_EQ(events_, (Names{"created", "running", "ERROR report", "aborting",
                            "COMPLETED: Input/output error", "concluded", "null"}));
  events_.clear();
  ASSERT_TRUE(start({.id = "ignore", .on_source_error = OnError::ignore}, {.failures = 2}));
  wait_for_all();
  EXPECT_EQ(events_, (Names{"created", "running", "ERROR ignore", "ERROR ignore", "waiting",
                            "pending", "COMPLETED", "concluded", "null"}));
  events_.clear();
  ASSERT_TRUE(start({.id = "enospc", .on_source_error = OnError::enospc},
                    {.failures = 1, .failure = std::errc::no_space_on_device}));
  wait_for("enospc", JobStatus::paused);
  ASSERT_TRUE(jobs_.resume("enospc"));
  wait_for_all();
  EXPECT_EQ(events_, (Names{"created", "running", "ERROR stop", "paused", "running", "waiting",
                            "pending", "COMPLETED", "concluded", "null"}));
  events_.clear();
  ASSERT_TRUE(start({.id = "other", .on_source_error = OnError::enospc}, {.failures = 1}));
  wait_for_all();
  EXPECT_EQ(events_.at(2), "ERROR report");
}

TEST_F(JobsTest, FailsIfItsLastChangesAreRefused) {
  MainLoop::assert_here();
  ASSERT_TRUE(start({.id = "a", .auto_dismiss = false}, {.refuses_finish = true}));
  wait_for("a", JobStatus::concluded);
  EXPECT_FALSE(seen_.succeeded);
  EXPECT_EQ(jobs_.find("a")->error, "the test does not want its end.");
  EXPECT_EQ(events_.at(4), "aborting");
  jobs_.cancel_all();
}

// By the bytes that it lets through in the time that passes, whatever else the machine does.
TEST_F(JobsTest, KeepsToItsSpeed) {
  MainLoop::assert_here();
  start_threads(1);
  constexpr uint64_t piece = 1 << 20;
  const auto begun = Clock::now();
  ASSERT_TRUE(start({.id = "a", .speed = 10 * piece, .context = &io(0)},
                    {.steps = 1 << 30, .bytes_of_step = piece}));
  run_until([&] { return seen_.steps >= 4; });
  const std::chrono::duration<double> passed = Clock::now() - begun;
  // A tenth of a second's bytes at once, and a piece of each coroutine that is paid for later.
  EXPECT_LE(static_cast<double>(seen_.steps), 10 * passed.count() + 1 + 3);
  EXPECT_EQ(jobs_.find("a")->speed, 10 * piece);
  // Too fast to measure, and at once.
  ASSERT_TRUE(jobs_.set_speed("a", 0));
  run_until([&] { return seen_.steps > 1000; });
  jobs_.cancel_all();
}

TEST_F(JobsTest, CancelsAllWhateverTheyDo) {
  MainLoop::assert_here();
  start_threads(1);
  ASSERT_TRUE(start({.id = "a", .context = &io(0)}, {.steps = 1 << 30}));
  ASSERT_TRUE(start({.id = "b"}, {.gets_ready = true}));
  ASSERT_TRUE(start({.id = "c", .auto_finalize = false}, {}));
  ASSERT_TRUE(start({.id = "d", .auto_dismiss = false}, {}));
  wait_for("c", JobStatus::pending);
  wait_for("d", JobStatus::concluded);
  jobs_.cancel_all();
  EXPECT_TRUE(jobs_.query().empty());
}

TEST(JobStatusTest, IsTheTableOfStates) {
  EXPECT_TRUE(leads_to(JobStatus::running, JobStatus::ready));
  EXPECT_FALSE(leads_to(JobStatus::running, JobStatus::concluded));
  EXPECT_FALSE(leads_to(JobStatus::null, JobStatus::running));
  EXPECT_TRUE(allows(JobStatus::concluded, JobVerb::dismiss));
  EXPECT_FALSE(allows(JobStatus::aborting, JobVerb::cancel));
  EXPECT_EQ(to_string(JobStatus::standby), "standby");
  EXPECT_EQ(to_string(JobVerb::set_speed), "set-speed");
}

} // namespace
} // namespace lockvet::runtime
