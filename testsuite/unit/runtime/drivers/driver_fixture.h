// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A graph for tests of drivers, with a folder for files, a pool, and requests that run in a
// coroutine to their end. It belongs to the test, in the main loop's thread.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_DRIVERS_DRIVER_FIXTURE_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_DRIVERS_DRIVER_FIXTURE_H

#include "runtime/drivers/file/file_driver.h"
#include "runtime/graph/transaction.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"

#include <filesystem>
#include <fstream>
#include <random>
#include <vector>

namespace lockvet::runtime {

using Bytes = std::vector<std::byte>;

inline Bytes bytes_of(std::string_view text) {
  const auto* const begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

inline IoVector view(const Bytes& bytes) {
  return {const_cast<std::byte*>(bytes.data()), bytes.size()};
}

inline void write_whole_file(const std::string& path, const Bytes& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(content.data()),
             static_cast<std::streamsize>(content.size()));
}

inline Bytes read_whole_file(const std::string& path) {
  Bytes content(std::filesystem::file_size(path));
  std::ifstream(path, std::ios::binary)
      .read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(content.size()));
  return content;
}

// A folder that goes with it.
class TemporaryFolder {
public:
  explicit TemporaryFolder(const std::filesystem::path& parent) {
    std::string name = (parent / "lockvet-drivers-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    name_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(name_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(const std::string& name) const { return name_ + "/" + name; }

private:
  std::string name_;
};

constexpr Permission all_changes = Permission::write | Permission::resize;
constexpr BlockBackend::Options growing = {
    .permissions = {Permission::consistent_read | all_changes, Permission::all}};

class DriverTest : public GraphTest {
protected:
  DriverTest() : DriverTest(std::filesystem::temp_directory_path()) {}
  explicit DriverTest(const std::filesystem::path& parent) : folder_(parent) {}
  // Nodes go before the pool that they use.
  ~DriverTest() override {
    MainLoop::assert_here();
    remove_all();
  }

  std::string path(const std::string& name) const { return folder_.path(name); }
  ThreadPool& pool() { return pool_; }

  // A file of that content.
  std::string make_file(const std::string& name, const Bytes& content) {
    write_whole_file(path(name), content);
    return path(name);
  }

  Node& add_node(std::string name, std::unique_ptr<Driver> driver) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    return **graph().add(std::move(name), std::move(driver), main());
  }
  Node& add_file(const std::string& name, const std::string& path,
                 FileDriver::Options options = {}) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    auto driver = FileDriver::open(path, options, pool_);
    EXPECT_TRUE(driver) << driver.error().message;
    return add_node(name, std::move(*driver));
  }
  void attach(Node& parent, const std::string& name, EdgeRole role,
              Node& child) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    Transaction transaction;
    transaction.attach(parent, name, role, child);
    const auto attached = transaction.commit();
    EXPECT_TRUE(attached) << attached.error().message;
  }

  // What a request says, sent by a coroutine of the main loop.
  template <typename Request> auto ask(Request request) {
    std::optional<decltype(request())> answer;
    in_coroutine(main(), [&]() LV_COROUTINE_FN { answer.emplace(request()); });
    return std::move(*answer);
  }
  std::error_code write(BlockBackend& disk, uint64_t offset, const Bytes& data,
                        RequestFlags flags = RequestFlags::none) {
    return ask([&]() LV_COROUTINE_FN { return disk.co_pwritev(offset, view(data), flags); });
  }
  // Nothing if it has failed.
  Bytes read(BlockBackend& disk, uint64_t offset, size_t size) {
    Bytes data(size, std::byte{0xee});
    const std::error_code error =
        ask([&]() LV_COROUTINE_FN { return disk.co_preadv(offset, view(data)); });
    return error ? Bytes() : data;
  }

  Bytes random_bytes(size_t size) {
    Bytes bytes(size);
    for (std::byte& byte : bytes)
      byte = static_cast<std::byte>(random_());
    return bytes;
  }
  uint64_t below(uint64_t limit) { return random_() % limit; }

private:
  TemporaryFolder folder_;
  ThreadPool pool_{4};
  std::mt19937_64 random_{7};
};

} // namespace lockvet::runtime

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_DRIVERS_DRIVER_FIXTURE_H
