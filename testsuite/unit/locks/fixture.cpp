// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "testsuite/unit/locks/fixture.h"

#include <algorithm>

namespace lockvet::locks::test {

namespace {

constexpr const char* kPrelude = R"(
struct Mutex { int state; };
struct Node { struct Mutex mu; struct Node *next; };
void lock(struct Mutex *);
int trylock(struct Mutex *);
void unlock(struct Mutex *);
void read_lock(void);
void read_unlock(void);
__attribute__((annotate("polls"))) void poll(void);
)";

} // namespace

LocksTest::LocksTest() {
  config::LockType mutex;
  mutex.name = "Mutex";
  mutex.acquire = {"lock"};
  mutex.try_acquire = {"trylock"};
  mutex.release = {"unlock"};
  config::LockType graph;
  graph.name = "graph lock";
  graph.kind = config::LockType::Kind::Graph;
  graph.global = "graph_lock";
  graph.acquire_shared = {"read_lock"};
  graph.release_shared = {"read_unlock"};
  config_.locks = {mutex, graph};
}

const LockAnalysis& LocksTest::analyse(const std::string& code) {
  load({{"a.c", kPrelude + code}}, config_);
  contexts_ = llvm::cantFail(program::ContextAnalysis::load(*store_, config_));
  locks_ =
      std::make_unique<LockAnalysis>(*contexts_->program, contexts_->skeletons, contexts_->callers,
                                     contexts_->guards, contexts_->contexts, contexts_->config);
  return *locks_;
}

Effect LocksTest::effectOn(llvm::StringRef path, llvm::StringRef name) const {
  for (const LockEffect& effect : locks_->effects().of(function(name)))
    if (locks_->paths().text(effect.path) == path)
      return effect.effect;
  Effect none;
  for (unsigned entry = 0; entry < kHolds; ++entry)
    none.by_entry[entry] = outcome(static_cast<Hold>(entry), program::kUnknown);
  return none;
}

std::vector<std::string> LocksTest::pollsUnderLocks() const {
  std::vector<std::string> found;
  for (const LockEvent& event : locks_->held().events()) {
    if (!(event.labels & program::kPolls))
      continue;
    for (const HeldLocks::Way& way : locks_->held().waysTo(event)) {
      const Id root = locks_->held().entries()[way.root].function;
      std::string words = program_->function(root).name.str();
      for (Id target : way.targets)
        words += " -> " + program_->function(target).name.str();
      found.push_back(std::move(words));
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

} // namespace lockvet::locks::test
