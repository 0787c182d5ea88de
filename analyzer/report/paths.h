// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How paths are shown. Pure text: files may be gone or on another machine.

#pragma once

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace lockvet::report {

/// `path` relative to `directory` where it is below it.
std::optional<std::string> below(llvm::StringRef path, llvm::StringRef directory);

/// `path` relative to `directory` where it is below it, else as it is.
std::string relativeTo(llvm::StringRef path, llvm::StringRef directory);

/// The path with every byte percent-encoded that a URI cannot hold.
std::string uriPath(llvm::StringRef path);

/// "file:///tree/x.c" for an absolute path, the encoded path for a relative one.
std::string fileUri(llvm::StringRef path);

} // namespace lockvet::report
