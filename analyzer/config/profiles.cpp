// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/config/profiles.h"

#include "analyzer/config/did_you_mean.h"
#include "analyzer/config/merge.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace lockvet::config {

const Profile* findProfile(llvm::StringRef name) {
  const auto profiles = allProfiles();
  const auto* found =
      llvm::find_if(profiles, [&](const Profile& each) { return each.name == name; });
  return found == profiles.end() ? nullptr : found;
}

std::string summaryOf(const Profile& profile) {
  std::string summary;
  llvm::StringRef rest = profile.text;
  while (rest.consume_front("#")) {
    llvm::StringRef line;
    std::tie(line, rest) = rest.split('\n');
    line = line.trim();
    if (line.empty() && !summary.empty())
      break;
    if (line.empty() || line.starts_with("SPDX"))
      continue;
    summary += (summary.empty() ? "" : " ") + line.str();
  }
  return llvm::StringRef(summary).rtrim('.').str();
}

std::string noSuchProfile(llvm::StringRef name) {
  std::vector<llvm::StringRef> names;
  for (const Profile& profile : allProfiles())
    names.push_back(profile.name);
  return llvm::formatv("there is no profile '{0}'{1}; the profiles are {2}", name.take_front(60),
                       didYouMean(name, names), llvm::join(names, ", "));
}

llvm::Error standOnProfiles(Config& config) {
  std::string next = config.profile.empty() ? kBaseProfile.str() : config.profile;
  while (!next.empty()) {
    const Profile* profile = findProfile(next);
    if (!profile)
      return llvm::createStringError(noSuchProfile(next));
    llvm::Expected<Config> below = parse(profile->text, "profile:" + next);
    if (!below)
      return below.takeError();
    // The base names none, and everything ends there: no profile names one that stands on it.
    next = next == kBaseProfile ? "" : below->profile.empty() ? kBaseProfile.str() : below->profile;
    mergeUnder(config, std::move(*below));
  }
  return llvm::Error::success();
}

} // namespace lockvet::config
