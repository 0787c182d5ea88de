// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One line of source as a terminal can show it: tabs expanded, wide characters counted as wide,
// what cannot be shown made visible, and long lines clipped around the place that matters. Free
// functions over values.

#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>

namespace lockvet::report {

struct Excerpt {
  std::string text;   ///< without an end of line
  unsigned caret = 0; ///< how many terminal columns to indent so as to stand below the place
};

/// The part of a line that surrounds a column (in bytes, from 1; a column past the end is the end),
/// at most `width` terminal columns of it.
Excerpt excerptOf(llvm::StringRef line, uint32_t column, unsigned width);

} // namespace lockvet::report
