// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes as a .lockvet.yaml: a configuration, or an error of one line that names a place. What
// is accepted stands on any profile, and keeps its own entries there.

#include "analyzer/config/config.h"
#include "analyzer/config/merge.h"
#include "analyzer/config/path_glob.h"
#include "analyzer/config/profiles.h"
#include "holds.h"
#include "llvm/ADT/StringSet.h"

using lockvet::fuzz::holds;
namespace config = lockvet::config;

namespace {

/// All profiles in one: parsed once, so that inputs are not spent on them.
const config::Config& everyProfile() {
  static const config::Config all = [] {
    config::Config merged;
    for (const config::Profile& profile : config::allProfiles()) {
      auto parsed = config::parse(profile.text, "profile.yaml");
      holds(bool(parsed), "a profile is a configuration");
      config::mergeUnder(merged, std::move(*parsed));
    }
    return merged;
  }();
  return all;
}

void checkMerged(config::Config own) {
  const config::Config before = own;
  config::mergeUnder(own, everyProfile());
  holds(own.locks.size() >= before.locks.size(), "a profile takes no lock away");
  llvm::StringSet<> names;
  for (const config::LockType& lock : own.locks)
    holds(names.insert(lock.name).second, "there is one lock of a name");
  for (size_t i = 0; i < before.locks.size(); ++i) {
    holds(own.locks[i].name == before.locks[i].name, "one's own locks come first");
    holds(own.locks[i].acquire == before.locks[i].acquire, "one's own locks stay");
  }
  for (size_t i = 0; i < before.labels.size(); ++i)
    holds(own.labels[i].label == before.labels[i].label, "one's own labels come first");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const llvm::StringRef text(reinterpret_cast<const char*>(data), size);
  auto parsed = config::parse(text, "x.yaml");
  if (!parsed) {
    const std::string error = llvm::toString(parsed.takeError());
    holds(llvm::StringRef(error).starts_with("x.yaml:"), "an error names its place");
    holds(error.find('\n') == std::string::npos, "an error is one line");
  } else {
    for (const auto& suppression : parsed->suppressions) {
      holds(!suppression.reason.empty(), "a suppression has a reason");
      auto glob = config::PathGlob::create(suppression.path);
      holds(bool(glob), "the pattern of an accepted suppression is valid");
      (void)glob->matches(text);
    }
    for (const auto& rule : parsed->labels)
      holds(!rule.label.empty() &&
                !rule.name.empty() + !rule.regex.empty() + !rule.macro.empty() == 1,
            "a label rule has a label and one target");
    for (const auto& lock : parsed->locks)
      holds(!lock.name.empty() && (lock.global.empty() || lock.object == 0),
            "a lock has a name, and is an argument or a global");
    for (const auto& registrar : parsed->registrars)
      holds(!registrar.function.empty(), "a registrar is a function");
    checkMerged(std::move(*parsed));
  }
  return 0;
}
