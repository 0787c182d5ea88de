// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Disks of qcow2 images in memory, and guests that use them and check what they read, for tests of
// jobs. They belong to the fixture.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_JOBS_JOB_FIXTURE_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_JOBS_JOB_FIXTURE_H

#include "runtime/drivers/qcow2/check.h"
#include "runtime/drivers/qcow2/create.h"
#include "runtime/drivers/qcow2/image_driver.h"
#include "runtime/graph/transaction.h"
#include "runtime/jobs/jobs.h"
#include "testsuite/benchmarks/runtime/graph_stress/verified_load.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"
#include "testsuite/unit/runtime/qcow2/graph_files.h"

#include <list>

namespace lockvet::runtime {

using qcow2::Bytes;

class JobTest : public GraphTest {
protected:
  static constexpr uint64_t sectors = 2048;
  static constexpr uint64_t disk_size = sectors * 512;

  JobTest() : jobs_(graph()) {
    MainLoop::assert_here();
    jobs_.set_observer([this](const JobEvent& event) {
      if (event.kind == JobEvent::Kind::status_change)
        return;
      last_event_ = event;
      if (event.kind == JobEvent::Kind::error)
        ++errors_;
    });
  }
  ~JobTest() override {
    MainLoop::assert_here();
    stop_load();
    jobs_.cancel_all();
    close_images();
  }

  Jobs& jobs() { return jobs_; }
  const JobEvent& last_event() const { return last_event_; }
  unsigned errors() const { return errors_; }

