// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/lock_witness.h"

namespace lockvet::rules {

using namespace program;
using locks::Hold;
using locks::LockEvent;

namespace {

constexpr size_t kMostCallsUnheld = 2;

/// Does it release nothing, however the way through the function went?
bool isPhantom(const LockEvent& event) {
  if (!event.operation || !locks::releases(*event.operation) || event.holds == 0)
    return false;
  for (unsigned index = 0; index < locks::kHolds; ++index)
    if ((event.holds >> index & 1) &&
        !locks::isPhantomRelease(*event.operation, static_cast<Hold>(index)))
      return false;
  return true;
}

/// That nobody holds a lock is known near to where it was given back; further down a function may
/// well ask, in words of its own, whether it is held.
bool isNear(const LockWay& way) {
  return (way.event->holds & locks::kAnyHeld) ||
         (way.way.calls.size() <= kMostCallsUnheld &&
          llvm::all_of(way.way.edges, [](EdgeKind edge) { return edge == EdgeKind::Direct; }));
}

bool isReported(const RuleInput& input, const LockWay& way) {
  // A guard's end is reached with nothing to release where it was reset before, or took nothing.
  return isNear(way) && !llvm::is_contained(way.way.edges, EdgeKind::Implicit) &&
         (way.way.calls.size() > 1 ||
          !compilerReports(input, input.program.calls()[way.way.calls.front()]));
}

/// Where a flag that is not followed tells how a lock was taken, it tells which release is meant.
bool isInEitherMode(const RuleInput& input, const LockEvent& event) {
  return (event.holds & locks::kAnyHeld) &&
         input.locks.held().entries()[event.entry].is_of_either_mode;
}

void checkPhantomUnlock(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  llvm::DenseSet<uint32_t> reported;
  for (const LockEvent& event : input.locks.held().events()) {
    if (!isPhantom(event) || isInEitherMode(input, event) || reported.contains(event.call))
      continue;
    const Call& call = program.calls()[event.call];
    const std::vector<LockWay> ways = lockWays(input, event);
    const auto found =
        llvm::find_if(ways, [&](const LockWay& way) { return isReported(input, way); });
    if (found == ways.end())
      continue;
    const LockWay& way = *found;
    reported.insert(event.call);
    const std::string lock = lockName(input, way.root);
    const bool is_held = event.holds & locks::kAnyHeld;
    const std::string stays = !is_held ? "is not held"
                              : event.holds & locks::kAnyExclusive
                                  ? "stays held exclusively"
                                  : "is held shared, and not exclusively";
    Finding finding =
        lockFinding(input, kPhantomUnlock.id, Severity::Error, way,
                    quoted(program, call.caller) + " gives back " + lock + ", which " + stays +
                        (ways.size() > 1 ? otherCallers(program, way.root.function, ways.size() - 1)
                                         : std::string()),
                    ", but " + lock + " " + stays);
    // What is to be mended is the release, whoever holds the lock.
    const Finding release = findingAt(input, kPhantomUnlock.id, Severity::Error, call, "");
    finding.function = release.function;
    finding.file = release.file;
    finding.line = release.line;
    finding.column = release.column;
    finding.identity = release.identity;
    finding.identity.push_back(lock);
    findings.push_back(std::move(finding));
  }
}

} // namespace

const Rule kPhantomUnlock = {
    "phantom-unlock", "A lock is given back that is not held, or not in that way.",
    "A reader's unlock under a writer's lock releases nothing, and what follows believes that it "
    "did. Give back what is held, or let the caller do it.",
    Severity::Error, checkPhantomUnlock};

} // namespace lockvet::rules
