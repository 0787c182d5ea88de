// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Image files judged by others: QEMU's tools and the file driver see each other's locks, and read
// what the other has written. Without these programs the tests are skipped.

#include "runtime/drivers/blklogwrites_driver.h"
#include "testsuite/unit/runtime/drivers/write_log_reader.h"
#include "testsuite/unit/runtime/other_program.h"

#include <cstdio>
#include <fcntl.h>

namespace lockvet::runtime {
namespace {

// A qemu-io that has an image open, and waits for a command until it goes.
class OpenInQemu {
public:
  OpenInQemu(const std::string& options, const std::string& file, off_t locked_last)
      : pipe_(popen(("qemu-io -f qcow2 " + options + " " + file + " >/dev/null").c_str(), "we")) {
    // If it can't open it, the test's time limit ends this.
    const FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct flock lock = {};
    do {
      lock = {};
      lock.l_type = F_WRLCK;
      lock.l_start = locked_last;
      lock.l_len = 1;
    } while (fcntl(fd.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type == F_UNLCK);
  }
  ~OpenInQemu() { pclose(pipe_); }
  OpenInQemu(const OpenInQemu&) = delete;
  OpenInQemu& operator=(const OpenInQemu&) = delete;

private:
  FILE* const pipe_;
};

class DriverPeersTest : public DriverTest {
protected:
  void SetUp() override {
    if (run("qemu-io --version").status != 0)
      GTEST_SKIP() << "there is no qemu-io to judge by; Debian has it in the package qemu-utils "
                      "(scripts/install-dependencies --test)";
  }

  std::string make_qcow2(const std::string& name) {
    const Outcome made = run("qemu-img create -f qcow2 " + path(name) + " 1M");
    EXPECT_EQ(made.status, 0) << made.output;
    return path(name);
  }
};

// Of these QEMU does not share the file with other writers, unlike raw ones.
TEST_F(DriverPeersTest, QemuSeesOurLocks) {
  MainLoop::assert_here();
  const std::string file = make_qcow2("disk.qcow2");
  const std::string write_it = "qemu-io -f qcow2 -c 'write 0 512' " + file;
  const std::string read_it = "qemu-io -r -f qcow2 -c 'read 0 512' " + file;
  EXPECT_EQ(run(write_it).status, 0);

  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(add_file("file", file)));
  const Outcome written = run(write_it);
  EXPECT_NE(written.status, 0);
  EXPECT_NE(written.output.find("Failed to get"), std::string::npos) << written.output;
  EXPECT_NE(run(read_it).status, 0);
  // Unless it is told that it may be wrong.
  EXPECT_EQ(run("qemu-io -r -U -f qcow2 -c 'read 0 512' " + file).status, 0);

  // It does not mind a reader.
  ASSERT_TRUE(disk.set_permissions({Permission::consistent_read, Permission::all}));
  EXPECT_EQ(run(read_it).status, 0);
  EXPECT_EQ(run(write_it).status, 0);
  // But a reader of ours may mind writers, of any format.
  ASSERT_TRUE(disk.set_permissions({Permission::consistent_read, Permission::consistent_read}));
  EXPECT_EQ(run(read_it).status, 0);
  EXPECT_NE(run(write_it).status, 0);
  EXPECT_NE(run("qemu-io -f raw -c 'write 0 512' " + file).status, 0);
  ASSERT_TRUE(disk.remove());
  EXPECT_EQ(run(write_it).status, 0);
}

TEST_F(DriverPeersTest, WeSeeQemusLocks) {
  MainLoop::assert_here();
  const std::string file = make_qcow2("disk.qcow2");
  Node& node = add_file("file", file);
  BlockBackend& writer = backend();
  BlockBackend& reader = backend({.permissions = {Permission::consistent_read, Permission::all}});
  BlockBackend& jealous =
      backend({.permissions = {Permission::consistent_read, Permission::consistent_read}});
  {
    const OpenInQemu qemu("", file, 101);
    const auto refused = writer.insert(node);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, std::errc::resource_unavailable_try_again);
    EXPECT_FALSE(jealous.insert(node));
    EXPECT_TRUE(reader.insert(node));
    EXPECT_TRUE(reader.remove());
  }
  {
    const OpenInQemu qemu("-r", file, 203);
    EXPECT_FALSE(writer.insert(node));
    EXPECT_TRUE(jealous.insert(node));
    EXPECT_TRUE(jealous.remove());
  }
  EXPECT_TRUE(writer.insert(node));
}

TEST_F(DriverPeersTest, QemuReadsWhatWeWrite) {
  MainLoop::assert_here();
  const std::string file = make_file("disk", Bytes(1 << 20));
  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(add_file("file", file, {.direct = false})));
  EXPECT_FALSE(write(disk, 65'536, Bytes(10'000, std::byte{0x5a})));
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_flush(); }));
  ASSERT_TRUE(disk.remove());
  const Outcome outcome = run("qemu-io -r -f raw -c 'read -P 0x5a 65536 10000' -c 'read -P 0 0 "
                              "65536' -c 'read -P 0 75536 8192' " +
                              file);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output.find("verification failed"), std::string::npos) << outcome.output;
}

