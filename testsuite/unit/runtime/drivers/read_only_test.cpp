// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files that are open for reading only and become writable, and the other way round, under those
// who use them.

#include "runtime/graph/read_only.h"
#include "testsuite/unit/runtime/drivers/driver_fixture.h"

#include <fcntl.h>

namespace lockvet::runtime {
namespace {

constexpr BlockBackend::Options only_reading = {
    .permissions = {Permission::consistent_read, Permission::all}};

class ReadOnlyTest : public DriverTest {
protected:
  static std::error_code code_of(const GraphResult<>& result) {
    return result ? std::error_code() : result.error().code;
  }
  // The bytes of QEMU's locks that others find taken.
  static std::vector<int> locked_bytes(const std::string& file) {
    const FileDescriptor fd(open(file.c_str(), O_RDWR | O_CLOEXEC));
    std::vector<int> found;
    for (int at = 100; at < 204; ++at) {
      struct flock lock = {};
      lock.l_type = F_WRLCK;
      lock.l_whence = SEEK_SET;
      lock.l_start = at;
      lock.l_len = 1;
      EXPECT_EQ(fcntl(fd.get(), F_OFD_GETLK, &lock), 0);
      if (lock.l_type != F_UNLCK)
        found.push_back(at);
    }
    return found;
  }
};

TEST_F(ReadOnlyTest, AFileBecomesWritableAndBackUnderItsReader) {
  MainLoop::assert_here();
  const Bytes before = random_bytes(8192);
  const std::string file = make_file("disk", before);
  Node& node = add_file("file", file, {.read_only = true});
  BlockBackend& reader = backend(only_reading);
  ASSERT_TRUE(reader.insert(node));
  BlockBackend& writer = backend();
  EXPECT_EQ(code_of(writer.insert(node)), std::errc::read_only_file_system);
  ASSERT_TRUE(set_read_only(node, false));
  ASSERT_TRUE(writer.insert(node));
  EXPECT_FALSE(write(writer, 4096, Bytes(512, std::byte{7})));
  const auto refused = set_read_only(node, true);
  EXPECT_EQ(code_of(refused), std::errc::operation_not_permitted);
  EXPECT_NE(refused.error().message.find("'root' of block backend 'disk1' needs 'write' on it"),
            std::string::npos)
      << refused.error().message;
  EXPECT_FALSE(write(writer, 0, Bytes(512, std::byte{8})));
  ASSERT_TRUE(writer.remove());
  ASSERT_TRUE(set_read_only(node, true));
  EXPECT_EQ(code_of(writer.insert(node)), std::errc::read_only_file_system);
  Bytes after = before;
  std::fill_n(after.begin() + 4096, 512, std::byte{7});
  std::fill_n(after.begin(), 512, std::byte{8});
  EXPECT_EQ(read(reader, 0, after.size()), after);
  EXPECT_EQ(read_whole_file(file), after);
}

TEST_F(ReadOnlyTest, ItsLocksStayWhenAFileIsOpenedAnew) {
  MainLoop::assert_here();
  const std::string file = make_file("disk", Bytes(1000));
  Node& node = add_file("file", file, {.read_only = true});
  BlockBackend& reader = backend(
      {.permissions = {Permission::consistent_read, without(Permission::all, Permission::resize)}});
  ASSERT_TRUE(reader.insert(node));
  const std::vector<int> locked = {100, 203};
  EXPECT_EQ(locked_bytes(file), locked);
  ASSERT_TRUE(set_read_only(node, false));
  EXPECT_EQ(locked_bytes(file), locked);
  ASSERT_TRUE(set_read_only(node, true));
  EXPECT_EQ(locked_bytes(file), locked);
  ASSERT_TRUE(reader.remove());
  EXPECT_EQ(locked_bytes(file), std::vector<int>());
}

TEST_F(ReadOnlyTest, AnotherFileOfThatNameIsNotTaken) {
  MainLoop::assert_here();
  const std::string file = make_file("disk", Bytes(1000, std::byte{1}));
  Node& node = add_file("file", file, {.read_only = true});
  std::filesystem::rename(file, path("moved"));
  EXPECT_EQ(code_of(set_read_only(node, false)), std::errc::no_such_file_or_directory);
  make_file("disk", Bytes(1000, std::byte{2}));
  EXPECT_EQ(code_of(set_read_only(node, false)), std::errc::no_such_file_or_directory);
  std::filesystem::rename(path("moved"), file);
  EXPECT_TRUE(set_read_only(node, false));
}

} // namespace
} // namespace lockvet::runtime
