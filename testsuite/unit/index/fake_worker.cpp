// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A worker whose language has one statement: each word of a file is a function that it defines, and
// "#include FILE" reads another file. A job's argument can ask for trouble.

#include "analyzer/facts/serialize.h"
#include "analyzer/index/worker.h"
#include "analyzer/store/file_stamp.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <unistd.h>

using namespace lockvet;

namespace {

void define(facts::UnitFacts& unit, const std::string& file, const std::string& name) {
  facts::Fragment fragment;
  fragment.files = {file};
  facts::Function function;
  function.usr = "c:@F@" + name;
  function.name = function.qualified_name = function.mangled_name = name;
  function.type = "void (void)";
  fragment.functions = {function};
  fragment.declarations = {{.function = 0,
                            .location = {.file = 0, .line = 1, .column = 1},
                            .end_line = 1,
                            .is_definition = true}};
  std::string bytes = facts::serialize(fragment);
  const facts::Hash hash = facts::hashOf(bytes);
  unit.fragments.push_back({.hash = hash, .bytes = std::move(bytes)});
}

void read(facts::UnitFacts& unit, const std::string& path) {
  const auto stamp = store::stampOf(path.c_str());
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!stamp || !buffer) {
    unit.status = facts::UnitStatus::ParseErrors;
    unit.reason = "'" + path + "' file not found";
    return;
  }
  unit.inputs.push_back({.path = path,
                         .content = facts::hashOf((*buffer)->getBuffer()),
                         .size = stamp->size,
                         .mtime_ns = stamp->mtime_ns});
  llvm::SmallVector<llvm::StringRef, 8> lines;
  (*buffer)->getBuffer().split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines) {
    if (line.consume_front("#include "))
      read(unit, line.str());
    else if (line == "error")
      unit.status = facts::UnitStatus::ParseErrors, unit.reason = "an error";
    else
      define(unit, path, line.str());
  }
}

} // namespace

int main(int count, char** arguments) {
  if (count != 2 || std::string(arguments[1]) != "index-worker")
    return EXIT_FAILURE;
  return index::runWorker(index::kWorkerSocket, [](const index::Job& job) {
    facts::UnitFacts unit;
    if (llvm::is_contained(job.arguments, "-DEXIT")) {
      std::fputs("giving up\n", stderr);
      _exit(7);
    }
    if (llvm::is_contained(job.arguments, "-DPID"))
      unit.reason = std::to_string(getpid());
    if (llvm::is_contained(job.arguments, "-DGARBLED")) {
      unit.fragments.push_back({.hash = {1, 2}, .bytes = "garbled"});
      return unit;
    }
    read(unit, job.file);
    return unit;
  });
}
