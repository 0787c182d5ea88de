// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All paths that match, one after the other: those without a repeated node, shortest first. Their
// number can be astronomical, so they are made only as somebody asks for them.

#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "vrc/query/witness.h"

namespace lockvet::query {

/// Calls `visit` with each path until it returns false. Iterative deepening, pruned by how far the
/// next end is at least. Ends with an error if the view's stop flag is set.
llvm::Error forEachSimplePath(const Product& product, llvm::function_ref<bool(const Path&)> visit);

} // namespace lockvet::query
