// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/source_text.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>

namespace lockvet::rules {

namespace {

/// Declarations longer than that are none that people write.
constexpr uint32_t kMostLines = 12;

bool hasComment(llvm::StringRef line) {
  return line.contains("//") || line.contains("/*") || line.contains("*/");
}

} // namespace

const std::vector<std::string>& SourceText::linesOf(llvm::StringRef file) {
  auto [entry, is_new] = files_.try_emplace(file);
  if (!is_new)
    return entry->second;
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return entry->second;
  llvm::StringRef rest = (*buffer)->getBuffer();
  while (!rest.empty()) {
    auto [line, next] = rest.split('\n');
    entry->second.push_back(line.rtrim().str());
    rest = next;
  }
  return entry->second;
}

bool SourceText::isCommented(llvm::StringRef file, uint32_t line) {
  const std::vector<std::string>& lines = linesOf(file);
  if (line == 0 || line > lines.size() || hasComment(lines[line - 1]))
    return true;
  for (uint32_t above = line - 1; above > 0 && line - above <= kMostLines; --above) {
    const llvm::StringRef text = llvm::StringRef(lines[above - 1]).trim();
    if (hasComment(text))
      return true;
    // An earlier statement or declaration ends here.
    if (text.empty() || text.ends_with(";") || text.ends_with("}") || text.ends_with("{") ||
        text.starts_with("#"))
      return false;
  }
  return false;
}

bool SourceText::bodyMentions(llvm::StringRef file, uint32_t line, const llvm::StringSet<>& names) {
  const std::vector<std::string>& lines = linesOf(file);
  if (line == 0 || line > lines.size())
    return true;
  int depth = 0;
  for (uint32_t number = line; number <= lines.size(); ++number) {
    llvm::StringRef rest = lines[number - 1];
    while (!rest.empty()) {
      const llvm::StringRef word =
          rest.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
      if (names.contains(word))
        return true;
      const char next = rest.substr(word.size()).empty() ? ' ' : rest[word.size()];
      depth += next == '{';
      if (next == '}' && --depth <= 0)
        return false;
      rest = rest.drop_front(std::min(rest.size(), word.size() + 1));
    }
  }
  return true; // no end is found: it is not the text that was indexed
}

} // namespace lockvet::rules
