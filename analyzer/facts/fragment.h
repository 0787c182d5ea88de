// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The unit of storage: what one top-level declaration says, with all that it mentions, so that it
// means the same in every translation unit and equal ones are stored once. And what one translation
// unit is: the files it read and the fragments it is made of.

#pragma once

#include "analyzer/facts/call.h"
#include "analyzer/facts/marker.h"
#include "analyzer/facts/skeleton.h"
#include "analyzer/facts/symbols.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lockvet::facts {

/// A 128-bit content hash (XXH3).
using Hash = std::array<uint64_t, 2>;

/// The facts of one function body, record, variable or declaration. Indices in it are into its own
/// tables, and it has no order but that of the source: two units that read the same header under
/// the same macros make equal fragments of it.
struct Fragment {
  std::vector<std::string> files; ///< absolute, normalized paths
  std::vector<Function> functions;
  std::vector<Slot> slots;
  std::vector<Declaration> declarations;
  std::vector<Marker> markers;
  std::vector<Override> overrides;
  std::vector<CallSite> calls;
  std::vector<Flow> flows;
  std::vector<Diagnostic> diagnostics;
  std::optional<Skeleton> skeleton;
};

/// A file that a translation unit read, as it was when it was read.
struct InputFile {
  std::string path; ///< absolute, normalized
  Hash content{};
  uint64_t size = 0;
  int64_t mtime_ns = 0;
};

enum class UnitStatus : uint8_t {
  Parsed,      ///< without an error
  ParseErrors, ///< what could be understood is kept, and marked with the first error
  Crashed,     ///< nothing is kept of this and the following
  TimedOut,
  OutOfMemory,
  BadCommand ///< the compiler's driver rejects the command line, or the file is missing
};

/// What a worker says of one translation unit. Fragments that it has sent before are only named.
struct UnitFacts {
  struct FragmentReference {
    Hash hash{};
    std::string bytes; ///< serialized Fragment (serialize.h); empty where it was sent before
  };

  UnitStatus status = UnitStatus::Parsed;
  std::string reason; ///< a sentence, where the status is not Parsed
  double cpu_seconds = 0;
  std::vector<InputFile> inputs;
  std::vector<FragmentReference> fragments;
};

} // namespace lockvet::facts
