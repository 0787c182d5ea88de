// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/config/config.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

namespace lockvet::config {
namespace {

namespace fs = llvm::sys::fs;

/// A folder tree/a/b of its own for each test.
class ConfigLoad : public testing::Test {
protected:
  void SetUp() override {
    llvm::SmallString<128> made, real;
    ASSERT_FALSE(fs::createUniqueDirectory("lockvet-config", made));
    ASSERT_FALSE(fs::real_path(made, real));
    tree_ = real.str();
    ASSERT_FALSE(fs::create_directories(tree_ + "/a/b"));
  }
  void TearDown() override { fs::remove_directories(tree_); }

  void write(const std::string& name, llvm::StringRef text) {
    std::error_code failed;
    llvm::raw_fd_ostream stream(tree_ + name, failed);
    ASSERT_FALSE(failed);
    stream << text;
  }

  std::string tree_;
};

TEST_F(ConfigLoad, DefaultsWhereThereIsNone) {
  auto config = load("", tree_ + "/a");
  ASSERT_TRUE(bool(config));
  EXPECT_EQ(config->directory, tree_ + "/a");
  EXPECT_TRUE(config->roots.empty());
}

TEST_F(ConfigLoad, TheNearestAbove) {
  write("/.lockvet.yaml", "roots: [far]\n");
  auto far = load("", tree_ + "/a/b");
  ASSERT_TRUE(bool(far));
  EXPECT_EQ(far->roots.front(), "far");
  EXPECT_EQ(far->directory, tree_);

  write("/a/.lockvet.yaml", "roots: [near]\n");
  auto near = load("", tree_ + "/a/b/../b");
  ASSERT_TRUE(bool(near));
  EXPECT_EQ(near->roots.front(), "near");
}

TEST_F(ConfigLoad, TheOneThatIsNamed) {
  write("/.lockvet.yaml", "roots: [wrong]\n");
  write("/a/other.yaml", "roots: [named]\n");
  auto config = load(tree_ + "/a/other.yaml", tree_);
  ASSERT_TRUE(bool(config));
  EXPECT_EQ(config->roots.front(), "named");
  EXPECT_EQ(config->directory, tree_ + "/a");
}

TEST_F(ConfigLoad, ANamedOneMustExist) {
  auto config = load(tree_ + "/none.yaml", tree_);
  ASSERT_FALSE(bool(config));
  const std::string error = llvm::toString(config.takeError());
  EXPECT_NE(error.find("cannot read the configuration " + tree_ + "/none.yaml: No such file"),
            std::string::npos)
      << error;
}

TEST_F(ConfigLoad, AFolderIsNoConfiguration) {
  ASSERT_FALSE(fs::create_directories(tree_ + "/.lockvet.yaml"));
  auto config = load("", tree_ + "/a");
  ASSERT_FALSE(bool(config));
  EXPECT_NE(llvm::toString(config.takeError()).find("it is a folder"), std::string::npos);
}

TEST_F(ConfigLoad, ErrorsNameTheFile) {
  write("/a/.lockvet.yaml", "rots: []\n");
  auto config = load("", tree_ + "/a/b");
  ASSERT_FALSE(bool(config));
  const std::string error = llvm::toString(config.takeError());
  EXPECT_TRUE(llvm::StringRef(error).starts_with(tree_ + "/a/.lockvet.yaml:1:1: error: ")) << error;
}

} // namespace
} // namespace lockvet::config
