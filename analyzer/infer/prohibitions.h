// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Markers that a program is consistent without, and that say what is true: who forbids coroutines
// or a lock since something that it calls does, and who is for both contexts. Asked for one by one.

#pragma once

#include "analyzer/infer/inference.h"

namespace lockvet::infer {

/// Functions that ask whether they are in a coroutine, do coroutine's work there, and are reached
/// in both contexts. `coroutines` need a coroutine themselves.
void inferMixed(const Input& input, const llvm::DenseSet<Id>& coroutines, Inference& inference);

/// Functions that call a no_coroutine_fn, or assert that they are outside coroutines, whatever way
/// they take.
void inferNoCoroutine(const Input& input, const llvm::DenseSet<Id>& coroutines,
                      Inference& inference);

/// Functions that take a lock exclusively, or call what must not find it held.
void inferExcludes(const Input& input, Inference& inference);

} // namespace lockvet::infer
