// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/paths.h"

#include "llvm/ADT/StringExtras.h"

namespace lockvet::report {

std::optional<std::string> below(llvm::StringRef path, llvm::StringRef directory) {
  directory = directory.rtrim('/');
  if (!directory.empty() && path.consume_front(directory) && path.consume_front("/"))
    return path.ltrim('/').str();
  return std::nullopt;
}

std::string relativeTo(llvm::StringRef path, llvm::StringRef directory) {
  return below(path, directory).value_or(path.str());
}

std::string uriPath(llvm::StringRef path) {
  std::string uri;
  // RFC 3986: unreserved characters, and of the rest what a path segment may hold as it is.
  for (const char c : path)
    if (llvm::isAlnum(c) || llvm::StringRef("-._~/!$&'()*+,=@").contains(c))
      uri += c;
    else
      uri += "%" + llvm::toHex(llvm::StringRef(&c, 1));
  return uri;
}

std::string fileUri(llvm::StringRef path) {
  return path.starts_with("/") ? "file://" + uriPath(path) : uriPath(path);
}

} // namespace lockvet::report
