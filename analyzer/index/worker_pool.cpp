// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/worker_pool.h"

#include "analyzer/facts/serialize.h"
#include "analyzer/index/unit_failure.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <utility>

namespace lockvet::index {
namespace {

/// How often running workers' times are looked at.
constexpr int kTickMs = 200;

} // namespace

WorkerPool::~WorkerPool() = default;

void WorkerPool::submit(size_t ticket, Job job, bool urgent) {
  Task task{.ticket = ticket, .job = std::move(job)};
  if (urgent)
    waiting_.push_front(std::move(task));
  else
    waiting_.push_back(std::move(task));
}

llvm::Error WorkerPool::assign(Worker& worker) {
  if (waiting_.front().is_second_try && worker.is_warm)
    worker.process.reset();
  if (!worker.process) {
    llvm::Expected<std::unique_ptr<WorkerProcess>> process =
        WorkerProcess::start(options_.program, options_.limits.memory_bytes);
    if (!process)
      return process.takeError();
    worker.process = std::move(*process);
    worker.is_warm = false;
  }
  worker.task = std::move(waiting_.front());
  waiting_.pop_front();
  worker.process->clearErrors();
  worker.is_busy = true;
  ++running_;
  worker.cpu_at_start = worker.cpu_last = worker.process->cpuSeconds();
  worker.last_progress = Clock::now();
  // If it cannot be sent the worker is dying; the next poll says so, and why.
  worker.process->send(worker.task.job);
  return llvm::Error::success();
}

llvm::Error WorkerPool::handOut() {
  const size_t wanted = std::min<size_t>(options_.workers, pending());
  if (workers_.size() < wanted)
    workers_.resize(wanted);
  for (Worker& worker : workers_) {
    if (waiting_.empty())
      break;
    if (worker.is_busy)
      continue;
    if (llvm::Error error = assign(worker))
      return error;
  }
  return llvm::Error::success();
}

llvm::Expected<std::vector<Completion>> WorkerPool::wait(int timeout_ms, int stop_fd) {
  std::vector<Completion> done;
  const auto deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
  while (done.empty()) {
    if (llvm::Error error = handOut())
      return error;
    // Negative descriptors are skipped by poll().
    std::vector<pollfd> polled = {{.fd = stop_fd, .events = POLLIN, .revents = 0}};
    for (const Worker& worker : workers_) {
      const bool is_alive = worker.process != nullptr;
      polled.push_back(
          {.fd = is_alive ? worker.process->socket() : -1, .events = POLLIN, .revents = 0});
      polled.push_back(
          {.fd = is_alive ? worker.process->errors() : -1, .events = POLLIN, .revents = 0});
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0)
      break;
    const int ticks = static_cast<int>(std::min<int64_t>(left.count(), kTickMs));
    if (poll(polled.data(), polled.size(), ticks) < 0 && errno != EINTR)
      return llvm::createStringError(std::string("waiting for workers failed: ") +
                                     std::strerror(errno));
    for (size_t index = 0; index != workers_.size(); ++index) {
      Worker& worker = workers_[index];
      if (!worker.process)
        continue;
      if (polled[2 + 2 * index].revents != 0)
        worker.process->readErrors();
      if (polled[1 + 2 * index].revents != 0)
        serve(worker, done);
      checkTime(worker, done);
    }
    if (polled[0].revents != 0)
      break;
  }
  return done;
}

void WorkerPool::serve(Worker& worker, std::vector<Completion>& done) {
  const bool is_alive = worker.process->receive();
  if (worker.is_busy) {
    if (std::optional<std::string> frame = worker.process->takeFrame()) {
      llvm::Expected<facts::UnitFacts> unit = facts::parseUnit(*frame);
      if (unit) {
        complete(worker, std::move(*unit), done);
      } else {
        facts::UnitFacts garbled;
        garbled.status = facts::UnitStatus::Crashed;
        garbled.reason = "its worker's answer cannot be read: " + llvm::toString(unit.takeError());
        complete(worker, std::move(garbled), done);
        worker.process.reset();
        return;
      }
    }
  }
  if (!is_alive && worker.process)
    bury(worker, done);
}

void WorkerPool::complete(Worker& worker, facts::UnitFacts unit, std::vector<Completion>& done) {
  done.push_back({.ticket = worker.task.ticket, .unit = std::move(unit)});
  worker.is_busy = false;
  worker.is_warm = true;
  --running_;
  // Replaced at its next job.
  if (worker.process && worker.process->residentBytes() > options_.limits.recycle_bytes)
    worker.process.reset();
}

void WorkerPool::bury(Worker& worker, std::vector<Completion>& done) {
  worker.process->readErrors();
  const double cpu = worker.cpu_last - worker.cpu_at_start;
  const ProcessEnd end = worker.process->reap();
  const std::string said = worker.process->errorText().str();
  worker.process.reset();
  if (!worker.is_busy)
    return;
  // What earlier units left in a process may have been too much for it: try in a fresh one.
  if (worker.is_warm && !worker.task.is_second_try) {
    worker.is_busy = false;
    --running_;
    worker.task.is_second_try = true;
    waiting_.push_front(std::move(worker.task));
    return;
  }
  facts::UnitFacts unit = describeEnd(end, said, options_.limits);
  unit.cpu_seconds = cpu;
  complete(worker, std::move(unit), done);
}

void WorkerPool::checkTime(Worker& worker, std::vector<Completion>& done) {
  if (!worker.process || !worker.is_busy)
    return;
  const double cpu = worker.process->cpuSeconds();
  const auto now = Clock::now();
  if (cpu > worker.cpu_last) {
    worker.cpu_last = cpu;
    worker.last_progress = now;
  }
  const std::chrono::duration<double> asleep = now - worker.last_progress;
  const bool is_over = cpu - worker.cpu_at_start >= options_.limits.seconds;
  if (!is_over && asleep.count() < options_.limits.seconds)
    return;
  worker.process->kill();
  worker.process.reset();
  facts::UnitFacts unit = describeTimeout(is_over, options_.limits);
  unit.cpu_seconds = cpu - worker.cpu_at_start;
  complete(worker, std::move(unit), done);
}

} // namespace lockvet::index
