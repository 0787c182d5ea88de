// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The profiles that come with the program, and what becomes of a configuration that stands on one.

#include "analyzer/config/profiles.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

#include <gtest/gtest.h>

namespace lockvet::config {
namespace {

using Names = std::vector<std::string>;

Config good(llvm::StringRef text, llvm::StringRef path = "/tree/.lockvet.yaml") {
  auto config = parse(text, path);
  if (!config) {
    ADD_FAILURE() << llvm::toString(config.takeError());
    return {};
  }
  return std::move(*config);
}

/// What a file says together with what it stands on.
Config whole(llvm::StringRef text) {
  Config config = good(text);
  if (llvm::Error error = standOnProfiles(config))
    ADD_FAILURE() << llvm::toString(std::move(error));
  return config;
}

const LockType* lockNamed(const Config& config, llvm::StringRef name) {
  const auto found =
      llvm::find_if(config.locks, [&](const LockType& lock) { return lock.name == name; });
  return found == config.locks.end() ? nullptr : &*found;
}

Names labelsOf(const Config& config, llvm::StringRef function) {
  Names labels;
  for (const LabelRule& rule : config.labels)
    if (rule.name == function)
      labels.push_back(rule.label);
  return labels;
}

TEST(Profiles, AreConfigurations) {
  for (const Profile& profile : allProfiles()) {
    const Config config = good(profile.text, profile.name);
    EXPECT_TRUE(config.suppressions.empty())
        << profile.name.str() << ": paths mean nothing in a profile";
    EXPECT_FALSE(summaryOf(profile).empty()) << profile.name.str();
    EXPECT_EQ(findProfile(profile.name), &profile);
  }
  EXPECT_EQ(allProfiles().front().name, kBaseProfile);
  EXPECT_EQ(findProfile("nothing"), nullptr);
}

TEST(Profiles, LeaveASpellingToWhoSaysItFirst) {
  const Config config = whole("profile: qemu\nmarkers:\n"
                              "- {marker: requires, lock: graph_lock, spelling: MINE}\n");
  std::vector<std::string> found;
  for (const MarkerSpelling& marker : config.markers)
    if (marker.lock == "graph_lock")
      found.push_back(marker.marker + " " + marker.spelling);
  EXPECT_EQ(found,
            (Names{"requires MINE", "requires_shared GRAPH_RDLOCK", "excludes GRAPH_UNLOCKED"}));
}

TEST(Profiles, StandOnOneBeforeThemselves) {
  llvm::StringSet<> before;
  for (const Profile& profile : allProfiles()) {
    const std::string below = good(profile.text).profile;
    EXPECT_TRUE(below.empty() || before.contains(below)) << profile.name.str();
    before.insert(profile.name);
    whole(("profile: " + profile.name + "\n").str());
  }
}

TEST(Profiles, TheBaseIsUnderEverything) {
  for (const char* text : {"", "profile: qemu\n", "profile: pthread\n", "roots: [a]\n"})
    EXPECT_NE(lockNamed(whole(text), "pthread_mutex_t"), nullptr) << text;
  EXPECT_EQ(lockNamed(whole(""), "QemuMutex"), nullptr);
  EXPECT_NE(lockNamed(whole("profile: qemu\n"), "QemuMutex"), nullptr);
}

TEST(Profiles, OnesOwnEntriesAdd) {
  const Config config = whole("profile: qemu\n"
                              "locks:\n- {name: Mine, acquire: [my_lock], release: [my_unlock]}\n"
                              "labels:\n- {label: mine, name: aio_poll}\n");
  EXPECT_NE(lockNamed(config, "Mine"), nullptr);
  EXPECT_NE(lockNamed(config, "QemuMutex"), nullptr);
  EXPECT_EQ(labelsOf(config, "aio_poll"), (Names{"mine", "polls"}));
}

TEST(Profiles, OnesOwnEntriesWin) {
  const Config config =
      whole("profile: qemu\n"
            "locks:\n"
            "- {name: QemuMutex, kind: spin}\n"
            "- {name: Mine, acquire: [pthread_mutex_lock]}\n"
            "registrars:\n- {function: pthread_create, argument: 2, label: worker}\n");
  const LockType* mutex = lockNamed(config, "QemuMutex");
  ASSERT_NE(mutex, nullptr);
  EXPECT_EQ(mutex->kind, LockType::Kind::Spin);
  EXPECT_TRUE(mutex->acquire.empty());
  EXPECT_EQ(llvm::count_if(config.locks, [](const LockType& l) { return l.name == "QemuMutex"; }),
            1);
  // A function is of one lock only.
  EXPECT_TRUE(lockNamed(config, "pthread_mutex_t")->acquire.empty());
  EXPECT_EQ(lockNamed(config, "pthread_mutex_t")->release, Names{"pthread_mutex_unlock"});
  Names labels;
  for (const Registrar& registrar : config.registrars)
    if (registrar.function == "pthread_create")
      labels.push_back(registrar.label);
  EXPECT_EQ(labels, Names{"worker"});
}

TEST(Profiles, AnUnknownOneIsAnErrorThatListsThem) {
  auto config = parse("profile: quemu\n", ".lockvet.yaml");
  ASSERT_FALSE(bool(config));
  EXPECT_TRUE(llvm::StringRef(llvm::toString(config.takeError()))
                  .starts_with(".lockvet.yaml:1:10: error: there is no profile 'quemu' (did you "
                               "mean 'qemu'?); the profiles are pthread, qemu"));
}

} // namespace
} // namespace lockvet::config
