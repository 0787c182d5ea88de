// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "verified_load.h"

#include "runtime/aio/co_wait.h"

#include <algorithm>
#include <array>

namespace graph_stress {

using namespace lockvet::runtime;

namespace {

using Sector = std::array<uint64_t, VerifiedLoad::sector / sizeof(uint64_t)>;

constexpr unsigned requests_before_pause = 4;
constexpr uint64_t most_sectors_of_read = 32;

} // namespace

VerifiedLoad::VerifiedLoad(std::vector<BlockBackend*> disks, uint64_t sectors,
                           std::vector<AioContext*> contexts, Options options)
    : disks_(std::move(disks)), sectors_(sectors), contexts_(std::move(contexts)),
      options_(options),
      workers_(static_cast<unsigned>(contexts_.size()) * options.workers_of_context),
      stamps_(disks_.size() * sectors) {}

void VerifiedLoad::start() {
  stop_ = false;
  {
    ThreadLock lock(mutex_);
    latencies_ = {};
  }
  ++starts_;
  for (unsigned number = 0; number < workers_; ++number) {
    AioContext& context = *contexts_[number % contexts_.size()];
    ++running_;
    if (!Coroutine::spawn(context,
                          [this, &context, number]() LV_COROUTINE_FN { work(context, number); }))
      --running_;
  }
}

void VerifiedLoad::work(AioContext& context, unsigned number) {
  Worker worker{number, Random(static_cast<unsigned>(starts_ * workers_ + number + 1))};
  Latencies latencies;
  while (!stop_.load(std::memory_order_relaxed)) {
    const auto begun = Clock::now();
    one_request(worker);
    latencies.note(Clock::now() - begun);
    if (latencies.count() % requests_before_pause == 0) {
      context.assert_home();
      (void)co_sleep_until(context, Clock::now() + options_.pause, nullptr);
    }
  }
  {
    ThreadLock lock(mutex_);
    latencies_.add(latencies);
  }
  --running_;
}

Latencies VerifiedLoad::latencies() {
  ThreadLock lock(mutex_);
  return latencies_;
}

std::vector<uint64_t> VerifiedLoad::content(unsigned disk) const {
  const auto begin = stamps_.begin() + static_cast<ptrdiff_t>(disk * sectors_);
  return {begin, begin + static_cast<ptrdiff_t>(sectors_)};
}

void VerifiedLoad::one_request(Worker& worker) {
  const auto disk = static_cast<unsigned>(worker.random() % disks_.size());
  const uint64_t own = sectors_ / workers_;
  const uint64_t at = worker.random() % own * workers_ + worker.number;
  const unsigned kind = worker.random() % 32;
  std::error_code error;
  if (kind == 0)
    error = disks_[disk]->co_flush();
  else if (kind < 16)
    error = write(worker, disk, at, kind < 3);
  else
    error = read(worker, disk, at);
  if (error)
    ++failed_;
}

std::error_code VerifiedLoad::write(Worker& worker, unsigned disk, uint64_t at, bool zeroes) {
  uint64_t& now = stamp(disk, at);
  if (zeroes) {
    now = 0;
    return disks_[disk]->co_pwrite_zeroes(at * sector, sector, RequestFlags::may_unmap);
  }
  // No two are alike, so that data of another place or time is seen for what it is.
  now = (uint64_t{worker.random()} << 32) + (uint64_t{disk} << 28) + at + 1;
  Sector data;
  data.fill(now);
  return disks_[disk]->co_pwritev(at * sector, {data.data(), sector});
}

// Its own sector and what is behind it, in two pieces.
std::error_code VerifiedLoad::read(Worker& worker, unsigned disk, uint64_t at) {
  const uint64_t count =
      1 + worker.random() % std::min<uint64_t>(most_sectors_of_read, sectors_ - at);
  std::vector<Sector> data(count);
  const size_t first = 1 + worker.random() % count;
  const std::array pieces{iovec{data.data(), first * sector},
                          iovec{data.data() + first, (count - first) * sector}};
  if (const auto error = disks_[disk]->co_preadv(at * sector, IoVector(pieces)))
    return error;
  for (uint64_t mine = 0; mine < count; mine += workers_) {
    const uint64_t expected = stamp(disk, at + mine);
    if (std::ranges::any_of(data[mine], [&](uint64_t found) { return found != expected; }))
      ++wrong_;
  }
  return {};
}

} // namespace graph_stress
