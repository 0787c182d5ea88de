// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What was inferred as findings, so that it is shown in every format that findings are. The
// command adds the edits as fix-its.

#pragma once

#include "analyzer/infer/inference.h"

namespace lockvet::infer {

inline constexpr llvm::StringLiteral kMissingMarker = "missing-marker";
inline constexpr llvm::StringLiteral kMarkerConflict = "marker-conflict";

rules::Finding findingOf(const program::Program& program, const Missing& missing);
rules::Finding findingOf(const program::Program& program, const Conflict& conflict);

} // namespace lockvet::infer
