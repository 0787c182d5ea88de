// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Measures `lockvet check` on made-up programs (synthetic_program.h), and whether it finds the bugs
// in them, all of them and nothing else:
//
//     lock_benchmark LOCKVET [FUNCTIONS...]      10,000, 100,000 and 1,000,000 without them
//     lock_benchmark --keep FILE FUNCTIONS       only writes the store, and leaves it there
//     lock_benchmark --shape STORE [PROFILE]     what a program is like; `qemu` without a profile
//
// Prints processor times and the largest memory of each run, and how they grow. Exits with 1 where
// a bug was missed or something else was said.

#include "analyzer/facts/serialize.h"
#include "analyzer/program/linker.h"
#include "analyzer/store/store.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "testsuite/benchmarks/program_shape.h"
#include "testsuite/benchmarks/synthetic_program.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace lockvet;

namespace {

constexpr const char* kProfile = "qemu";

llvm::Error writeStore(const std::string& path, uint32_t functions) {
  llvm::Expected<store::Store> store = store::Store::openForIndexing(path);
  if (!store)
    return store.takeError();
  if (llvm::Error error = store->begin())
    return error;
  uint64_t number = 0;
  llvm::Error error = llvm::Error::success();
  const benchmarks::SyntheticProgram program(functions);
  program.forEachUnit([&](const benchmarks::SyntheticProgram::Unit& unit) {
    if (error)
      return;
    facts::UnitFacts said;
    said.inputs.push_back({.path = unit.file, .content = facts::hashOf(unit.file)});
    for (const facts::Fragment& fragment : unit.fragments) {
      std::string bytes = facts::serialize(fragment);
      const facts::Hash hash = facts::hashOf(bytes);
      said.fragments.push_back({.hash = hash, .bytes = std::move(bytes)});
    }
    ++number;
    llvm::Expected<store::PutOutcome> outcome = store->putUnit(
        {.command = {number, ~number}, .directory = "/synthetic", .file = unit.file}, said);
    if (!outcome)
      error = outcome.takeError();
  });
  if (error)
    return error;
  if (llvm::Error failed = program::link(*store))
    return failed;
  if (llvm::Error failed = store->commit())
    return failed;
  return store->finish();
}

struct Run {
  double seconds = 0;   ///< of the processor
  double megabytes = 0; ///< largest
  int status = 0;
};

Run check(const std::string& lockvet, const std::string& store, const std::string& output) {
  const pid_t child = fork();
  if (child == 0) {
    const int file = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(file, STDOUT_FILENO);
    execl(lockvet.c_str(), lockvet.c_str(), "check", "--profile", kProfile, "--db", store.c_str(),
          "--format", "json", nullptr);
    _exit(127);
  }
  Run run;
  rusage usage{};
  wait4(child, &run.status, 0, &usage);
  auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + (static_cast<double>(time.tv_usec) / 1e6);
  };
  run.seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  run.megabytes = static_cast<double>(usage.ru_maxrss) / 1024;
  return run;
}

/// How many findings of each rule a JSON report has; empty where it is none.
std::map<std::string, uint32_t> countFindings(const std::string& report) {
  std::map<std::string, uint32_t> found;
  auto buffer = llvm::MemoryBuffer::getFile(report);
  if (!buffer)
    return found;
  llvm::Expected<llvm::json::Value> value = llvm::json::parse((*buffer)->getBuffer());
  if (!value) {
    llvm::consumeError(value.takeError());
    return found;
  }
  if (const llvm::json::Array* findings = value->getAsArray())
    for (const llvm::json::Value& finding : *findings)
      if (const llvm::json::Object* object = finding.getAsObject())
        ++found[object->getString("rule").value_or("").str()];
  return found;
}

std::string listed(const std::map<std::string, uint32_t>& counts) {
  std::string text;
  for (const auto& [rule, count] : counts)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + rule;
  return text.empty() ? "nothing" : text;
}

bool measure(const std::string& lockvet, const std::string& folder, uint32_t functions,
             std::optional<double>& seconds_before, uint32_t functions_before) {
  const std::string store = folder + "/" + std::to_string(functions) + ".db";
  const std::string report = folder + "/report.json";
  if (llvm::Error error = writeStore(store, functions)) {
    llvm::errs() << "lock_benchmark: " << llvm::toString(std::move(error)) << "\n";
    return false;
  }
  const Run run = check(lockvet, store, report);
  uint64_t size = 0;
  (void)llvm::sys::fs::file_size(store, size);
  llvm::outs() << llvm::formatv("{0,10} {1,10:f2} {2,10:f0} {3,10:f0}", functions, run.seconds,
                                run.megabytes, static_cast<double>(size) / 1e6);
  if (seconds_before)
    llvm::outs() << llvm::formatv("   {0:f1} times the functions, {1:f1} times the time",
                                  static_cast<double>(functions) / functions_before,
                                  run.seconds / *seconds_before);
  llvm::outs() << "\n";
  llvm::outs().flush();
  seconds_before = run.seconds;
  const std::map<std::string, uint32_t> found = countFindings(report);
  const std::map<std::string, uint32_t> seeded = benchmarks::SyntheticProgram(functions).bugs();
  (void)llvm::sys::fs::remove(store);
  if (!WIFEXITED(run.status) || WEXITSTATUS(run.status) > 1) {
    llvm::errs() << "lock_benchmark: `" << lockvet << " check` failed\n";
    return false;
  }
  if (found != seeded) {
    llvm::errs() << "lock_benchmark: the program has " << listed(seeded) << "; found were "
                 << listed(found) << "\n";
    return false;
  }
  return true;
}

int fail(llvm::Error error) {
  llvm::errs() << "lock_benchmark: " << llvm::toString(std::move(error)) << "\n";
  return 1;
}

} // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  auto number = [&](size_t index) {
    uint32_t value = 0;
    return index < arguments.size() && llvm::to_integer(arguments[index], value, 10) ? value : 0;
  };
  if (arguments.size() >= 2 && arguments[0] == "--shape") {
    if (llvm::Error error = benchmarks::printShape(
            arguments[1], arguments.size() > 2 ? arguments[2] : kProfile, llvm::outs()))
      return fail(std::move(error));
    return 0;
  }
  if (arguments.size() == 3 && arguments[0] == "--keep" && number(2) > 0) {
    if (llvm::Error error = writeStore(arguments[1], number(2)))
      return fail(std::move(error));
    return 0;
  }
  std::vector<uint32_t> sizes;
  for (size_t index = 1; index < arguments.size(); ++index)
    sizes.push_back(number(index));
  if (arguments.empty() || arguments[0].starts_with("-") || llvm::is_contained(sizes, 0U)) {
    llvm::errs() << "usage: lock_benchmark LOCKVET [FUNCTIONS...]\n"
                    "       lock_benchmark --keep FILE FUNCTIONS\n"
                    "       lock_benchmark --shape STORE [PROFILE]\n";
    return 2;
  }
  if (sizes.empty())
    sizes = {10'000, 100'000, 1'000'000};
  llvm::SmallString<128> folder;
  if (llvm::sys::fs::createUniqueDirectory("lockvet-lock-benchmark", folder))
    return fail(llvm::createStringError("there is no temporary directory"));
  llvm::outs() << " functions      CPU s  memory MB   store MB\n";
  bool is_fine = true;
  std::optional<double> seconds;
  uint32_t before = 0;
  for (uint32_t functions : sizes) {
    is_fine &= measure(arguments[0], folder.str().str(), functions, seconds, before);
    before = functions;
  }
  (void)llvm::sys::fs::remove_directories(folder);
  return is_fine ? 0 : 1;
}
