// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/words.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Unicode.h"

#include <utility>

namespace lockvet::report {

llvm::StringRef wordFor(rules::Severity severity) {
  switch (severity) {
  case rules::Severity::Note:
    return "note";
  case rules::Severity::Warning:
    return "warning";
  case rules::Severity::Error:
    return "error";
  }
  std::unreachable();
}

llvm::StringRef wordFor(rules::Confidence confidence) {
  switch (confidence) {
  case rules::Confidence::Direct:
    return "direct";
  case rules::Confidence::Virtual:
    return "virtual";
  case rules::Confidence::Flow:
    return "flow";
  case rules::Confidence::Type:
    return "type";
  }
  std::unreachable();
}

unsigned characterLength(llvm::StringRef text) {
  if (text.empty())
    return 0;
  const auto* bytes = reinterpret_cast<const llvm::UTF8*>(text.data());
  const unsigned length = llvm::getNumBytesForUTF8(*bytes);
  if (length > text.size() || !llvm::isLegalUTF8Sequence(bytes, bytes + length))
    return 0;
  return length;
}

std::string printable(llvm::StringRef text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const unsigned length = characterLength(text);
    const llvm::StringRef character = text.take_front(std::max(length, 1U));
    text = text.drop_front(character.size());
    // The library knows which characters a terminal shows; a tab or newline is none of them.
    if (length && llvm::sys::unicode::columnWidthUTF8(character) >= 0)
      result += character;
    else
      for (const char byte : character)
        result += "<" + llvm::toHex(llvm::StringRef(&byte, 1)) + ">";
  }
  return result;
}

std::string utf8(llvm::StringRef text) {
  return llvm::json::isUTF8(text) ? text.str() : llvm::json::fixUTF8(text);
}

std::string counted(size_t count, llvm::StringRef noun) {
  return llvm::formatv("{0} {1}{2}", count, noun, count == 1 ? "" : "s");
}

} // namespace lockvet::report
