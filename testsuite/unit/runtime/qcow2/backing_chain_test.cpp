// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chains of images: read through all of them, and refused if they have no end.

#include "runtime/drivers/qcow2/backing_chain.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"
#include "testsuite/unit/runtime/qcow2/disk_model.h"
#include "testsuite/unit/runtime/qcow2/graph_files.h"

#include <map>

namespace lockvet::runtime::qcow2 {
namespace {

constexpr uint64_t cluster = 4096;

// A folder of files in memory, of which each opening has a copy.
class Qcow2BackingChainTest : public GraphTest {
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

  // Of files that can be read only, as backing files are, all users have one.
  GraphResult<Node*> open(const std::string& name) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const auto open_file = [this](const std::string& wanted, const std::string&,
                                  bool) -> GraphResult<OpenedFile> {
      if (!files_.contains(wanted))
        return graph_error(std::errc::no_such_file_or_directory, "there is no " + wanted + ".");
      return OpenedFile{
          std::make_unique<FileNodeDriver>(std::make_shared<MemoryFile>(files_[wanted])), wanted,
          wanted};
    };
    return open_chain({graph(), main(), "disk"}, name, open_file, {});
  }

  void expect_error(const std::string& name,
                    const std::string& message) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const auto chain = open(name);
    ASSERT_FALSE(chain);
    EXPECT_EQ(chain.error().message, message);
    EXPECT_TRUE(graph().nodes().empty());
  }

  // What is read at the start of each cluster.
  std::string letters(BlockBackend& disk, uint64_t clusters) {
    std::string found;
    in_coroutine(main(), [&]() LV_COROUTINE_FN {
      for (uint64_t number = 0; number < clusters; ++number) {
        char letter = '?';
        EXPECT_FALSE(disk.co_preadv(number * cluster, {&letter, 1}));
        found += letter == 0 ? '0' : letter;
      }
    });
    return found;
  }

  std::map<std::string, Bytes> files_;
};

TEST_F(Qcow2BackingChainTest, IsReadThroughAllItsFiles) {
  MainLoop::assert_here();
  run_in_coroutine([&]() LV_COROUTINE_FN {
    files_["raw"] = Bytes(cluster, std::byte{'r'});
    co_make("base", 2 * cluster, "raw", "raw", cluster);
    co_make("middle", 4 * cluster, "base", std::nullopt, 2 * cluster);
    co_make("top", 5 * cluster, "middle", "qcow2", 3 * cluster);
  });
  const auto top = open("top");
  ASSERT_TRUE(top) << top.error().message;
  EXPECT_EQ(graph().nodes().size(), 7u);
  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(**top));
  EXPECT_EQ(letters(disk, 5), "rbmt0");
  ASSERT_TRUE(disk.remove());
  ASSERT_TRUE(close_chain(graph(), **top));
  EXPECT_TRUE(graph().nodes().empty());
}

TEST_F(Qcow2BackingChainTest, TakesARawFileForRawWhateverIsInIt) {
  MainLoop::assert_here();
  run_in_coroutine([&]() LV_COROUTINE_FN {
    files_["noise"] = Bytes(cluster, std::byte{'n'});
    co_make("secret", cluster, std::nullopt, std::nullopt, 0);
    co_make("guest", cluster, "secret", "qcow2", 0);
    co_make("top", 64 * cluster, "guest", "raw", 63 * cluster);
    co_make("above noise", 64 * cluster, "noise", std::nullopt, 63 * cluster);
  });
  for (const auto& [name, letter] : {std::pair("top", "Q"), std::pair("above noise", "n")}) {
    const auto top = open(name);
    ASSERT_TRUE(top) << top.error().message;
    EXPECT_EQ(graph().nodes().size(), 3u);
    BlockBackend& disk = backend();
    ASSERT_TRUE(disk.insert(**top));
    EXPECT_EQ(letters(disk, 1), letter);
    ASSERT_TRUE(disk.remove());
    ASSERT_TRUE(close_chain(graph(), **top));
  }
}

TEST_F(Qcow2BackingChainTest, LeavesWhatOthersUse) {
  MainLoop::assert_here();
  run_in_coroutine([&]() LV_COROUTINE_FN {
    co_make("base", cluster, std::nullopt, std::nullopt, 0);
    co_make("top", 2 * cluster, "base", "qcow2", cluster);
  });
  const auto top = open("top");
  ASSERT_TRUE(top) << top.error().message;
  BlockBackend& reader = backend({.permissions = {Permission::consistent_read, Permission::all}});
  Node* const base = graph().find("disk.backing1");
  ASSERT_NE(base, nullptr);
  ASSERT_TRUE(reader.insert(*base));
  ASSERT_TRUE(close_chain(graph(), **top));
  EXPECT_EQ(graph().nodes().size(), 2u);
  EXPECT_EQ(letters(reader, 1), "b");
}

TEST_F(Qcow2BackingChainTest, RefusesWhatHasNoEnd) {
  MainLoop::assert_here();
  run_in_coroutine([&]() LV_COROUTINE_FN {
    co_make("a", cluster, "b", "qcow2", 0);
    co_make("b", cluster, "c", "qcow2", 0);
    co_make("c", cluster, "a", "qcow2", 0);
    co_make("self", cluster, "self", "qcow2", 0);
    for (size_t number = 0; number <= most_files_in_chain; ++number)
      co_make("long" + std::to_string(number), (number + 1) * cluster,
              number == most_files_in_chain ? std::optional<std::string>()
                                            : "long" + std::to_string(number + 1),
              "qcow2", number * cluster);
  });
  expect_error("a", "the chain of backing files of 'a' comes back to 'a' at its file 3.");
  expect_error("self", "the chain of backing files of 'self' comes back to 'self' at its file 1.");
  expect_error("long0", "the chain of backing files of 'long0' has more than 200 files.");
  // One that is as long as it may be can be read to its end.
  const auto top = open("long1");
  ASSERT_TRUE(top) << top.error().message;
  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(**top));
  EXPECT_EQ(letters(disk, 2), "0l");
  ASSERT_TRUE(disk.remove());
  ASSERT_TRUE(close_chain(graph(), **top));
}

TEST_F(Qcow2BackingChainTest, SaysWhichFileIsWrong) {
  MainLoop::assert_here();
  run_in_coroutine([&]() LV_COROUTINE_FN {
    files_["noise"] = Bytes(cluster, std::byte{1});
    co_make("a", cluster, "noise", "qcow2", 0);
    co_make("b", cluster, "nowhere", "qcow2", 0);
    co_make("c", cluster, "noise", "vmdk", 0);
  });
  expect_error("a", "'noise': node 'disk.backing1': qcow2: the file begins with 0x1010101, and an "
                    "image with 0x514649fb");
  expect_error("b", "there is no nowhere.");
  expect_error("c", "the backing file 'noise' has the format 'vmdk', which is not supported.");
}

} // namespace
} // namespace lockvet::runtime::qcow2
