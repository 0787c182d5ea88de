// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "stressed_disk.h"

#include "runtime/drivers/qcow2/check.h"
#include "runtime/drivers/qcow2/create.h"
#include "runtime/graph/transaction.h"
#include "runtime/jobs/backup.h"
#include "runtime/jobs/commit.h"
#include "runtime/jobs/mirror.h"
#include "runtime/jobs/stream.h"
#include "testsuite/benchmarks/runtime/graph_stress/verified_load.h"
#include "testsuite/unit/runtime/qcow2/files.h"

#include <algorithm>
#include <filesystem>

namespace job_stress {

using namespace lockvet::runtime;

namespace {

// A job that takes longer does not converge.
constexpr auto most_time = std::chrono::seconds(60);
// In which a guest writes to a layer before the next comes, or the job.
constexpr auto life_of_layer = std::chrono::milliseconds(100);
constexpr size_t sector = graph_stress::VerifiedLoad::sector;
const std::string job = "job";

// For the next job.
struct FlagsReset {
  std::atomic<bool>& ready;
  std::atomic<bool>& ended;

  ~FlagsReset() { ready = ended = false; }
};

// Without keeping the processor busy; the main loop runs meanwhile.
template <typename Condition>
void LV_COROUTINE_FN co_wait(Condition&& condition, StressedDisk::Time most) {
  AioContext& context = MainLoop::context();
  const auto end = Clock::now() + most;
  while (!condition() && Clock::now() < end) {
    context.assert_home();
    (void)co_sleep_until(context, Clock::now() + std::chrono::microseconds(200), nullptr);
  }
}

} // namespace

StressedDisk::StressedDisk(Graph& graph, ThreadPool& pool, std::string folder, uint64_t size)
    : graph_(graph), pool_(pool), folder_(std::move(folder)), size_(size), jobs_(graph),
      backend_("disk", {}) {
  jobs_.set_observer([this](const JobEvent& event) {
    if (event.kind == JobEvent::Kind::ready)
      ready_ = true;
    if (event.kind == JobEvent::Kind::completed || event.kind == JobEvent::Kind::cancelled)
      error_ = event.kind == JobEvent::Kind::cancelled ? "it was cancelled" : event.job.error;
    if (event.job.status == JobStatus::null)
      ended_ = true;
  });
  images_.push_back(add_image(nullptr));
  expect(backend_.insert(*images_.back().node), "inserting the first image");
}

StressedDisk::~StressedDisk() = default;

bool StressedDisk::expect(const GraphResult<>& done, const std::string& doing) {
  if (!done)
    problems_.push_back(doing + ": " + done.error().message);
  return done.has_value();
}

void StressedDisk::run_for(Time time) {
  MainLoop::run_coroutine([&]() LV_COROUTINE_FN { co_wait([] { return false; }, time); });
}

bool StressedDisk::wait_for(const std::atomic<bool>& flag) {
  MainLoop::run_coroutine(
      [&]() LV_COROUTINE_FN { co_wait([&] { return flag || ended_; }, most_time); });
  return flag;
}

// --- images --------------------------------------------------------------------------------------

StressedDisk::Image StressedDisk::add_image(const Image* below) {
  const std::string name = "image" + std::to_string(++made_);
  Image image{.path = folder_ + "/" + name};
  {
    std::filesystem::remove(image.path);
    qcow2::DiskFile file(image.path);
    qcow2::CreateOptions options{.size = size_};
    if (below != nullptr) {
      options.backing_name = below->path;
      options.backing_format = "qcow2";
    }
    MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
      if (!qcow2::co_create(file, options))
        problems_.push_back(name + " can't be made.");
    });
  }
  AioContext& context = MainLoop::context();
  auto file = FileDriver::open(image.path, {}, pool_);
  image.file_node = *graph_.add(name + ".file", std::move(*file), context);
  auto driver = std::make_unique<qcow2::ImageDriver>(qcow2::MetadataOptions{});
  image.driver = driver.get();
  image.node = *graph_.add(name, std::move(driver), context);
  Transaction transaction;
  transaction.attach(*image.node, "file", EdgeRole::data | EdgeRole::metadata, *image.file_node);
  expect(transaction.commit(), "attaching a file");
  expect(image.driver->open(), "opening an image");
  return image;
}

void StressedDisk::prepare_overlay() {
  overlay_ = add_image(&images_.back());
}

void StressedDisk::insert_prepared_overlay() {
  const Image overlay = std::exchange(overlay_, {});
  if (expect(insert_overlay(*images_.back().node, *overlay.node), "taking a snapshot"))
    images_.push_back(overlay);
  else
    remove(overlay);
}

void StressedDisk::remove(const Image& image) {
  expect(image.driver->close(), "closing an image");
  expect(graph_.remove(*image.node), "removing an image");
  expect(graph_.remove(*image.file_node), "removing a file");
  {
    qcow2::DiskFile file(image.path);
    MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
      const auto report = qcow2::co_check(file);
      if (!report)
        problems_.push_back(image.path + ": " + report.error().message);
      else if (!report->clean())
        problems_.push_back(image.path + ": " + report->problems.front());
    });
  }
  std::filesystem::remove(image.path);
}

