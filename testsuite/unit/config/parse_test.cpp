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

TEST(ConfigParse, KeysWithoutValuesAreEmptyLists) {
  const Config config = good("labels:\nroots:\nrules:\nsuppress:\n");
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