  struct Image {
    Node* node;
    qcow2::ImageDriver* driver;
    Node* file_node;
    std::shared_ptr<qcow2::MemoryFile> file;
  };
  // Its header names a backing file if it has one, which is attached only if it is a node.
  Image& add_image(const std::string& name, const std::string& backing_name = {},
                   Node* backing = nullptr,
                   uint64_t size = disk_size) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    Image image{};
    image.file = std::make_shared<qcow2::MemoryFile>();
    qcow2::CreateOptions options{.size = size, .cluster_bits = 12};
    if (!backing_name.empty()) {
      options.backing_name = backing_name;
      options.backing_format = "qcow2";
    }
    MainLoop::run_coroutine(
        [&]() LV_COROUTINE_FN { EXPECT_TRUE(qcow2::co_create(*image.file, options)); });
    image.file->yields = true;
    const auto below = add<qcow2::FileNodeDriver>(name + ".file", image.file);
    const auto added = add<qcow2::ImageDriver>(name, qcow2::MetadataOptions{});
    image.node = &added.node;
    image.driver = &added.driver;
    image.file_node = &below.node;
    Transaction transaction;
    transaction.attach(added.node, "file", EdgeRole::data | EdgeRole::metadata, below.node);
    if (backing != nullptr)
      transaction.attach(added.node, "backing", EdgeRole::copy_on_write, *backing);
    EXPECT_TRUE(transaction.commit());
    const auto opened = added.driver.open();
    EXPECT_TRUE(opened) << opened.error().message;
    images_.push_back(image);
    return images_.back();
  }
  // An overlay that stands above the node from now on, under all that used it.
  Image& take_snapshot(const std::string& name, Node& below) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    Image& overlay = add_image(name, below.name());
    const auto inserted = insert_overlay(below, *overlay.node);
    EXPECT_TRUE(inserted) << inserted.error().message;
    return overlay;
  }

  // Once everybody has let go of them; each is whole then.
  void close_images() LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    close_guests();
    for (auto image = images_.rbegin(); image != images_.rend(); ++image) {
      detach_parents(*image->node);
      const auto closed = image->driver->close();
      EXPECT_TRUE(closed) << closed.error().message;
      const auto removed = graph().remove(*image->node);
      EXPECT_TRUE(removed) << removed.error().message;
      EXPECT_TRUE(graph().remove(*image->file_node));
      MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
        const auto report = qcow2::co_check(*image->file);
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_TRUE(report->clean()) << report->problems.front();
      });
    }
    images_.clear();
  }

  // --- guests ---

  BlockBackend& add_guest(Node& node) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    guests_.push_back(std::make_unique<BlockBackend>("guest" + std::to_string(guests_.size()),
                                                     BlockBackend::Options{}));
    const auto inserted = guests_.back()->insert(node);
    EXPECT_TRUE(inserted) << inserted.error().message;
    return *guests_.back();
  }
  void close_guests() LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    stop_load();
    load_.reset();
    for (const auto& guest : guests_)
      EXPECT_TRUE(guest->remove());
    guests_.clear();
  }
  // Whose disk is all zeroes.
  void start_load(BlockBackend& guest) {
    load_.emplace(std::vector{&guest}, sectors, std::vector{&io(0), &io(1)});
    load_->start();
  }
  void resume_load() { load_->start(); }
  void stop_load() {
    if (!load_)
      return;
    load_->request_stop();
    run_until([&] { return !load_->running(); });
    EXPECT_EQ(load_->failed(), 0U);
    EXPECT_EQ(load_->wrong(), 0U);
  }
  void run_for(std::chrono::milliseconds time) {
    const auto end = Clock::now() + time;
    run_until([&] { return Clock::now() >= end; });
  }

  // What a node shows, as long as nobody writes.
  Bytes content_of(Node& node, uint64_t size = disk_size) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    BlockBackend reader("reader", {.permissions = {Permission::consistent_read, Permission::all}});
    EXPECT_TRUE(reader.insert(node));
    Bytes content(size);
    MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
      EXPECT_FALSE(reader.co_preadv(0, {content.data(), content.size()}));
    });
    EXPECT_TRUE(reader.remove());
    return content;
  }
  Node& node_of(const BlockBackend& guest) LV_MAIN_LOOP {
    const MainGraphReadLock lock;
    return guest.root()->child();
  }
  void LV_COROUTINE_FN co_write_all(BlockBackend& guest, char letter) {
    Bytes bytes(disk_size, static_cast<std::byte>(letter));
    EXPECT_FALSE(guest.co_pwritev(0, {bytes.data(), bytes.size()}));
  }
  // Through a guest of its own.
  void fill(Node& node, uint64_t offset, uint64_t size,
            char letter) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    BlockBackend writer("writer", {});
    EXPECT_TRUE(writer.insert(node));
    Bytes bytes(size, static_cast<std::byte>(letter));
    MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
      EXPECT_FALSE(writer.co_pwritev(offset, {bytes.data(), bytes.size()}));
    });
    EXPECT_TRUE(writer.remove());
  }

  // --- jobs ---

  bool is(const std::string& id, JobStatus status) {
    MainLoop::assert_here();
    const auto info = jobs_.find(id);
    return info && info->status == status;
  }
  // Until it is that, or gone.
  void wait_for(const std::string& id, JobStatus status) {
    run_until([&] {
      MainLoop::assert_here();
      return !jobs_.find(id) || is(id, status);
    });
  }
  // Why it has failed, or nothing.
  std::string wait_for_end(const std::string& id) {
    run_until([&] {
      MainLoop::assert_here();
      return !jobs_.find(id);
    });
    return last_event_.kind == JobEvent::Kind::cancelled ? "cancelled" : last_event_.job.error;
  }

private:
  // Edges of other images, which are closed later.
  void detach_parents(Node& node) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    Transaction transaction;
    {
      const MainGraphReadLock lock;
      for (Edge* const edge : node.parents())
        transaction.detach(*edge);
    }
    if (!transaction.empty()) {
      EXPECT_TRUE(transaction.commit());
    }
  }

  Jobs jobs_;
  JobEvent last_event_{};
  unsigned errors_ = 0;
  // Which stay where they are.
  std::list<Image> images_;
  std::vector<std::unique_ptr<BlockBackend>> guests_;
  std::optional<graph_stress::VerifiedLoad> load_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_JOBS_JOB_FIXTURE_H
