// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/marker.h"

#include "llvm/ADT/STLExtras.h"

namespace lockvet::infer {

namespace {

constexpr llvm::StringRef kWords[kMarkerKinds] = {
    "coroutine_fn", "coroutine_mixed_fn", "no_coroutine_fn", "main_loop", "io_or_gs",
    "io",           "requires",           "requires_shared", "excludes"};

} // namespace

llvm::StringRef wordFor(MarkerKind kind) {
  return kWords[static_cast<unsigned>(kind)];
}

std::optional<MarkerKind> markerNamed(llvm::StringRef word) {
  const auto* found = llvm::find(kWords, word);
  if (found == std::end(kWords))
    return std::nullopt;
  return static_cast<MarkerKind>(found - kWords);
}

} // namespace lockvet::infer
