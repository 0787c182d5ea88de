// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the first statement of a block can go: behind the declarations that it begins with, which
// C of old wants in front. Looks at the form of the text and knows no types. Stateless.

#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstddef>

namespace lockvet::infer {

/// Behind the declarations, `at` being behind the block's brace; `at` itself where there are none.
/// Told by their form: a word of types, two words in a row, or a word, stars and a word.
size_t behindDeclarations(llvm::StringRef text, size_t at);

/// The end of the line, if only blanks and comments that end there stand before it; else the first
/// byte that is anything else.
size_t skipBlanksOfLine(llvm::StringRef text, size_t at);

} // namespace lockvet::infer
