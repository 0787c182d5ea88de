// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program that is analyzed again after a change is found to be what it is found to be from the
// start: the suites of the lock rules, in one store, with one line after another taken out and put
// back.

#include "analyzer/rules/analysis.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"
#include "testsuite/unit/program/fixture.h"

#include <random>
#include <set>

namespace lockvet::rules {

namespace {

using Loaded = std::unique_ptr<Analysis>;

class ReloadTest : public program::test::ProgramTest {
protected:
  ReloadTest() {
    flags_ = {"-I" LOCKVET_ANNOTATIONS};
    config_ = llvm::cantFail(
        config::load(LOCKVET_RULE_SUITES "/Inputs/locks.yaml", LOCKVET_RULE_SUITES, ""));
    config_.levels = {{"escape-hatch", config::Level::Warning},
                      {"unneeded-annotation", config::Level::Warning}};
  }

  /// All C sources of a folder of the suites.
  void take(const std::string& folder) {
    std::error_code error;
    for (llvm::sys::fs::directory_iterator file(LOCKVET_RULE_SUITES "/" + folder, error), end;
         file != end && !error; file.increment(error)) {
      const llvm::StringRef name = llvm::sys::path::filename(file->path());
      if (name.ends_with(".c") || name.ends_with(".h"))
        sources_.push_back(
            {"suites/" + folder + "/" + name.str(),
             llvm::cantFail(llvm::errorOrToExpected(llvm::MemoryBuffer::getFile(file->path())))
                 ->getBuffer()
                 .str()});
    }
    ASSERT_FALSE(error) << folder;
    llvm::sort(sources_, [](const Source& a, const Source& b) { return a.file < b.file; });
  }

  std::multiset<std::string> findingsOf(const Analysis& analysis) const {
    std::multiset<std::string> all;
    for (const Finding& finding :
         llvm::cantFail(runRules(analysis.input(), config_, {}, /*with_guesses=*/true))) {
      std::string text;
      llvm::raw_string_ostream out(text);
      out << finding.file << ":" << finding.line << ": " << finding.rule << ": " << finding.message;
      for (const Step& step : finding.witness)
        out << "\n  " << step.file << ":" << step.line << ": " << step.reason;
      all.insert(text);
    }
    return all;
  }

  /// Replaces a unit, and analyzes what was known, and from the start.
  void change(const Source& source) {
    put({source});
    session_ = llvm::cantFail(Analysis::reload(*store_, session_));
    const Loaded fresh = llvm::cantFail(Analysis::load(*store_, config_));
    EXPECT_EQ(findingsOf(*session_), findingsOf(*fresh)) << source.file << "\n" << source.code;
  }

  config::Config config_;
  std::vector<Source> sources_;
  Loaded session_;
};

/// The places of lines that are nothing but one call.
std::vector<std::pair<size_t, size_t>> callLines(llvm::StringRef code) {
  static const llvm::Regex call("^  +[a-z_]+\\(.*\\);$");
  std::vector<std::pair<size_t, size_t>> lines;
  for (size_t begin = 0; begin < code.size();) {
    const size_t end = std::min(code.find('\n', begin), code.size());
    if (call.match(code.slice(begin, end)))
      lines.push_back({begin, end});
    begin = end + 1;
  }
  return lines;
}

TEST_F(ReloadTest, FindsWhatIsFoundFromTheStart) {
  for (const char* folder : {"Inputs", "phantom-unlock", "poll-under-lock", "suspend-under-lock",
                             "lock-required", "no-coroutine-call"})
    take(folder);
  put(sources_);
  session_ = llvm::cantFail(Analysis::load(*store_, config_));
  EXPECT_GT(findingsOf(*session_).size(), 20U);
  std::mt19937 random(20); // NOLINT(cert-msc51-cpp): the same changes in each run
  for (int round = 0; round < 60; ++round) {
    const Source& source = sources_[random() % sources_.size()];
    const std::vector<std::pair<size_t, size_t>> lines = callLines(source.code);
    if (lines.empty() || llvm::StringRef(source.file).ends_with(".h"))
      continue;
    const auto [begin, end] = lines[random() % lines.size()];
    Source changed = source;
    // What is below it moves, half of the time.
    changed.code.replace(begin, end - begin, round % 2 ? ";" : "\n;");
    change(changed);
    if (round % 3)
      change(source);
  }
}

/// Markers come and go, and with them what is known of callers.
TEST_F(ReloadTest, SeesOtherMarkers) {
  const std::string prelude = "#include \"Inputs/locks.h\"\n";
  take("Inputs");
  for (Source& source : sources_)
    source.file = source.file.substr(llvm::StringRef("suites/").size());
  put(sources_);
  const Source user = {"user.c", prelude + "void helper(void);\n"
                                           "void user(struct Mutex *mu) {\n"
                                           "  mutex_lock(mu); helper(); mutex_unlock(mu);\n"
                                           "}\n"};
  const Source quiet = {"helper.c", prelude + "void helper(void) {}\n"};
  const Source loud = {"helper.c", prelude + "void helper(void) { run_event_loop(); }\n"};
  put({user, quiet});
  session_ = llvm::cantFail(Analysis::load(*store_, config_));
  EXPECT_EQ(findingsOf(*session_).size(), 0U);
  change(loud);
  EXPECT_EQ(findingsOf(*session_).size(), 1U);
  change(quiet);
  EXPECT_EQ(findingsOf(*session_).size(), 0U);
}

} // namespace

} // namespace lockvet::rules