// The same requests are logged in the same bytes by QEMU's driver of that name.
TEST_F(DriverPeersTest, QemuLogsWritesAlike) {
  MainLoop::assert_here();
  make_file("theirs", Bytes(1 << 20));
  make_file("their-log", {});
  const Outcome outcome = run(
      "qemu-io --image-opts driver=blklogwrites,file.driver=file,file.filename=" + path("theirs") +
      ",log.driver=file,log.filename=" + path("their-log") +
      " -c 'write -P 0x11 512 1024' -c flush -c 'discard 4096 8192' -c 'write -z 8192 4096'");
  ASSERT_EQ(outcome.status, 0) << outcome.output;

  Node& node =
      add_node("blklogwrites", std::make_unique<BlkLogWritesDriver>(BlkLogWritesDriver::Options{}));
  attach(node, "file", EdgeRole::filtered, add_file("file", make_file("ours", Bytes(1 << 20))));
  attach(node, "log", EdgeRole::data, add_file("log", make_file("our-log", {})));
  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(node));
  EXPECT_FALSE(write(disk, 512, Bytes(1'024, std::byte{0x11})));
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_flush(); }));
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_discard(4'096, 8'192); }));
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_pwrite_zeroes(8'192, 4'096); }));
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_flush(); }));

  Bytes ours = read_whole_file(path("our-log"));
  Bytes theirs = read_whole_file(path("their-log"));
  // QEMU has flushed once more or not when it went.
  ASSERT_EQ(parse_log(ours).entries.size(), 5U);
  ASSERT_GE(parse_log(theirs).entries.size(), 5U);
  ASSERT_GE(theirs.size(), ours.size());
  theirs.resize(ours.size());
  std::copy_n(ours.begin() + 16, 8, theirs.begin() + 16);
  EXPECT_EQ(ours, theirs);
}

// A block device that is the kernel's view of a file.
class LoopDevice {
public:
  explicit LoopDevice(const std::string& file) {
    const Outcome made = run("losetup --find --show " + file);
    if (made.status == 0)
      name_ = made.output.substr(0, made.output.find('\n'));
  }
  ~LoopDevice() {
    if (valid())
      run("losetup --detach " + name_);
  }
  LoopDevice(const LoopDevice&) = delete;
  LoopDevice& operator=(const LoopDevice&) = delete;

  bool valid() const { return !name_.empty(); }
  const std::string& name() const { return name_; }

private:
  std::string name_;
};

// What a driver of devices does arrives in the file below, through the page cache or past it.
TEST_F(DriverPeersTest, DevicesAreDisks) {
  MainLoop::assert_here();
  for (const bool direct : {false, true}) {
    SCOPED_TRACE(direct);
    Bytes model = random_bytes(1 << 20);
    const std::string file = make_file("below", model);
    const LoopDevice device(file);
    if (!device.valid())
      GTEST_SKIP() << "nobody but root can make a loop device, and not everywhere";
    BlockBackend& disk = backend(growing);
    ASSERT_TRUE(disk.insert(add_file("file", device.name(), {.direct = direct})));
    EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk.co_length(); }), model.size());
    EXPECT_EQ(read(disk, 1'000, 50'000), Bytes(model.begin() + 1'000, model.begin() + 51'000));
    const auto put = [&](uint64_t offset, const Bytes& data) {
      std::copy(data.begin(), data.end(), model.begin() + static_cast<ptrdiff_t>(offset));
    };
    const Bytes data = random_bytes(20'000);
    EXPECT_FALSE(write(disk, 100, data));
    put(100, data);
    EXPECT_FALSE(write(disk, 65'536, Bytes(data.begin(), data.begin() + 8'192),
                       RequestFlags::force_unit_access));
    put(65'536, Bytes(data.begin(), data.begin() + 8'192));
    for (const auto& [offset, size, flags] :
         std::initializer_list<std::tuple<uint64_t, uint64_t, RequestFlags>>{
             {200'704, 8'192, RequestFlags::none},
             {300'000, 10'000, RequestFlags::none},
             {401'408, 8'192, RequestFlags::may_unmap | RequestFlags::no_fallback}}) {
      EXPECT_FALSE(
          ask([&]() LV_COROUTINE_FN { return disk.co_pwrite_zeroes(offset, size, flags); }));
      put(offset, Bytes(size));
    }
    // What is not a whole sector stays.
    EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_discard(500'001, 700); }));
    EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_discard(524'288, 65'536); }));
    put(524'288, Bytes(65'536));
    EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk.co_truncate(1'000); }),
              std::errc::not_supported);
    EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_block_status(0, 1 << 20); })->zero);
    EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_flush(); }));
    EXPECT_EQ(read(disk, 0, model.size()), model);
    ASSERT_TRUE(disk.remove());
    ASSERT_TRUE(graph().remove(*graph().find("file")));
    EXPECT_EQ(read_whole_file(file), model);
  }
}

} // namespace
} // namespace lockvet::runtime
