// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/config/merge.h"

#include "analyzer/config/consistency.h"
#include "analyzer/config/lock_reader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

namespace lockvet::config {

namespace {

/// Adds the entries of `below` that no entry of `above` is `same` as.
template <typename Entry, typename Same>
void add(std::vector<Entry>& above, std::vector<Entry> below, Same same) {
  const size_t own = above.size();
  for (Entry& entry : below)
    if (llvm::none_of(llvm::ArrayRef(above).take_front(own),
                      [&](const Entry& other) { return same(other, entry); }))
      above.push_back(std::move(entry));
}

void addNames(std::vector<std::string>& above, std::vector<std::string> below,
              const std::vector<std::string>* excluded = nullptr) {
  if (excluded)
    llvm::erase_if(below,
                   [&](const std::string& name) { return llvm::is_contained(*excluded, name); });
  add(above, std::move(below), std::equal_to<std::string>());
}

/// Adds locks; a function that a lock above has is none of those below.
void addLocks(std::vector<LockType>& above, std::vector<LockType> below) {
  llvm::StringSet<> taken;
  for (const LockType& lock : above)
    for (const LockList& list : lockLists())
      taken.insert_range(lock.*list.functions);
  for (LockType& lock : below)
    for (const LockList& list : lockLists())
      llvm::erase_if(lock.*list.functions,
                     [&](const std::string& function) { return taken.contains(function); });
  add(above, std::move(below),
      [](const LockType& one, const LockType& other) { return one.name == other.name; });
}

} // namespace

void mergeUnder(Config& config, Config below) {
  addNames(config.coroutine_predicates, std::move(below.coroutine_predicates));
  addNames(config.main_loop_predicates, std::move(below.main_loop_predicates));
  llvm::erase_if(below.labels, [&](const LabelRule& rule) {
    return !contradiction(rule, config.labels).empty();
  });
  llvm::append_range(config.labels, std::move(below.labels));
  // What is above has the last word, so both lists below are held against those above first.
  const std::vector<std::string> blocking = config.blocking;
  addNames(config.blocking, std::move(below.blocking), &config.not_blocking);
  addNames(config.not_blocking, std::move(below.not_blocking), &blocking);
  addNames(config.roots, std::move(below.roots));
  addLocks(config.locks, std::move(below.locks));
  add(config.registrars, std::move(below.registrars),
      [](const Registrar& one, const Registrar& other) {
        return one.function == other.function && one.argument == other.argument;
      });
  add(config.waits, std::move(below.waits),
      [](const WaitOperation& one, const WaitOperation& other) {
        return one.function == other.function;
      });
  add(config.markers, std::move(below.markers),
      [](const MarkerSpelling& one, const MarkerSpelling& other) {
        return one.marker == other.marker && one.lock == other.lock;
      });
  auto same_rule = [](const auto& one, const auto& other) { return one.rule == other.rule; };
  add(config.levels, std::move(below.levels), same_rule);
  add(config.path_rules, std::move(below.path_rules), same_rule);
}

} // namespace lockvet::config
