// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How far a tree is on its way to saying what its functions need, folder by folder; for conversions
// that take months. Counted from an inference; kept as JSON, to be compared with later.

#pragma once

#include "analyzer/infer/inference.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

namespace lockvet::infer {

/// Functions with a body, each in one of the first four.
struct Counts {
  size_t marked = 0;        ///< say something of contexts or locks
  size_t inferred = 0;      ///< say nothing; calls tell where they run, or what they lack
  size_t contradictory = 0; ///< no marking of them is consistent
  size_t unknown = 0;       ///< nothing tells where they run
  size_t missing = 0;       ///< of all of these, those that lack a marker of the default kinds

  size_t all() const { return marked + inferred + contradictory + unknown; }
  Counts& operator+=(const Counts& other);
};

/// By folder, without what is in folders below it.
using Coverage = std::map<std::string, Counts>;

/// The kinds that an inference for coverage needs: those that a program is inconsistent without,
/// and those about threads, which tell where functions run.
MarkerKinds kindsOfCoverage();

/// `folder_of` names the folder of a file, or nothing where the file does not count.
Coverage coverageOf(const Input& input, const Inference& inference,
                    llvm::function_ref<std::optional<std::string>(llvm::StringRef)> folder_of);

/// With folders below `depth` counted in their ancestor of that depth.
Coverage upTo(const Coverage& coverage, unsigned depth);

Counts totalOf(const Coverage& coverage);

/// A table; with what was before, also what has changed since.
void printCoverage(const Coverage& coverage, const Coverage* before, llvm::raw_ostream& stream);

std::string coverageJson(const Coverage& coverage, const Coverage* before);

/// What coverageJson() wrote. `path` is for messages.
llvm::Expected<Coverage> parseCoverage(llvm::StringRef text, llvm::StringRef path);

} // namespace lockvet::infer
