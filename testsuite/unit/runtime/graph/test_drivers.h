// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Drivers for tests of the graph, which keep their data in memory and note what is done to them. A
// node owns them; what they count can be read in any thread.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_GRAPH_TEST_DRIVERS_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_GRAPH_TEST_DRIVERS_H

#include "runtime/aio/co_wait.h"
#include "runtime/graph/edge.h"

#include <atomic>
#include <gtest/gtest.h>
#include <memory>
#include <vector>

namespace lockvet::runtime {

// What all of them note, and what a test can have them do.
class NotingDriver : public Driver {
public:
  std::atomic<int> in_flight = 0;
  std::atomic<int> requests = 0;
  // While it is set, requests do not end. They let go of the graph lock unless told otherwise.
  std::atomic<bool> hold = false;
  std::atomic<bool> pause_lock = true;
  std::atomic<bool> refuse_permissions = false;
  std::atomic<AioContext*> attached = nullptr;
  std::atomic<int> moves = 0;
  int drained = 0;
  int prepared = 0;
  int committed = 0;
  int aborted = 0;

  GraphResult<> LV_GRAPH_WRLOCK prepare_permissions(Permissions) override {
    if (refuse_permissions)
      return graph_error(std::errc::read_only_file_system, "the test does not want it.");
    ++prepared;
    return {};
  }
  void LV_GRAPH_WRLOCK commit_permissions() override { ++committed; }
  void LV_GRAPH_WRLOCK abort_permissions() override { ++aborted; }
  void LV_MAIN_LOOP drained_begin() override { ++drained; }
  void LV_MAIN_LOOP drained_end() override { --drained; }

  void attach_context(AioContext& to) LV_REQUIRES_CONTEXT(to) override {
    EXPECT_TRUE(to.is_here());
    EXPECT_EQ(attached.exchange(&to), nullptr);
    ++moves;
  }
  void detach_context(AioContext& from) LV_REQUIRES_CONTEXT(from) override {
    EXPECT_TRUE(from.is_here());
    EXPECT_EQ(attached.exchange(nullptr), &from);
    EXPECT_EQ(in_flight, 0);
  }

  // Writes without a request, by the main loop in a drained section.
  virtual void put(size_t, std::span<const std::byte>) {}

protected:
  // One request, from its begin to its end.
  class Counted {
  public:
    explicit Counted(NotingDriver& driver) : driver_(driver) {
      ++driver_.in_flight;
      ++driver_.requests;
    }
    ~Counted() { --driver_.in_flight; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

  private:
    NotingDriver& driver_;
  };

  void LV_COROUTINE_FN LV_GRAPH_RDLOCK wait_while_held() {
    if (!hold)
      return;
    if (!pause_lock) {
      sleep_while_held();
      return;
    }
    const CoGraphReadPause pause;
    sleep_while_held();
  }

private:
  void LV_COROUTINE_FN sleep_while_held() {
    auto& context = dynamic_cast<AioContext&>(*Coroutine::current()->home());
    context.assert_home();
    while (hold)
      (void)co_sleep_until(context, Clock::now() + std::chrono::microseconds(1), nullptr);
  }
};

class MemoryDriver : public NotingDriver {
public:
  explicit MemoryDriver(size_t length, int fill = 0) : data_(length, std::byte(fill)) {}

  std::string_view format_name() const noexcept override { return "memory"; }

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_preadv(uint64_t offset, const IoVector& to,
                                                            RequestFlags) override {
    const Counted counted(*this);
    wait_while_held();
    to.copy_from(data_.data() + offset);
    return {};
  }
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags) override {
    const Counted counted(*this);
    wait_while_held();
    from.copy_to(data_.data() + offset);
    return {};
  }
  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN LV_GRAPH_RDLOCK co_length() override {
    return data_.size();
  }
  void put(size_t offset, std::span<const std::byte> data) override {
    std::copy(data.begin(), data.end(), data_.begin() + static_cast<ptrdiff_t>(offset));
  }

private:
  std::vector<std::byte> data_;
};

// The same, for one thread only: it checks that it is in it.
class HomeOnlyDriver final : public MemoryDriver {
public:
  using MemoryDriver::MemoryDriver;
  bool home_only() const noexcept override { return true; }

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags flags) override {
    EXPECT_TRUE(attached.load()->is_here());
    ++not_atomic;
    return MemoryDriver::co_pwritev(offset, from, flags);
  }

  int not_atomic = 0;
};

// Passes all on to its child.
class FilterDriver final : public NotingDriver {
public:
  std::string_view format_name() const noexcept override { return "filter"; }

  void LV_GRAPH_WRLOCK child_attached(Edge& edge) override { file_ = &edge; }
  void LV_GRAPH_WRLOCK child_detached(Edge&) override { file_ = nullptr; }

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_preadv(uint64_t offset, const IoVector& to,
                                                            RequestFlags flags) override {
    const Counted counted(*this);
    wait_while_held();
    return file_->co_preadv(offset, to, flags);
  }
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags flags) override {
    const Counted counted(*this);
    wait_while_held();
    return file_->co_pwritev(offset, from, flags);
  }
  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN LV_GRAPH_RDLOCK co_length() override {
    if (file_ == nullptr)
      return std::unexpected(std::make_error_code(std::errc::no_such_device));
    return file_->co_length();
  }

private:
  Edge* file_ LV_GUARDED_BY(graph_lock) = nullptr;
};

// Keeps what is written, in clusters, and has the rest in its backing file. A request is of one
// whole cluster, and nobody else writes that one at the same time.
class OverlayDriver final : public NotingDriver {
public:
  OverlayDriver(size_t length, size_t cluster)
      : cluster_(cluster), data_(length), written_(length / cluster) {}

  std::string_view format_name() const noexcept override { return "overlay"; }

  void LV_GRAPH_WRLOCK child_attached(Edge& edge) override { backing_ = &edge; }
  void LV_GRAPH_WRLOCK child_detached(Edge&) override { backing_ = nullptr; }

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_preadv(uint64_t offset, const IoVector& to,
                                                            RequestFlags flags) override {
    const Counted counted(*this);
    wait_while_held();
    if (!written_[offset / cluster_].load(std::memory_order_acquire) && backing_ != nullptr)
      return backing_->co_preadv(offset, to, flags);
    to.copy_from(data_.data() + offset);
    return {};
  }
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags) override {
    const Counted counted(*this);
    wait_while_held();
    from.copy_to(data_.data() + offset);
    written_[offset / cluster_].store(true, std::memory_order_release);
    return {};
  }
  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN LV_GRAPH_RDLOCK co_length() override {
    return data_.size();
  }

  void put(size_t offset, std::span<const std::byte> data) override {
    std::copy(data.begin(), data.end(), data_.begin() + static_cast<ptrdiff_t>(offset));
    written_[offset / cluster_] = true;
  }
  // All that it has is then there as well. In a drained section.
  void commit_to(NotingDriver& below) const {
    for (size_t number = 0; number < written_.size(); ++number)
      if (written_[number])
        below.put(number * cluster_, std::span(data_).subspan(number * cluster_, cluster_));
  }

private:
  const size_t cluster_;
  Edge* backing_ LV_GUARDED_BY(graph_lock) = nullptr;
  std::vector<std::byte> data_;
  std::vector<std::atomic<bool>> written_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_GRAPH_TEST_DRIVERS_H
