// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/lock_frontier.h"

#include <map>

namespace lockvet::rules {

using namespace program;
using locks::LockEvent;
using locks::Operation;
using locks::Requirement;

namespace {

/// Of ways with the same key under the same lock the shortest, the first of several, with the
/// number of the others.
std::vector<std::pair<LockWay, size_t>>
foldedBy(const RuleInput& input, std::vector<LockWay> ways,
         llvm::function_ref<std::pair<uint32_t, Id>(const LockWay&)> keyOf) {
  std::vector<std::pair<LockWay, size_t>> folded;
  std::map<std::pair<std::pair<uint32_t, Id>, std::string>, size_t> known;
  for (LockWay& way : ways) {
    auto [entry, is_new] =
        known.try_emplace(std::pair(keyOf(way), lockName(input, way.root)), folded.size());
    if (is_new) {
      folded.push_back({std::move(way), 0});
      continue;
    }
    auto& [best, others] = folded[entry->second];
    ++others;
    if (way.way.calls.size() < best.way.calls.size())
      best = std::move(way);
  }
  return folded;
}

} // namespace

Frontier frontierOf(const RuleInput& input, const LockWay& way) {
  return {way.root.function, way.way.targets.front(), lockName(input, way.root)};
}

std::optional<std::string> exclusionOffence(const RuleInput& input, const LockEvent& event) {
  if ((event.holds & locks::kUnheld) || event.holds == 0)
    return std::nullopt;
  if (event.requirement == Requirement::Kind::Excluded)
    return "must not be called with it held";
  if (event.operation != Operation::Acquire)
    return std::nullopt;
  const config::LockType* type = input.locks.held().entries()[event.entry].lock.type;
  if ((event.holds & locks::kAnyShared) == event.holds)
    return "takes it exclusively, which waits for all readers";
  if (!type || !type->is_reentrant)
    return "takes it again";
  return std::nullopt;
}

std::vector<LockWay>
worstAtFrontiers(const RuleInput& input,
                 llvm::function_ref<std::optional<unsigned>(const LockEvent&)> rank) {
  struct Best {
    std::pair<unsigned, size_t> badness;
    size_t position = 0;
  };
  std::map<Frontier, Best> best;
  std::vector<LockWay> ways;
  for (const LockEvent& event : input.locks.held().events()) {
    const std::optional<unsigned> mine = rank(event);
    if (!mine)
      continue;
    for (LockWay& way : lockWays(input, event)) {
      const std::pair<unsigned, size_t> badness(*mine, way.way.calls.size());
      auto [entry, is_new] = best.try_emplace(frontierOf(input, way), Best{badness, ways.size()});
      if (is_new) {
        ways.push_back(std::move(way));
      } else if (badness < entry->second.badness) {
        entry->second.badness = badness;
        ways[entry->second.position] = std::move(way);
      }
    }
  }
  return ways;
}

std::set<Frontier> excludedFrontiers(const RuleInput& input) {
  std::set<Frontier> frontiers;
  for (const LockEvent& event : input.locks.held().events())
    if (exclusionOffence(input, event))
      for (const LockWay& way : lockWays(input, event))
        frontiers.insert(frontierOf(input, way));
  return frontiers;
}

std::vector<std::pair<LockWay, size_t>> foldedByCallee(const RuleInput& input,
                                                       std::vector<LockWay> ways) {
  return foldedBy(input, std::move(ways), [](const LockWay& way) {
    return std::pair<uint32_t, Id>(0, way.way.targets.front());
  });
}

std::vector<std::pair<LockWay, size_t>> foldedByEnd(const RuleInput& input,
                                                    std::vector<LockWay> ways) {
  return foldedBy(input, std::move(ways), [](const LockWay& way) {
    return std::pair<uint32_t, Id>(way.way.calls.back(), way.way.targets.back());
  });
}

} // namespace lockvet::rules
