// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/config/did_you_mean.h"

#include "llvm/Support/FormatVariadic.h"

namespace lockvet::config {

std::string didYouMean(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> candidates) {
  const unsigned farthest = (word.size() + 2) / 3;
  unsigned nearest = farthest + 1;
  llvm::StringRef best;
  for (const llvm::StringRef candidate : candidates) {
    const unsigned distance = word.edit_distance(candidate, true, farthest);
    if (distance < nearest) {
      nearest = distance;
      best = candidate;
    }
  }
  return best.empty() ? std::string() : llvm::formatv(" (did you mean '{0}'?)", best).str();
}

} // namespace lockvet::config
