// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program of a few lines, parsed, linked and loaded as the command does it, for tests of what
// looks at whole programs.

#pragma once

#include "analyzer/program/program.h"

#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lockvet::program::test {

class ProgramTest : public ::testing::Test {
protected:
  struct Source {
    std::string file; ///< in folders, if there is a slash; C++ if it ends in .cpp
    std::string code;
  };

  ProgramTest();
  ~ProgramTest() override;

  /// Makes a unit of each source that is no header, and of all of them the program. Headers stand
  /// before who includes them, by their paths from the top.
  const Program& load(const std::vector<Source>& sources, const config::Config& config = {});

  /// Writes sources, and puts a unit of each that is no header into the store, in place of the one
  /// that was made of that file before. Links the store.
  void put(const std::vector<Source>& sources);

  /// The function of that name; the test fails where there is none, or more than one.
  Id function(llvm::StringRef name) const;
  /// The only call of a function that stands in it.
  const Call& callIn(llvm::StringRef caller) const;
  /// The names of functions that have a flag set.
  std::vector<std::string> namesOf(const std::vector<bool>& flags) const;

  std::vector<std::string> flags_; ///< what the compiler is told besides
  std::unique_ptr<Program> program_;
  std::optional<store::Store> store_;

private:
  std::string directory_;
  std::map<std::string, uint64_t> units_; ///< a number of each file's own
};

} // namespace lockvet::program::test
