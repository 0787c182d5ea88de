// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Configurations that are right, and what they mean. parse_errors_test.cpp has the wrong ones.

#include "analyzer/config/config.h"

#include <gtest/gtest.h>

namespace lockvet::config {
namespace {

using Names = std::vector<std::string>;

Config good(llvm::StringRef text) {
  auto config = parse(text, "/tree/.lockvet.yaml");
  if (!config) {
    ADD_FAILURE() << llvm::toString(config.takeError());
    return {};
  }
  return std::move(*config);
}

TEST(ConfigParse, NothingIsTheDefaults) {
  for (const char* text : {"", "\n", "# only a comment\n", "---\n", "{}\n", "---\n# c\n"}) {
    const Config config = good(text);
    EXPECT_EQ(config.coroutine_predicates, Names{"qemu_in_coroutine"}) << text;
    EXPECT_EQ(config.directory, "/tree");
    EXPECT_TRUE(config.labels.empty());
  }
}

TEST(ConfigParse, EveryKey) {
  const Config config = good(R"(
coroutine_predicates: [in_fiber, qemu_in_coroutine]
labels:
  - label: coroutine_fn
    name: my_read
  - {label: no_coroutine_fn, regex: "^sync_"}
  - label: coroutine_fn
    macro: FIBER
blocking:
  - flush_disk
  - ns::Disk::flush
not_blocking: [read]
roots: [plugin_main]
rules:
  coroutine-call: warning
  blocking-in-coroutine: off
  pointer-annotation: error
  annotation-mismatch: note
suppress:
  - path: tests/**
    rules: [coroutine-call, no-coroutine-call]
    reason: the tests call both ways on purpose
  - path: 'third_party/*'
    reason: not ours
)");
  EXPECT_EQ(config.coroutine_predicates, (Names{"qemu_in_coroutine", "in_fiber"}));
  ASSERT_EQ(config.labels.size(), 3U);
  EXPECT_EQ(config.labels[0].label, "coroutine_fn");
  EXPECT_EQ(config.labels[0].name, "my_read");
  EXPECT_EQ(config.labels[1].regex, "^sync_");
  EXPECT_TRUE(config.labels[1].name.empty());
  EXPECT_EQ(config.labels[2].macro, "FIBER");
  EXPECT_EQ(config.blocking, (Names{"flush_disk", "ns::Disk::flush"}));
  EXPECT_EQ(config.not_blocking, Names{"read"});
  EXPECT_EQ(config.roots, Names{"plugin_main"});
  ASSERT_EQ(config.levels.size(), 4U);
  EXPECT_EQ(config.levels[0].rule, "coroutine-call");
  EXPECT_EQ(config.levels[0].level, Level::Warning);
  EXPECT_EQ(config.levels[1].level, Level::Off);
  EXPECT_EQ(config.levels[2].level, Level::Error);
  EXPECT_EQ(config.levels[3].level, Level::Note);
  ASSERT_EQ(config.suppressions.size(), 2U);
  EXPECT_EQ(config.suppressions[0].path, "tests/**");
  EXPECT_EQ(config.suppressions[0].rules, (Names{"coroutine-call", "no-coroutine-call"}));
  EXPECT_EQ(config.suppressions[0].reason, "the tests call both ways on purpose");
  EXPECT_TRUE(config.suppressions[1].rules.empty());
}

TEST(ConfigParse, PathRules) {
  const Config config = good("paths:\n"
                             "- rule: no-sync\n"
                             "  path: '[a] ... sync'\n"
                             "  message: it waits\n"
                             "- {rule: second, path: b, message: m, severity: note}\n");
  ASSERT_EQ(config.path_rules.size(), 2U);
  EXPECT_EQ(config.path_rules[0].rule, "no-sync");
  EXPECT_EQ(config.path_rules[0].path, "[a] ... sync");
  EXPECT_EQ(config.path_rules[0].message, "it waits");
  EXPECT_EQ(config.path_rules[0].level, Level::Warning);
  EXPECT_TRUE(llvm::StringRef(config.path_rules[0].where).ends_with(":3:9"));
  EXPECT_EQ(config.path_rules[1].level, Level::Note);
}

TEST(ConfigParse, Locks) {
  const Config config = good(R"(
locks:
  - name: Mutex
    object: this
    reentrant: true
    acquire: [Mutex::lock]
    try_acquire: [Mutex::try_lock]
    try_succeeds_with: false
    release: [Mutex::unlock]
    assert_held: [Mutex::check]
    tells_held: [Mutex::is_mine]
  - name: RwLock
    kind: coroutine
    object: 1
    acquire: [write_lock]
    acquire_shared: [read_lock]
    try_acquire_shared: [try_read_lock]
    acquire_or_error: [write_lock_killable]
    acquire_shared_or_error: [read_lock_killable]
    release: [unlock]
    release_shared: [unlock]
    upgrade: [become_writer]
    downgrade: [become_reader]
    requires: [change]
    requires_shared: [look]
    excludes: [flush]
  - {name: graph, kind: graph, global: the_graph, allows: [poll, block]}
  - {name: Spin, kind: spin, conditional: warning}
  - {name: Semaphore, owner: none, conditional: error}
  - {name: Plain, owner: taker}
)");
  ASSERT_EQ(config.locks.size(), 6U);
  const LockType& mutex = config.locks[0];
  EXPECT_EQ(mutex.name, "Mutex");
  EXPECT_EQ(mutex.kind, LockType::Kind::Thread);
  EXPECT_EQ(mutex.object, LockType::kThis);
  EXPECT_TRUE(mutex.is_reentrant);
  EXPECT_EQ(mutex.acquire, Names{"Mutex::lock"});
  EXPECT_EQ(mutex.try_acquire, Names{"Mutex::try_lock"});
  EXPECT_FALSE(mutex.try_succeeds_with);
  EXPECT_EQ(mutex.release, Names{"Mutex::unlock"});
  EXPECT_EQ(mutex.assert_held, Names{"Mutex::check"});
  EXPECT_EQ(mutex.tells_held, Names{"Mutex::is_mine"});
  EXPECT_FALSE(mutex.allows_poll || mutex.allows_suspend || mutex.allows_block);
  const LockType& rw = config.locks[1];
  EXPECT_EQ(rw.kind, LockType::Kind::Coroutine);
  EXPECT_EQ(rw.object, 1U);
  EXPECT_FALSE(rw.is_reentrant);
  EXPECT_EQ(rw.acquire_shared, Names{"read_lock"});
  EXPECT_EQ(rw.try_acquire_shared, Names{"try_read_lock"});
  EXPECT_TRUE(rw.try_succeeds_with);
  EXPECT_EQ(rw.acquire_or_error, Names{"write_lock_killable"});
  EXPECT_EQ(rw.acquire_shared_or_error, Names{"read_lock_killable"});
  EXPECT_EQ(rw.release, Names{"unlock"});
  EXPECT_EQ(rw.release_shared, Names{"unlock"});
  EXPECT_EQ(rw.upgrade, Names{"become_writer"});
  EXPECT_EQ(rw.downgrade, Names{"become_reader"});
  EXPECT_EQ(rw.required, Names{"change"});
  EXPECT_EQ(rw.required_shared, Names{"look"});
  EXPECT_EQ(rw.excluded, Names{"flush"});
  const LockType& graph = config.locks[2];
  EXPECT_EQ(graph.kind, LockType::Kind::Graph);
  EXPECT_EQ(graph.global, "the_graph");
  EXPECT_TRUE(graph.allows_poll);
  EXPECT_FALSE(graph.allows_suspend);
  EXPECT_TRUE(graph.allows_block);
  EXPECT_EQ(config.locks[3].kind, LockType::Kind::Spin);
  EXPECT_TRUE(config.locks[3].is_conditional_warning);
  EXPECT_FALSE(config.locks[3].is_unowned);
  EXPECT_FALSE(config.locks[4].is_conditional_warning);
  EXPECT_TRUE(config.locks[4].is_unowned);
  EXPECT_FALSE(config.locks[5].is_conditional_warning);
  EXPECT_FALSE(config.locks[5].is_unowned);
}

TEST(ConfigParse, Registrars) {
  const Config config = good(R"(
registrars:
  - {function: schedule, argument: 1, context: outside, label: main_loop, waits: true}
  - {function: schedule, argument: 2, context: coroutine}
  - {function: signal, argument: 0, waits: false}
)");
  ASSERT_EQ(config.registrars.size(), 3U);
  EXPECT_EQ(config.registrars[0].function, "schedule");
  EXPECT_EQ(config.registrars[0].argument, 1U);
  EXPECT_EQ(config.registrars[0].context, Registrar::Context::Outside);
  EXPECT_EQ(config.registrars[0].label, "main_loop");
  EXPECT_TRUE(config.registrars[0].waits);
  EXPECT_EQ(config.registrars[1].context, Registrar::Context::Coroutine);
  EXPECT_FALSE(config.registrars[1].waits);
  EXPECT_EQ(config.registrars[2].context, Registrar::Context::Unknown);
  EXPECT_EQ(config.registrars[2].label, "");
}

TEST(ConfigParse, Waits) {
  const Config config = good(R"(
waits:
  - {function: cond_wait, does: wait, object: 1, releases: 0}
  - {function: Event::set, does: signal, object: this}
  - {function: spawn, does: start, object: 3, entry: 2}
  - {function: join, does: join}
)");
  ASSERT_EQ(config.waits.size(), 4U);
  EXPECT_EQ(config.waits[0].function, "cond_wait");
  EXPECT_EQ(config.waits[0].kind, WaitOperation::Kind::Wait);
  EXPECT_EQ(config.waits[0].object, 1U);
  EXPECT_EQ(config.waits[0].releases, 0U);
  EXPECT_EQ(config.waits[1].kind, WaitOperation::Kind::Signal);
  EXPECT_EQ(config.waits[1].object, LockType::kThis);
  EXPECT_EQ(config.waits[1].releases, std::nullopt);
  EXPECT_EQ(config.waits[2].kind, WaitOperation::Kind::Start);
  EXPECT_EQ(config.waits[2].entry, 2U);
  EXPECT_EQ(config.waits[3].kind, WaitOperation::Kind::Join);
  EXPECT_EQ(config.waits[3].object, 0U);
}

TEST(ConfigParse, Markers) {
  const Config config = good(R"yaml(
markers:
  - {marker: coroutine_fn, spelling: FIBER, pointer: FIBER_PTR, on: everywhere}
  - {marker: requires, lock: tree, spelling: "NEEDS({lock})", place: end, on: declarations}
)yaml");
  ASSERT_EQ(config.markers.size(), 2U);
  EXPECT_EQ(config.markers[0].marker, "coroutine_fn");
  EXPECT_EQ(config.markers[0].spelling, "FIBER");
  EXPECT_EQ(config.markers[0].pointer, "FIBER_PTR");
  EXPECT_TRUE(config.markers[0].is_everywhere);
  EXPECT_EQ(config.markers[0].position, MarkerSpelling::Position::Name);
  EXPECT_EQ(config.markers[1].lock, "tree");
  EXPECT_EQ(config.markers[1].pointer, "");
  EXPECT_FALSE(config.markers[1].is_everywhere);
  EXPECT_EQ(config.markers[1].position, MarkerSpelling::Position::End);
}

TEST(ConfigParse, TheProfileIsOnlyNamed) {
  const Config config = good("profile: qemu\nmain_loop_predicates: [at_home]\n");
  EXPECT_EQ(config.profile, "qemu");
  EXPECT_EQ(config.main_loop_predicates, Names{"at_home"});
  EXPECT_TRUE(config.locks.empty());
}

TEST(ConfigParse, KeysWithoutValuesAreEmptyLists) {
  const Config config = good("labels:\nroots:\nlocks:\nregistrars:\nwaits:\nrules:\nsuppress:\n");
  EXPECT_TRUE(config.labels.empty());
  EXPECT_TRUE(config.roots.empty());
}

TEST(ConfigParse, OneTargetMayCarryLabelsThatGoTogether) {
  const Config config = good("labels:\n"
                             "- {label: no_coroutine_fn, name: f}\n"
                             "- {label: coroutine_mixed_fn, name: f}\n"
                             "- {label: coroutine_fn, name: g}\n"
                             "- {label: coroutine_fn, regex: f}\n");
  EXPECT_EQ(config.labels.size(), 4U);
}

TEST(ConfigParse, OperatorsAndTemplatesAreNames) {
  const Config config = good("roots: ['operator()', \"std::vector<int>::push_back\"]\n");
  EXPECT_EQ(config.roots, (Names{"operator()", "std::vector<int>::push_back"}));
}

TEST(ConfigParse, DirectoryOfARelativePathIsAbsolute) {
  auto config = parse("", "sub/.lockvet.yaml");
  ASSERT_TRUE(bool(config));
  EXPECT_TRUE(llvm::StringRef(config->directory).starts_with("/"));
  EXPECT_TRUE(llvm::StringRef(config->directory).ends_with("/sub"));
}

TEST(ConfigParse, WindowsLineEndsAndAByteOrderMark) {
  EXPECT_EQ(good("roots:\r\n  - a\r\n").roots, Names{"a"});
  EXPECT_EQ(good("\xEF\xBB\xBFroots: [a]\n").roots, Names{"a"});
}

} // namespace
} // namespace lockvet::config
