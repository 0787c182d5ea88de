// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Facts as bytes: how workers hand them to the indexer, and what content hashes are taken of. The
// format is private to one version of Lockvet; the store's schema is the public one.

#pragma once

#include "analyzer/facts/fragment.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace lockvet::facts {

/// Raised whenever extraction or the formats below change, so that units are parsed again.
inline constexpr uint32_t kFactsVersion = 8;

/// The bytes of a fragment. Equal fragments give equal bytes.
std::string serialize(const Fragment& fragment);

/// The bytes of a skeleton alone, as the store keeps it.
std::string serialize(const Skeleton& skeleton);

/// The bytes of a unit, fragments included as they are.
std::string serialize(const UnitFacts& unit);

/// The inverses. Bytes that are truncated, too long, or that point outside their tables give an
/// error and never undefined behaviour: they may come from a damaged file.
llvm::Expected<Fragment> parseFragment(llvm::StringRef bytes);
llvm::Expected<Skeleton> parseSkeleton(llvm::StringRef bytes);
llvm::Expected<UnitFacts> parseUnit(llvm::StringRef bytes);

/// XXH3 of some bytes, 128 bits.
Hash hashOf(llvm::StringRef bytes);

} // namespace lockvet::facts
