// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "testsuite/unit/program/fixture.h"

#include "analyzer/extract/extractor.h"
#include "analyzer/program/linker.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>

namespace lockvet::program::test {

ProgramTest::ProgramTest() {
  llvm::SmallString<128> directory;
  if (llvm::sys::fs::createUniqueDirectory("lockvet-program", directory))
    ADD_FAILURE() << "no temporary directory";
  directory_ = directory.str().str();
}

ProgramTest::~ProgramTest() {
  (void)llvm::sys::fs::remove_directories(directory_);
}

const Program& ProgramTest::load(const std::vector<Source>& sources, const config::Config& config) {
  put(sources);
  program_ = llvm::cantFail(Program::load(*store_, config));
  return *program_;
}

void ProgramTest::put(const std::vector<Source>& sources) {
  if (!store_)
    store_ = llvm::cantFail(store::Store::openForIndexing(directory_ + "/lockvet.db"));
  llvm::cantFail(store_->begin());
  extract::Extractor extractor(extract::findResourceDirectory());
  for (const Source& source : sources) {
    const std::string path = directory_ + "/" + source.file;
    std::error_code error = llvm::sys::fs::create_directories(llvm::sys::path::parent_path(path));
    llvm::raw_fd_ostream(path, error) << source.code;
    if (llvm::StringRef(source.file).ends_with(".h"))
      continue;
    const bool is_cpp = llvm::StringRef(source.file).ends_with(".cpp");
    std::vector<std::string> command = {is_cpp ? "c++" : "cc", "-I" + directory_};
    command.insert(command.end(), flags_.begin(), flags_.end());
    command.insert(command.end(), {"-c", path});
    const facts::UnitFacts unit = extractor.extract(directory_, path, command);
    EXPECT_EQ(unit.reason, "") << source.file;
    const uint64_t number = units_.try_emplace(source.file, units_.size() + 1).first->second;
    EXPECT_EQ(llvm::cantFail(store_->putUnit(
                  {.command = {number, ~number}, .directory = directory_, .file = path}, unit)),
              store::PutOutcome::Stored);
  }
  llvm::cantFail(link(*store_));
  llvm::cantFail(store_->commit());
}

Id ProgramTest::function(llvm::StringRef name) const {
  llvm::ArrayRef<Id> found = program_->named(name);
  EXPECT_EQ(found.size(), 1U) << name.str();
  return found.empty() ? kNoId : found.front();
}

const Call& ProgramTest::callIn(llvm::StringRef caller) const {
  llvm::ArrayRef<Call> calls = program_->callsOf(function(caller));
  EXPECT_EQ(calls.size(), 1U) << caller.str();
  return calls.front();
}

std::vector<std::string> ProgramTest::namesOf(const std::vector<bool>& flags) const {
  std::vector<std::string> names;
  for (Id id = 1; id < flags.size(); ++id)
    if (flags[id])
      names.push_back(program_->function(id).qualified_name.str());
  std::sort(names.begin(), names.end());
  return names;
}

} // namespace lockvet::program::test
