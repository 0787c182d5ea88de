// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is reported of lock events: one for each call with which a function that holds a lock sets
// off something wrong. A lock's holder has to mend that one call, however many things lie behind
// it, so the rules on locks share it among them. Stateless.

#pragma once

#include "analyzer/rules/lock_witness.h"

#include <optional>
#include <set>
#include <string>
#include <tuple>

namespace lockvet::rules {

/// Holder, callee, lock.
using Frontier = std::tuple<program::Id, program::Id, std::string>;
Frontier frontierOf(const RuleInput& input, const LockWay& way);

/// What is wrong with an event under a lock that its target takes, or must not find held; no value
/// where nothing is.
std::optional<std::string> exclusionOffence(const RuleInput& input, const locks::LockEvent& event);

/// The worst event at each frontier, in the order of events: of those for which `rank` has a value
/// the one with the lowest, and of these the one with the shortest way.
std::vector<LockWay>
worstAtFrontiers(const RuleInput& input,
                 llvm::function_ref<std::optional<unsigned>(const locks::LockEvent&)> rank);

/// Frontiers that lock-excluded reports.
std::set<Frontier> excludedFrontiers(const RuleInput& input);

/// Of ways that begin with the same callee under the same lock the first, with the number of its
/// other callers: where it is the callee that is to be mended.
std::vector<std::pair<LockWay, size_t>> foldedByCallee(const RuleInput& input,
                                                       std::vector<LockWay> ways);

/// Of ways that end at the same call under the same lock the shortest, with the number of the
/// others: where it is what happens at the end that is to be mended.
std::vector<std::pair<LockWay, size_t>> foldedByEnd(const RuleInput& input,
                                                    std::vector<LockWay> ways);

} // namespace lockvet::rules
