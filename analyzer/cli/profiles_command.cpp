// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/cli/commands.h"
#include "analyzer/config/profiles.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

namespace lockvet::cli {

int showProfiles(const std::string& name) {
  if (name.empty()) {
    for (const config::Profile& profile : config::allProfiles())
      llvm::outs() << llvm::left_justify(profile.name, 18) << config::summaryOf(profile) << "\n";
    return kClean;
  }
  const config::Profile* profile = config::findProfile(name);
  if (!profile)
    return fail(llvm::createStringError(config::noSuchProfile(name)));
  llvm::outs() << profile->text;
  return kClean;
}

} // namespace lockvet::cli
