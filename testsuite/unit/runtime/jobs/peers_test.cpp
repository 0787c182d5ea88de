// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What jobs leave is judged by QEMU's tools: images that qemu-img and qemu-io have made are
// committed, streamed, mirrored and backed up here, and then checked and compared there. Without
// these programs the tests are skipped.

#include "runtime/drivers/file/file_driver.h"
#include "runtime/drivers/qcow2/image_driver.h"
#include "runtime/graph/node_bitmaps.h"
#include "runtime/jobs/backup.h"
#include "runtime/jobs/commit.h"
#include "runtime/jobs/mirror.h"
#include "runtime/jobs/stream.h"
#include "testsuite/unit/runtime/drivers/driver_fixture.h"
#include "testsuite/unit/runtime/other_program.h"

#include <list>

namespace lockvet::runtime {
namespace {

class JobPeersTest : public GraphTest {
protected:
  JobPeersTest() : jobs_(graph()) {
    MainLoop::assert_here();
    jobs_.set_observer([this](const JobEvent& event) {
      if (event.kind == JobEvent::Kind::completed)
        error_ = event.job.error;
    });
  }
  ~JobPeersTest() override {
    MainLoop::assert_here();
    jobs_.cancel_all();
    close_all();
  }

  void SetUp() override {
    if (run("qemu-img --version").status != 0 || run("qemu-io --version").status != 0)
      GTEST_SKIP() << "there is no qemu-img and qemu-io to judge by; Debian has them in the "
                      "package qemu-utils (scripts/install-dependencies --test)";
  }

  std::string path(const std::string& name) const { return folder_.path(name); }
  static void expect_success(const std::string& command) {
    const Outcome outcome = run(command);
    ASSERT_EQ(outcome.status, 0) << command << "\n" << outcome.output;
  }
  // By qemu-img, over another one if that has a name.
  void make(const std::string& name, const std::string& below = {}) {
    expect_success("cd " + path("") + " && qemu-img create -q -f qcow2 " +
                   (below.empty() ? "" : "-b " + below + " -F qcow2 ") + name + " 16M");
  }
  void write(const std::string& name, const std::string& commands) {
    expect_success("qemu-io -f qcow2 " + commands + " " + path(name));
  }
  // Three images one above the other, and what the uppermost shows.
  void make_chain() {
    make("base");
    write("base", "-c 'write -P 1 0 3M' -c 'write -P 2 8M 100k'");
    make("middle", "base");
    write("middle", "-c 'write -P 3 1M 70k' -c 'write -z 2M 64k' -c 'write -P 4 9M 1M'");
    make("top", "middle");
    write("top", "-c 'write -P 5 1000k 300k' -c 'write -P 6 15M 4k'");
    expect_success("qemu-img convert -O raw " + path("top") + " " + path("expected"));
  }

  Node& open(const std::string& name, Node* backing = nullptr) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    auto file = FileDriver::open(path(name), {}, pool_);
    EXPECT_TRUE(file) << file.error().message;
    Node& file_node = **graph().add(name + ".file", std::move(*file), main());
    const auto added = add<qcow2::ImageDriver>(name, qcow2::MetadataOptions{});
    Transaction transaction;
    transaction.attach(added.node, "file", EdgeRole::data | EdgeRole::metadata, file_node);
    if (backing != nullptr)
      transaction.attach(added.node, "backing", EdgeRole::copy_on_write, *backing);
    EXPECT_TRUE(transaction.commit());
    const auto opened = added.driver.open();
    EXPECT_TRUE(opened) << opened.error().message;
    images_.push_back({&added.node, &file_node, &added.driver});
    return added.node;
  }
  Node& open_chain() LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    return open("top", &open("middle", &open("base")));
  }
  void close_all() LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    for (auto image = images_.rbegin(); image != images_.rend(); ++image) {
      EXPECT_TRUE(image->driver->close());
      EXPECT_TRUE(graph().remove(*image->node));
      EXPECT_TRUE(graph().remove(*image->file_node));
    }
    images_.clear();
  }

  // To its end, which is told to come once it is ready.
  void see_through(const GraphResult<>& started) LV_MAIN_LOOP {
    ASSERT_TRUE(started) << started.error().message;
    run_until([&] {
      MainLoop::assert_here();
      const auto info = jobs_.find("j");
      if (info && info->status == JobStatus::ready) {
        EXPECT_TRUE(jobs_.complete("j"));
      }
      return !info;
    });
    EXPECT_EQ(error_, "");
  }
  void judge(const std::string& name) {
    expect_success("qemu-img check -q " + path(name));
    expect_success("qemu-img compare -q " + path("expected") + " " + path(name));
  }
  std::string backing_file_of(const std::string& name) {
    return run("qemu-img info " + path(name) + " | sed -n 's/^backing file: \\([^ ]*\\).*/\\1/p'")
        .output;
  }

  struct Opened {
    Node* node;
    Node* file_node;
    qcow2::ImageDriver* driver;
  };
  TemporaryFolder folder_{std::filesystem::temp_directory_path()};
  ThreadPool pool_;
  Jobs jobs_;
  std::string error_;
  std::list<Opened> images_;
};