void StressedDisk::compare(Node& node, const std::vector<uint64_t>& content,
                           const std::string& what) {
  BlockBackend reader("reader", {.permissions = {Permission::consistent_read, Permission::all}});
  if (!expect(reader.insert(node), "reading " + what))
    return;
  constexpr size_t words = sector / sizeof(uint64_t);
  uint64_t wrong = 0;
  MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
    constexpr size_t at_once = 128;
    std::vector<uint64_t> data(at_once * words);
    for (size_t at = 0; at < content.size(); at += at_once) {
      const size_t count = std::min(at_once, content.size() - at);
      if (reader.co_preadv(at * sector, {data.data(), count * sector}))
        ++wrong;
      for (size_t index = 0; index < count * words; ++index)
        wrong += data[index] != content[at + index / words] ? 1 : 0;
    }
  });
  if (wrong != 0)
    problems_.push_back(what + " is wrong at " + std::to_string(wrong) + " places.");
  expect(reader.remove(), "having read " + what);
}

void StressedDisk::check(const std::vector<uint64_t>& content) {
  compare(*images_.back().node, content, "the disk");
}

void StressedDisk::remove_unused() {
  // Overlays before what they stand on.
  for (const Image& image : std::exchange(unused_, {}))
    remove(image);
}

void StressedDisk::close() {
  expect(backend_.remove(), "letting go of the disk");
  jobs_.cancel_all();
  remove_unused();
  while (!images_.empty()) {
    const Image top = images_.back();
    images_.pop_back();
    remove(top);
  }
}

// --- jobs ----------------------------------------------------------------------------------------

bool StressedDisk::see_ready(const GraphResult<>& started) {
  copying_ = {};
  begun_ = Clock::now();
  if (!expect(started, "beginning a job"))
    return false;
  const bool ready = wait_for(ready_);
  copying_ = Clock::now() - begun_;
  return ready || ended_;
}

StressedDisk::Outcome StressedDisk::see_end() {
  const FlagsReset reset{ready_, ended_};
  if (ready_)
    expect(jobs_.complete(job), "completing a job");
  if (!wait_for(ended_)) {
    problems_.push_back("a job has not come to its end.");
    jobs_.cancel_all();
    return {};
  }
  if (!error_.empty()) {
    problems_.push_back("a job has failed: " + error_);
    return {};
  }
  return {.converged = true, .copying = copying_};
}

void StressedDisk::add_layers() {
  for (int layer = 0; layer < 2; ++layer) {
    prepare_overlay();
    insert_prepared_overlay();
    run_for(life_of_layer);
  }
}

bool StressedDisk::begin_active_commit() {
  return see_ready(
      start_commit(jobs_, {.id = job},
                   {.top = images_.back().node->name(), .base = images_.front().node->name()}));
}

StressedDisk::Outcome StressedDisk::end_active_commit() {
  const Outcome outcome = see_end();
  for (; outcome.converged && images_.size() > 1; images_.pop_back())
    unused_.push_back(images_.back());
  return outcome;
}

StressedDisk::Outcome StressedDisk::commit_active() {
  return begin_active_commit() ? end_active_commit() : Outcome{};
}

StressedDisk::Outcome StressedDisk::commit_intermediate() {
  if (!see_ready(start_commit(jobs_, {.id = job},
                              {.top = images_[1].node->name(), .base = images_[0].node->name()})))
    return {};
  const Outcome outcome = see_end();
  if (outcome.converged) {
    unused_.push_back(images_[1]);
    images_.erase(images_.begin() + 1);
  }
  return outcome;
}

StressedDisk::Outcome StressedDisk::stream() {
  if (!see_ready(start_stream(jobs_, {.id = job}, {.node = images_.back().node->name()})))
    return {};
  const Outcome outcome = see_end();
  for (; outcome.converged && images_.size() > 1; images_.erase(images_.end() - 2))
    unused_.push_back(images_[images_.size() - 2]);
  return outcome;
}

bool StressedDisk::begin_mirror() {
  target_ = add_image(nullptr);
  return see_ready(start_mirror(
      jobs_, {.id = job}, {.node = images_.back().node->name(), .target = target_.node->name()}));
}

StressedDisk::Outcome StressedDisk::end_mirror() {
  const Outcome outcome = see_end();
  const Image target = std::exchange(target_, {});
  unused_.push_back(outcome.converged ? std::exchange(images_.back(), target) : target);
  return outcome;
}

StressedDisk::Outcome StressedDisk::mirror() {
  return begin_mirror() ? end_mirror() : Outcome{};
}

void StressedDisk::begin_backup() {
  target_ = add_image(nullptr);
  expect(start_backup(jobs_, {.id = job},
                      {.node = images_.back().node->name(), .target = target_.node->name()}),
         "beginning a backup");
}

StressedDisk::Outcome StressedDisk::end_backup() {
  return see_ready({}) ? see_end() : Outcome{};
}

void StressedDisk::compare_backup(const std::vector<uint64_t>& content) {
  compare(*target_.node, content, "a backup");
  remove(std::exchange(target_, {}));
}

} // namespace job_stress
