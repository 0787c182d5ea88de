// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Locks on image files: who opens one a second time is refused if both can't be, and what is locked
// follows the permissions of the node.

#include "testsuite/unit/runtime/drivers/driver_fixture.h"

#include <fcntl.h>

namespace lockvet::runtime {
namespace {

constexpr Permission reading = Permission::consistent_read;
constexpr Permission reading_and_writing = Permission::consistent_read | Permission::write;

BlockBackend::Options with(Permission used, Permission shared) {
  return {.permissions = {used, shared}};
}

class ImageLockTest : public DriverTest {
protected:
  // The bytes of the file that anybody has locked, as an outsider sees them.
  std::vector<int> locked_bytes(const std::string& file) {
    const FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    std::vector<int> found;
    for (const int base : {100, 200})
      for (int number = 0; number < 4; ++number) {
        struct flock lock = {};
        lock.l_type = F_WRLCK;
        lock.l_start = base + number;
        lock.l_len = 1;
        EXPECT_EQ(fcntl(fd.get(), F_OFD_GETLK, &lock), 0);
        if (lock.l_type != F_UNLCK)
          found.push_back(base + number);
      }
    return found;
  }
};

using Offsets = std::vector<int>;

TEST_F(ImageLockTest, FollowsThePermissions) {
  MainLoop::assert_here();
  const std::string file = make_file("disk", Bytes(1'000));
  Node& node = add_file("file", file);
  EXPECT_EQ(locked_bytes(file), Offsets());
  BlockBackend& disk = backend(with(reading, without(Permission::all, Permission::resize)));
  ASSERT_TRUE(disk.insert(node));
  EXPECT_EQ(locked_bytes(file), Offsets({100, 203}));
  ASSERT_TRUE(disk.set_permissions({reading_and_writing, reading}));
  EXPECT_EQ(locked_bytes(file), Offsets({100, 101, 201, 202, 203}));
  ASSERT_TRUE(disk.set_permissions({reading, Permission::all}));
  EXPECT_EQ(locked_bytes(file), Offsets({100}));
  ASSERT_TRUE(disk.remove());
  EXPECT_EQ(locked_bytes(file), Offsets());
}

TEST_F(ImageLockTest, RefusesASecondOpener) {
  MainLoop::assert_here();
  const std::string file = make_file("disk", Bytes(1'000));
  BlockBackend& first = backend(with(reading_and_writing, reading));
  ASSERT_TRUE(first.insert(add_file("first", file)));
  const Offsets before = locked_bytes(file);

  Node& node = add_file("second", file);
  BlockBackend& second = backend(with(reading_and_writing, Permission::all));
  const auto writing = second.insert(node);
  ASSERT_FALSE(writing);
  EXPECT_EQ(writing.error().code, std::errc::resource_unavailable_try_again);
  EXPECT_EQ(writing.error().message,
            "'" + file + "' is open elsewhere, by somebody who does not share 'write'.");
  EXPECT_EQ(locked_bytes(file), before);

  BlockBackend& alone = backend(with(reading, reading));
  const auto unshared = alone.insert(node);
  ASSERT_FALSE(unshared);
  EXPECT_EQ(unshared.error().message,
            "'" + file + "' is open elsewhere, for 'write', which is not to be shared.");
  EXPECT_EQ(locked_bytes(file), before);

  BlockBackend& reader = backend(with(reading, Permission::all));
  EXPECT_TRUE(reader.insert(node));
  // More than that it can't have, and what it has stays.
  EXPECT_FALSE(reader.set_permissions({reading_and_writing, Permission::all}));
  EXPECT_EQ(read(reader, 0, 1'000), Bytes(1'000));
  EXPECT_EQ(locked_bytes(file), before);
  ASSERT_TRUE(first.remove());
  EXPECT_TRUE(reader.set_permissions({reading_and_writing, Permission::all}));
  EXPECT_FALSE(write(reader, 0, Bytes(10)));
}

// All or nothing: another node refuses, after this one has locked what it needs.
TEST_F(ImageLockTest, LetsGoOfWhatIsNotToBe) {
  MainLoop::assert_here();
  const std::string file = make_file("disk", Bytes(1'000));
  Node& locked = add_file("file", file);
  Node& refusing = add_file("read-only", make_file("other", Bytes(1'000)), {.read_only = true});
  BlockBackend& one = backend();
  BlockBackend& two = backend();
  Transaction transaction;
  transaction.attach(one, "root", EdgeRole::data, locked);
  transaction.attach(two, "root", EdgeRole::data, refusing);
  EXPECT_FALSE(transaction.commit());
  EXPECT_EQ(locked_bytes(file), Offsets());
}

TEST_F(ImageLockTest, CanBeLeftOut) {
  MainLoop::assert_here();
  const std::string file = make_file("disk", Bytes(1'000));
  BlockBackend& first = backend(with(reading_and_writing, reading));
  ASSERT_TRUE(first.insert(add_file("first", file)));
  BlockBackend& second = backend(with(reading_and_writing, reading));
  EXPECT_TRUE(second.insert(add_file("second", file, {.lock = false})));
}

} // namespace
} // namespace lockvet::runtime
