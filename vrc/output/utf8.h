// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names and sources are other people's bytes; JSON, SVG and HTML want UTF-8.

#pragma once

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

namespace lockvet::output {

/// The text, with a replacement character for each thing that is no UTF-8.
inline std::string utf8(llvm::StringRef text) {
  return llvm::json::isUTF8(text) ? text.str() : llvm::json::fixUTF8(text);
}

} // namespace lockvet::output
