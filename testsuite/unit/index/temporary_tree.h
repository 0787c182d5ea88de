// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A directory of source files with a compilation database, for tests of the indexer.

#pragma once

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace lockvet::index::test {

class TemporaryTree : public ::testing::Test {
protected:
  TemporaryTree();
  ~TemporaryTree() override;

  std::string path(const std::string& name) const { return directory_ + "/" + name; }

  /// Writes a file whose time is `age` seconds ago, so that its stamp can be trusted.
  void write(const std::string& name, const std::string& content, int age = 100) const;
  void touch(const std::string& name, int age) const;
  void remove(const std::string& name) const;

  struct Entry {
    std::string file;
    std::string flags;
  };
  void writeDatabase(const std::vector<Entry>& entries) const;

  /// The rows of a query over the store `lockvet.db`, columns joined by '|'.
  std::vector<std::string> query(const std::string& sql) const;

  std::string directory_;
};

} // namespace lockvet::index::test
