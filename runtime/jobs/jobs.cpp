// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/jobs.h"

#include <algorithm>

namespace lockvet::runtime {

struct Jobs::Entry {
  JobOptions options;
  std::unique_ptr<Job> job;
  std::unique_ptr<JobControl> control;
  JobStatus status = JobStatus::created;
  // It is being set up, or makes its last changes, and takes no verb meanwhile.
  bool changing = true;
  bool ready_told = false;
  bool cancelled = false;
  // Why it has failed; empty as long as it has not.
  std::string error;
};

namespace {

// What somebody else is at work on for a moment is soon tried again, and what another job holds as
// long as it runs is not tried all the time.
constexpr auto first_retry_time = std::chrono::milliseconds(1);
constexpr auto longest_retry_time = std::chrono::milliseconds(64);

// Has it called in the main loop, outside of coroutines.
template <typename Body> void post(Body&& body) {
  if (!MainLoop::context().schedule(std::forward<Body>(body)))
    misuse("a job goes on when the main loop has ended.");
}

std::string job_named(std::string_view id) {
  std::string text = "the job '";
  text += id;
  text += "'";
  return text;
}

} // namespace

Jobs::Jobs(Graph& graph) : graph_(graph) {}

Jobs::~Jobs() {
  MainLoop::assert_here();
  if (!attempts_.empty())
    misuse("a registry of jobs is destroyed while it tries to take away what jobs have left.");
  if (!entries_.empty())
    misuse("a registry is destroyed while it has " + job_named(entries_.front()->options.id) + ".");
}

// --- looking -------------------------------------------------------------------------------------

Jobs::Entry* Jobs::find_entry(std::string_view id) const {
  for (const auto& entry : entries_)
    if (entry->options.id == id)
      return entry.get();
  return nullptr;
}

GraphResult<Jobs::Entry*> Jobs::find_for(std::string_view id, JobVerb verb) const {
  Entry* const entry = find_entry(id);
  if (entry == nullptr)
    return graph_error(std::errc::no_such_file_or_directory,
                       "there is no job '" + std::string(id) + "'.");
  if (entry->changing || !allows(entry->status, verb))
    return graph_error(std::errc::device_or_resource_busy,
                       job_named(id) + " is '" + std::string(to_string(entry->status)) +
                           "', and does not take '" + std::string(to_string(verb)) + "' now.");
  return entry;
}

JobInfo Jobs::describe(Entry& entry) {
  return {.id = entry.options.id,
          .type = std::string(entry.job->type()),
          .device = entry.job->device(),
          .status = entry.status,
          .current = entry.control->done(),
          .total = entry.control->total(),
          .speed = entry.control->speed(),
          .ready = entry.control->ready(),
          .paused = entry.control->pause_wanted(),
          .auto_finalize = entry.options.auto_finalize,
          .auto_dismiss = entry.options.auto_dismiss,
          .error = entry.error};
}

std::vector<JobInfo> Jobs::query() const {
  std::vector<JobInfo> found;
  found.reserve(entries_.size());
  for (const auto& entry : entries_)
    found.push_back(describe(*entry));
  return found;
}

std::optional<JobInfo> Jobs::find(std::string_view id) const {
  Entry* const entry = find_entry(id);
  if (entry == nullptr)
    return std::nullopt;
  return describe(*entry);
}

void Jobs::notify(Entry& entry, JobEvent::Kind kind) {
  if (observer_)
    observer_({.kind = kind, .job = describe(entry)});
}

void Jobs::set_status(Entry& entry, JobStatus status) {
  if (!leads_to(entry.status, status))
    misuse(job_named(entry.options.id) + " goes from '" + std::string(to_string(entry.status)) +
           "' to '" + std::string(to_string(status)) + "'.");
  entry.status = status;
  notify(entry, JobEvent::Kind::status_change);
}

// --- from its begin to its end -------------------------------------------------------------------

std::unique_ptr<JobControl> Jobs::make_control(Entry& entry, const JobOptions& options) {
  AioContext& context = options.context != nullptr ? *options.context : MainLoop::context();
  // What is posted is done before the end of its work is, which is posted after it; so the entry
  // is there.
  return std::make_unique<JobControl>(
      context, options.speed, JobControl::Policy{options.on_source_error, options.on_target_error},
      JobControl::Listener{.changed =
                               [this, &entry] {
                                 post([this, &entry] {
                                   MainLoop::assert_here();
                                   look_again(entry);
                                 });
                               },
                           .failed =
                               [this, &entry](const JobFailure& failure, OnError action) {
                                 post([this, &entry, failure, action] {
                                   MainLoop::assert_here();
                                   if (observer_)
                                     observer_({.kind = JobEvent::Kind::error,
                                                .job = describe(entry),
                                                .reading = failure.reading,
                                                .action = action});
                                 });
                               }});
}

GraphResult<> Jobs::start(std::unique_ptr<Job> job, const JobOptions& options) {
  auto prepared = prepare(std::move(job), options);
  return prepared ? run(options.id) : prepared;
}

GraphResult<> Jobs::prepare(std::unique_ptr<Job> job, const JobOptions& options) {
  if (options.id.empty())
    return graph_error(std::errc::invalid_argument, "a job needs a name.");
  if (find_entry(options.id) != nullptr)
    return graph_error(std::errc::file_exists, "there is a job '" + options.id + "' already.");
  // In the list before it is set up, so that nobody takes the name meanwhile.
  entries_.push_back(std::make_unique<Entry>());
  Entry& entry = *entries_.back();
  entry.options = options;
  entry.job = std::move(job);
  entry.control = make_control(entry, options);
  notify(entry, JobEvent::Kind::status_change);
  auto begun = entry.job->begin();
  if (!begun)
    take_back(options.id);
  return begun;
}

GraphResult<> Jobs::run(std::string_view id) {
  Entry& entry = *find_entry(id);
  if (!Coroutine::spawn(entry.control->context(), [this, &entry]() LV_COROUTINE_FN {
        std::error_code result;
        {
          const JobControl::Worker worker(*entry.control);
          result = entry.job->co_run(*entry.control);
        }
        post([this, &entry, result] {
          MainLoop::assert_here();
          work_ended(entry, result);
        });
      })) {
    take_back(id);
    return graph_error(std::errc::operation_canceled,
                       "the context for the job has ended, which can't run.");
  }
  set_status(entry, JobStatus::running);
  entry.changing = false;
  return {};
}

void Jobs::take_back(std::string_view id) {
  Entry& entry = *find_entry(id);
  entry.job->clean(false);
  remove(entry);
}

void Jobs::look_again(Entry& entry) {
  using enum JobStatus;
  const bool all_paused = entry.control->all_paused();
  if (entry.status == paused && !all_paused)
    set_status(entry, running);
  else if (entry.status == standby && !all_paused)
    set_status(entry, ready);
  if (entry.status == running && entry.control->ready()) {
    set_status(entry, ready);
    notify(entry, JobEvent::Kind::ready);
  }
  if (entry.status == running && all_paused)
    set_status(entry, paused);
  else if (entry.status == ready && all_paused)
    set_status(entry, standby);
}

void Jobs::work_ended(Entry& entry, std::error_code result) {
  entry.changing = true;
  look_again(entry);
  entry.cancelled = entry.control->cancelled();
  if (result && !entry.cancelled)
    entry.error = result.message();
  if (result || entry.cancelled)
    return fail(entry);
  set_status(entry, JobStatus::waiting);
  entry.changing = false;
  const std::vector<Entry*> group = group_of(entry);
  const auto is_waiting = [](const Entry* one) { return one->status == JobStatus::waiting; };
  if (!std::ranges::all_of(group, is_waiting))
    return;
  for (Entry* const one : group) {
    set_status(*one, JobStatus::pending);
    if (!one->options.auto_finalize)
      notify(*one, JobEvent::Kind::pending);
  }
  if (std::ranges::all_of(group, [](const Entry* one) { return one->options.auto_finalize; }))
    // Who failed says so by its event.
    (void)finalize(entry);
}

std::vector<Jobs::Entry*> Jobs::group_of(const Entry& entry) const {
  std::vector<Entry*> found;
  for (const auto& one : entries_)
    if (one.get() == &entry ||
        (entry.options.group != 0 && one->options.group == entry.options.group &&
         one->status != JobStatus::aborting && one->status != JobStatus::concluded))
      found.push_back(one.get());
  return found;
}

GraphResult<> Jobs::finalize(Entry& entry) {
  const std::vector<Entry*> group = group_of(entry);
  for (Entry* const one : group)
    one->changing = true;
  for (Entry* const one : group) {
    auto finished = one->job->finish();
    if (!finished) {
      one->error = finished.error().message;
      fail(*one);
      return finished;
    }
  }
  for (Entry* const one : group) {
    one->job->clean(true);
    conclude(*one);
  }
  return {};
}

void Jobs::fail(Entry& entry) {
  std::vector<Entry*> to_abort;
  for (Entry* const one : group_of(entry)) {
    const bool at_work =
        one != &entry && one->status != JobStatus::waiting && one->status != JobStatus::pending;
    one->cancelled = one->cancelled || one != &entry;
    if (at_work)
      one->control->cancel();
    else
      to_abort.push_back(one);
  }
  // Before the main loop runs, in which those at work end.
  for (Entry* const one : to_abort) {
    one->changing = true;
    set_status(*one, JobStatus::aborting);
  }
  for (Entry* const one : to_abort) {
    one->job->clean(false);
    conclude(*one);
  }
}

void Jobs::conclude(Entry& entry) {
  notify(entry, entry.cancelled ? JobEvent::Kind::cancelled : JobEvent::Kind::completed);
  set_status(entry, JobStatus::concluded);
  entry.changing = false;
  if (entry.options.auto_dismiss)
    remove(entry);
}

void Jobs::remove(Entry& entry) {
  set_status(entry, JobStatus::null);
  std::erase_if(entries_, [&](const auto& own) { return own.get() == &entry; });
}

GraphResult<bool> Jobs::reopen(Node& node, bool read_only) {
  return reopen_ ? reopen_(node, read_only) : false;
}

void Jobs::insist(std::function<bool()> attempt) {
  if (attempt()) {
    retry_time_ = first_retry_time;
    return;
  }
  attempts_.push_back(std::move(attempt));
  // The first of them has all tried again.
  if (attempts_.size() > 1)
    return;
  const auto wait = std::exchange(retry_time_, std::min(retry_time_ * 2, longest_retry_time));
  if (!Coroutine::spawn(MainLoop::context(), [this, wait]() LV_COROUTINE_FN {
        AioContext& context = MainLoop::context();
        context.assert_home();
        (void)co_sleep_until(context, Clock::now() + wait, nullptr);
        post([this] {
          MainLoop::assert_here();
          retry();
        });
      }))
    misuse("a job has ended after the main loop.");
}

void Jobs::retry() {
  for (auto& attempt : std::exchange(attempts_, {}))
    insist(std::move(attempt));
}

// --- verbs ---------------------------------------------------------------------------------------

GraphResult<> Jobs::pause(std::string_view id) {
  const auto entry = find_for(id, JobVerb::pause);
  if (!entry)
    return std::unexpected(entry.error());
  if ((*entry)->control->pause_wanted())
    return graph_error(std::errc::device_or_resource_busy, job_named(id) + " is paused already.");
  (*entry)->control->pause();
  return {};
}

GraphResult<> Jobs::resume(std::string_view id) {
  const auto entry = find_for(id, JobVerb::resume);
  if (!entry)
    return std::unexpected(entry.error());
  if (!(*entry)->control->pause_wanted())
    return graph_error(std::errc::device_or_resource_busy, job_named(id) + " is not paused.");
  (*entry)->control->resume();
  return {};
}

GraphResult<> Jobs::cancel(std::string_view id, bool force) {
  const auto found = find_for(id, JobVerb::cancel);
  if (!found)
    return std::unexpected(found.error());
  Entry& entry = **found;
  if (entry.status == JobStatus::waiting || entry.status == JobStatus::pending) {
    entry.cancelled = true;
    entry.changing = true;
    fail(entry);
  } else if (!force && entry.control->ready() && entry.job->give_up_softly()) {
    entry.control->resume();
  } else {
    entry.control->cancel();
  }
  return {};
}

GraphResult<> Jobs::set_speed(std::string_view id, uint64_t bytes_per_second) {
  const auto entry = find_for(id, JobVerb::set_speed);
  if (!entry)
    return std::unexpected(entry.error());
  (*entry)->control->set_speed(bytes_per_second);
  return {};
}

GraphResult<> Jobs::complete(std::string_view id) {
  const auto entry = find_for(id, JobVerb::complete);
  if (!entry)
    return std::unexpected(entry.error());
  (*entry)->job->complete();
  return {};
}

GraphResult<> Jobs::finalize(std::string_view id) {
  const auto entry = find_for(id, JobVerb::finalize);
  if (!entry)
    return std::unexpected(entry.error());
  return finalize(**entry);
}

GraphResult<> Jobs::dismiss(std::string_view id) {
  const auto entry = find_for(id, JobVerb::dismiss);
  if (!entry)
    return std::unexpected(entry.error());
  remove(**entry);
  return {};
}

void Jobs::cancel_all() {
  for (const auto& entry : entries_) {
    entry->options.auto_dismiss = true;
    entry->control->cancel();
  }
  const auto waits_for_its_user = [this]() LV_REQUIRES(lockvet_main_loop) -> Entry* {
    for (const auto& entry : entries_)
      if (!entry->changing &&
          (entry->status == JobStatus::waiting || entry->status == JobStatus::pending ||
           entry->status == JobStatus::concluded))
        return entry.get();
    return nullptr;
  };
  while (!entries_.empty() || !attempts_.empty()) {
    if (Entry* const entry = waits_for_its_user()) {
      if (entry->status == JobStatus::concluded) {
        remove(*entry);
      } else {
        entry->cancelled = true;
        entry->changing = true;
        fail(*entry);
      }
      continue;
    }
    MainLoop::wait_while([&] {
      MainLoop::assert_here();
      return !(entries_.empty() && attempts_.empty()) && waits_for_its_user() == nullptr;
    });
  }
}

} // namespace lockvet::runtime
