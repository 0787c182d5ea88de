// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes the first inputs of fuzz_facts into a folder: the facts that the unit tests use, each
// after the byte that chooses its kind. facts_seeds DIRECTORY

#include "analyzer/facts/serialize.h"
#include "llvm/Support/raw_ostream.h"
#include "testsuite/unit/facts/sample.h"

namespace {

void write(const std::string& file, char kind, const std::string& bytes) {
  std::error_code failed;
  llvm::raw_fd_ostream stream(file, failed);
  if (failed) {
    llvm::errs() << "cannot write " << file << ": " << failed.message() << "\n";
    std::exit(1);
  }
  stream << kind << bytes;
}

} // namespace

int main(int count, char** arguments) {
  using namespace lockvet::facts;
  if (count != 2) {
    llvm::errs() << "usage: " << arguments[0] << " DIRECTORY\n";
    return 1;
  }
  const std::string directory = arguments[1];
  const Fragment fragment = test::sampleFragment();
  write(directory + "/fragment", 0, serialize(fragment));
  write(directory + "/fragment-empty", 0, serialize(Fragment{}));
  write(directory + "/skeleton", 1, serialize(fragment.skeleton.value_or(Skeleton{})));
  UnitFacts unit;
  unit.reason = "why";
  unit.inputs.push_back({"/tree/a.c", {1, 2}, 10, 20});
  unit.fragments.push_back({hashOf("x"), serialize(fragment)});
  write(directory + "/unit", 2, serialize(unit));
}
