// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chains of images: read through all of them, and refused if they have no end.

#include "runtime/drivers/qcow2/backing_chain.h"
#include "testsuite/unit/runtime/qcow2/disk_model.h"

#include <map>

namespace lockvet::runtime::qcow2 {
namespace {

constexpr uint64_t cluster = 4096;

// A folder of files in memory, of which each opening has a copy.
class Qcow2BackingChainTest : public testing::Test {
protected:
  void LV_COROUTINE_FN co_make(const std::string& name, uint64_t size,
                               std::optional<std::string> backing,
                               std::optional<std::string> format, uint64_t written_at) {
    MemoryFile file;
    auto created = co_create(
        file,
        {.size = size, .cluster_bits = 12, .backing_name = backing, .backing_format = format});
    ASSERT_TRUE(created) << created.error().message;
    const auto image = co_open_image(file);
    ASSERT_TRUE(image);
    ASSERT_FALSE(image->co_write(written_at, Bytes(cluster, std::byte(name[0]))));
    ASSERT_FALSE(image->co_close());
    files_[name] = file.content();
  }

  Result<BackingChain> LV_COROUTINE_FN co_open(const std::string& name) {
    const auto open = [this](const std::string& wanted,
                             const std::string&) -> Result<BackingChain::OpenedFile> {
      if (!files_.contains(wanted))
        return fail(std::errc::no_such_file_or_directory, wanted);
      return BackingChain::OpenedFile{std::make_unique<MemoryFile>(files_[wanted]), wanted};
    };
    return BackingChain::co_open(name, open, {});
  }

  void expect_error(const std::string& name, const std::string& message) {
    run_in_coroutine([&]() LV_COROUTINE_FN {
      const auto chain = co_open(name);
      ASSERT_FALSE(chain);
      EXPECT_EQ(chain.error().message, message);
    });
  }

  std::map<std::string, Bytes> files_;
};

TEST_F(Qcow2BackingChainTest, IsReadThroughAllItsFiles) {
  run_in_coroutine([&]() LV_COROUTINE_FN {
    files_["raw"] = Bytes(cluster, std::byte{'r'});
    co_make("base", 2 * cluster, "raw", "raw", cluster);
    co_make("middle", 4 * cluster, "base", std::nullopt, 2 * cluster);
    co_make("top", 5 * cluster, "middle", "qcow2", 3 * cluster);
    auto chain = co_open("top");
    ASSERT_TRUE(chain) << chain.error().message;
    EXPECT_EQ(chain->files(), 4u);
    std::string letters;
    for (uint64_t number = 0; number < 5; ++number) {
      Bytes bytes(1);
      ASSERT_FALSE(chain->image().co_read(number * cluster, bytes));
      letters += bytes[0] == std::byte{0} ? '0' : static_cast<char>(bytes[0]);
    }
    EXPECT_EQ(letters, "rbmt0");
    ASSERT_FALSE(chain->image().co_close());
  });
}

TEST_F(Qcow2BackingChainTest, TakesARawFileForRawWhateverIsInIt) {
  run_in_coroutine([&]() LV_COROUTINE_FN {
    co_make("secret", cluster, std::nullopt, std::nullopt, 0);
    co_make("guest", cluster, "secret", "qcow2", 0);
    co_make("top", 64 * cluster, "guest", "raw", 63 * cluster);
    auto chain = co_open("top");
    ASSERT_TRUE(chain) << chain.error().message;
    EXPECT_EQ(chain->files(), 2u);
    Bytes bytes(1);
    ASSERT_FALSE(chain->image().co_read(0, bytes));
    EXPECT_EQ(bytes[0], std::byte{'Q'});
  });
}

TEST_F(Qcow2BackingChainTest, RefusesWhatHasNoEnd) {
  run_in_coroutine([&]() LV_COROUTINE_FN {
    co_make("a", cluster, "b", "qcow2", 0);
    co_make("b", cluster, "c", "qcow2", 0);
    co_make("c", cluster, "a", "qcow2", 0);
    co_make("self", cluster, "self", "qcow2", 0);
    for (int number = 0; number < 250; ++number)
      co_make("long" + std::to_string(number), cluster, "long" + std::to_string(number + 1),
              "qcow2", 0);
  });
  expect_error("a", "qcow2: the chain of backing files of 'a' comes back to 'a' at its file 3");
  expect_error("self",
               "qcow2: the chain of backing files of 'self' comes back to 'self' at its file 1");
  expect_error("long0", "qcow2: the chain of backing files of 'long0' has more than 200 files");
}

TEST_F(Qcow2BackingChainTest, SaysWhichFileIsWrong) {
  run_in_coroutine([&]() LV_COROUTINE_FN {
    files_["noise"] = Bytes(cluster, std::byte{1});
    co_make("a", cluster, "noise", "qcow2", 0);
    co_make("b", cluster, "nowhere", "qcow2", 0);
    co_make("c", cluster, "noise", "vmdk", 0);
  });
  expect_error("a", "qcow2: 'noise': qcow2: the file begins with 0x1010101, and an image with "
                    "0x514649fb");
  expect_error("b", "qcow2: nowhere");
  expect_error("c", "qcow2: the backing file 'noise' has the format 'vmdk', which is not "
                    "supported");
}

} // namespace
} // namespace lockvet::runtime::qcow2
