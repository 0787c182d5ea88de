// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Configurations that come with the program: what it takes to know a well-known code base or
// library. Each is the text of a file in profiles/, read by the same parser as a user's. Free
// functions over constants.

#pragma once

#include "analyzer/config/config.h"
#include "llvm/ADT/ArrayRef.h"

namespace lockvet::config {

struct Profile {
  llvm::StringRef name;
  llvm::StringRef text; ///< YAML; its first comment says in one sentence what it knows
};

/// The profile that is under every configuration.
constexpr llvm::StringLiteral kBaseProfile = "pthread";

/// All of them, the base first.
llvm::ArrayRef<Profile> allProfiles();

const Profile* findProfile(llvm::StringRef name);

/// What a profile knows, in one sentence.
std::string summaryOf(const Profile& profile);

/// The message for a name that no profile has: it lists them.
std::string noSuchProfile(llvm::StringRef name);

/// Puts the profile that `config` names under it, what that profile names under both, and the base
/// under all.
llvm::Error standOnProfiles(Config& config);

} // namespace lockvet::config
