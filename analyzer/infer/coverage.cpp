// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/coverage.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace lockvet::infer {

using program::Program;

namespace {

/// Does the function say something of where it runs, or of locks?
bool isMarked(const Program& program, Id id) {
  constexpr llvm::StringRef kOfLocks[] = {
      "requires", "requires_shared", "excludes",         "acquires",     "acquires_shared",
      "releases", "releases_shared", "releases_generic", "try_acquires", "try_acquires_shared",
      "asserts",  "asserts_shared",  "no_analysis"};
  constexpr program::Labels kOfContexts = program::kCoroutineFn | program::kMixedFn |
                                          program::kNoCoroutineFn | program::kMainLoop |
                                          program::kAnyThread | program::kEitherThread;
  return (program.function(id).labels & kOfContexts) ||
         llvm::any_of(program.markersOf(id), [&](const program::Marker& marker) {
           return llvm::is_contained(kOfLocks, marker.label.split(':').first);
         });
}

bool isReached(const program::ContextInference& contexts, Id function) {
  return contexts.isReached(function, program::kInside) ||
         contexts.isReached(function, program::kOutside);
}

} // namespace

MarkerKinds kindsOfCoverage() {
  MarkerKinds kinds = defaultKinds();
  kinds.insert({MarkerKind::MainLoop, MarkerKind::IoOrGs, MarkerKind::Io});
  return kinds;
}

Counts& Counts::operator+=(const Counts& other) {
  marked += other.marked;
  inferred += other.inferred;
  contradictory += other.contradictory;
  unknown += other.unknown;
  missing += other.missing;
  return *this;
}

Coverage coverageOf(const Input& input, const Inference& inference,
                    llvm::function_ref<std::optional<std::string>(llvm::StringRef)> folder_of) {
  const Program& program = input.program;
  llvm::DenseSet<Id> missing, placed, contradictory;
  const MarkerKinds counted = defaultKinds();
  for (const Missing& each : inference.missing)
    (counted.contains(each.marking.kind) ? missing : placed).insert(each.marking.subject.function);
  for (const Conflict& each : inference.conflicts)
    contradictory.insert(each.marking.subject.function);
  Coverage coverage;
  for (Id id = 1; id < program.functions().size(); ++id) {
    const program::Function& function = program.function(id);
    if (!function.is_live || !function.is_defined || function.is_of_system ||
        function.is_implicit || function.place.file == kNoId)
      continue;
    std::optional<std::string> folder = folder_of(program.file(function.place.file));
    if (!folder)
      continue;
    Counts& counts = coverage[*folder];
    const bool lacks = missing.contains(id);
    counts.missing += lacks;
    if (contradictory.contains(id))
      ++counts.contradictory;
    else if (isMarked(program, id))
      ++counts.marked;
    else if (lacks || placed.contains(id) || isReached(input.contexts, id) ||
             isReached(input.thread_contexts, id))
      ++counts.inferred;
    else
      ++counts.unknown;
  }
  return coverage;
}

Coverage upTo(const Coverage& coverage, unsigned depth) {
  Coverage result;
  for (const auto& [folder, counts] : coverage) {
    llvm::SmallVector<llvm::StringRef, 8> parts;
    // The empty part in front of an absolute path belongs to the next one.
    llvm::StringRef(folder).split(parts, '/');
    const size_t kept = depth + (parts.front().empty() ? 1 : 0);
    if (parts.size() > kept)
      parts.truncate(kept);
    result[llvm::join(parts, "/")] += counts;
  }
  return result;
}

Counts totalOf(const Coverage& coverage) {
  Counts total;
  for (const auto& [folder, counts] : coverage)
    total += counts;
  return total;
}

} // namespace lockvet::infer