TEST_F(JobPeersTest, CommitsAnActiveLayer) {
  MainLoop::assert_here();
  make_chain();
  BlockBackend& guest = backend();
  ASSERT_TRUE(guest.insert(open_chain()));
  see_through(start_commit(jobs_, {.id = "j"}, {.top = "top", .base = "base"}));
  ASSERT_TRUE(guest.remove());
  close_all();
  judge("base");
}

TEST_F(JobPeersTest, CommitsAnIntermediateLayer) {
  MainLoop::assert_here();
  make_chain();
  BlockBackend& guest = backend();
  ASSERT_TRUE(guest.insert(open_chain()));
  see_through(start_commit(jobs_, {.id = "j"}, {.top = "middle", .base = "base"}));
  ASSERT_TRUE(guest.remove());
  close_all();
  EXPECT_EQ(backing_file_of("top"), "base\n");
  judge("top");
}

TEST_F(JobPeersTest, Streams) {
  MainLoop::assert_here();
  make_chain();
  BlockBackend& guest = backend();
  ASSERT_TRUE(guest.insert(open_chain()));
  see_through(start_stream(jobs_, {.id = "j"}, {.node = "top", .base = "base"}));
  ASSERT_TRUE(guest.remove());
  close_all();
  EXPECT_EQ(backing_file_of("top"), "base\n");
  judge("top");
  ASSERT_TRUE(guest.insert(open("top", &open("base"))));
  see_through(start_stream(jobs_, {.id = "j"}, {.node = "top"}));
  ASSERT_TRUE(guest.remove());
  close_all();
  EXPECT_EQ(backing_file_of("top"), "");
  judge("top");
}

TEST_F(JobPeersTest, MirrorsAndBacksUp) {
  MainLoop::assert_here();
  make_chain();
  for (const std::string name : {"mirror", "backup"}) {
    make(name);
    BlockBackend& guest = backend();
    Node& top = open_chain();
    ASSERT_TRUE(guest.insert(top));
    open(name);
    see_through(name == "mirror"
                    ? start_mirror(jobs_, {.id = "j"}, {.node = "top", .target = name})
                    : start_backup(jobs_, {.id = "j"}, {.node = "top", .target = name}));
    ASSERT_TRUE(guest.remove());
    close_all();
    judge(name);
  }
}

TEST_F(JobPeersTest, GoesOnFromAnEarlierBackup) {
  MainLoop::assert_here();
  make_chain();
  make("backup");
  BlockBackend& guest = backend();
  Node& top = open_chain();
  ASSERT_TRUE(guest.insert(top));
  open("backup");
  ASSERT_TRUE(add_dirty_bitmap(top, {.name = "b"}));
  see_through(start_backup(jobs_, {.id = "j"}, {.node = "top", .target = "backup"}));
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    std::vector<std::byte> data(100000, std::byte{7});
    EXPECT_FALSE(guest.co_pwritev(5 << 20, {data.data(), data.size()}));
    EXPECT_FALSE(guest.co_pwrite_zeroes(1 << 20, 1000));
  });
  see_through(start_backup(jobs_, {.id = "j"},
                           {.node = "top",
                            .target = "backup",
                            .sync = BackupOptions::Sync::incremental,
                            .bitmap = "b"}));
  ASSERT_TRUE(guest.remove());
  close_all();
  expect_success("qemu-img convert -O raw " + path("top") + " " + path("expected"));
  judge("backup");
}

} // namespace
} // namespace lockvet::runtime
