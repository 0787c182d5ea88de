// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The weakest marker that says in which threads an unmarked function runs: the main loop's only,
// that or its object's own, or any. Where code for other threads comes in at what is bound to the
// main loop no marker is right. Computed from an input; plain results.

#pragma once

#include "analyzer/infer/inference.h"

namespace lockvet::infer {

/// Adds what is missing of MainLoop, IoOrGs and Io, as far as `kinds` has them, and conflicts with
/// MainLoop. What needs the main loop's role as a capability, by what `inference` has, gets no
/// second marker.
void inferThreadContexts(const Input& input, const MarkerKinds& kinds, Inference& inference);

} // namespace lockvet::infer
