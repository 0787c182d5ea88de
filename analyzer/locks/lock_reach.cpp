// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/lock_reach.h"

namespace lockvet::locks {

// What leads to any of several ends is what leads to each of them. So the functions that lead to
// one lock are found in parts, of which each leaves out what an earlier one has: those that lead to
// what may be any lock, which are by far the most, then those of a name that many locks have, and
// then the lock's own. Programs have many locks, and of most the last part is small.

LockReach::LockReach(const program::Program& program, const program::Callers& callers,
                     const LockOperations& operations, const LockEffects& effects,
                     const PathTable& paths, const std::vector<bool>& followed)
    : program_(program), callers_(callers), paths_(paths), followed_(followed) {
  for (const auto& [function, locks] : effects.touched())
    for (const LockEffects::Touched& lock : locks)
      addEnd(function, lock.path, lock.lock.name);
  for (const auto& [function, requirements] : operations.requirements())
    for (const Requirement& requirement : requirements)
      addEnd(function, requirement.path, kNoPath);
  to_any_.resize(program.functions().size());
  for (Id function : reaching(ends_by_name_[""], [](Id) { return false; }))
    to_any_[function] = true;
}

void LockReach::addEnd(Id function, PathId path, PathId lock) {
  auto add = [&](std::vector<Id>& ends) {
    if (ends.empty() || ends.back() != function)
      ends.push_back(function);
  };
  add(ends_by_key_[path]);
  if (lock != path)
    add(ends_by_key_[lock]);
  // What a guard keeps a reference of, "this->lock_", may be any lock: calls name the part,
  // "->lock_".
  const llvm::StringRef text = paths_.text(path);
  const size_t arrow = text.find("->");
  const bool is_kept = arrow != llvm::StringRef::npos && paths_.isInterned(text.drop_front(arrow));
  if (!paths_.isGlobal(path))
    add(ends_by_name_[is_kept ? "" : paths_.described(path)]);
}

/// The functions from which calls lead to the ends; what is known is not entered.
template <typename IsKnown>
LockReach::Functions LockReach::reaching(llvm::ArrayRef<Id> ends, IsKnown is_known) const {
  Functions reached;
  std::vector<Id> work;
  auto add = [&](Id function) {
    if (!is_known(function) && reached.insert(function).second)
      work.push_back(function);
  };
  for (Id end : ends)
    add(end);
  while (!work.empty()) {
    const Id target = work.back();
    work.pop_back();
    // Behind these is a whole event loop.
    if (program_.function(target).labels & (program::kPolls | program::kDrains))
      continue;
    for (uint32_t call : callers_.of(target))
      if (followed_[call])
        add(program_.calls()[call].caller);
  }
  return reached;
}

const LockReach::Functions& LockReach::reachingName(llvm::StringRef name) {
  std::unique_ptr<Functions>& known = to_name_[name];
  if (!known)
    known = std::make_unique<Functions>(
        reaching(ends_by_name_.lookup(name), [&](Id function) { return to_any_[function]; }));
  return *known;
}

bool LockReach::isReached(Id function, PathId path, PathId lock) {
  if (to_any_[function])
    return true;
  const bool is_global = paths_.isGlobal(path);
  std::unique_ptr<Reach>& reach = to_key_[is_global ? path : lock];
  if (!reach) {
    reach = std::make_unique<Reach>();
    if (!is_global)
      reach->by_name = &reachingName(paths_.described(path));
    auto ends = ends_by_key_.find(is_global ? path : lock);
    if (ends != ends_by_key_.end())
      reach->by_key = reaching(ends->second, [&](Id caller) {
        return to_any_[caller] || (reach->by_name && reach->by_name->contains(caller));
      });
  }
  return reach->by_key.contains(function) || (reach->by_name && reach->by_name->contains(function));
}

} // namespace lockvet::locks
