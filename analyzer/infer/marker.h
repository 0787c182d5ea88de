// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The markers that can be inferred, and what carries them: a function or a pointer to functions.
// Plain values that all files of this room share.

#pragma once

#include "analyzer/program/program.h"

#include <optional>
#include <string>

namespace lockvet::infer {

using program::Id;
using program::kNoId;

/// In the order of the configuration's words.
enum class MarkerKind : uint8_t {
  CoroutineFn,
  MixedFn,
  NoCoroutineFn,
  MainLoop,
  IoOrGs,
  Io,
  Requires,
  RequiresShared,
  Excludes
};
inline constexpr unsigned kMarkerKinds = 9;

/// "coroutine_fn", "io", "requires_shared": as the configuration and the command line have it, and
/// as the label is called.
llvm::StringRef wordFor(MarkerKind kind);
std::optional<MarkerKind> markerNamed(llvm::StringRef word);

/// Is the marker about a lock?
constexpr bool isOfLock(MarkerKind kind) {
  return kind >= MarkerKind::Requires;
}

/// Is the marker about the thread?
constexpr bool isOfThread(MarkerKind kind) {
  return kind >= MarkerKind::MainLoop && kind <= MarkerKind::Io;
}

/// A function, or a pointer to functions: one of the two.
struct Subject {
  Id function = kNoId;
  Id slot = kNoId;

  auto operator<=>(const Subject&) const = default;
};

/// A marker on a subject. `lock` is the capability in the words of the function: "graph_lock",
/// "this->mu", "$0->lock" (of what parameter 0 points to); "" where the marker is about none.
struct Marking {
  MarkerKind kind = MarkerKind::CoroutineFn;
  Subject subject;
  std::string lock;

  auto operator<=>(const Marking&) const = default;
};

} // namespace lockvet::infer
