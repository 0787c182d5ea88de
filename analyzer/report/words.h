// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The words that formats use for enumerators, and text from sources made fit to be printed. Free
// functions over values.

#pragma once

#include "analyzer/rules/finding.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace lockvet::report {

llvm::StringRef wordFor(rules::Severity severity);     ///< note, warning, error
llvm::StringRef wordFor(rules::Confidence confidence); ///< direct, virtual, flow, type

/// Text for one line of a terminal or log: control characters and bytes that are no UTF-8 become
/// visible (`<1B>`), so that a name in a source can neither move the cursor nor forge a line.
std::string printable(llvm::StringRef text);

/// Text for JSON: bytes that are no UTF-8 become U+FFFD.
std::string utf8(llvm::StringRef text);

/// The number of bytes of the UTF-8 character at the front of `text`; 0 if it is none.
unsigned characterLength(llvm::StringRef text);

/// "1 error", "2 errors".
std::string counted(size_t count, llvm::StringRef noun);

} // namespace lockvet::report
