// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Markers that one declaration of a function has and another lacks, so that who sees only that one
// does not know.

#pragma once

#include "analyzer/infer/inference.h"
#include "analyzer/infer/spelling.h"

namespace lockvet::infer {

/// The declarations of a function that are to carry a marker and do not, one a place.
std::vector<program::Place> placesLacking(const program::Program& program,
                                          const Spellings& spellings, const Marking& marking);

/// Adds the functions of which some declarations have a marker of these kinds and others do not.
void inferCompletions(const Input& input, const MarkerKinds& kinds, Inference& inference);

} // namespace lockvet::infer
