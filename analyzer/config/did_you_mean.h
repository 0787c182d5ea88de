// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The hint that follows an unknown word in a message. A free function over values.

#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace lockvet::config {

/// " (did you mean 'label'?)" where one of the candidates is near enough to be a typing mistake, or
/// nothing.
std::string didYouMean(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> candidates);

} // namespace lockvet::config
