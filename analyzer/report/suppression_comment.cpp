// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/suppression_comment.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace lockvet::report {

namespace {

constexpr llvm::StringRef kMark = "lockvet:";
/// A line of code is short; a longer one is generated, and nobody comments it.
constexpr size_t kLongestLine = 64 * 1024;

/// The offset after a string or character literal that starts at `at`.
size_t skipLiteral(llvm::StringRef line, size_t at) {
  const char quote = line[at];
  // 1'000 is a number, not a character.
  if (quote == '\'' && at > 0 && llvm::isAlnum(line[at - 1]) && at + 1 < line.size() &&
      llvm::isHexDigit(line[at + 1]) && llvm::isDigit(line[at - 1]))
    return at + 1;
  for (size_t i = at + 1; i < line.size(); ++i)
    if (line[i] == '\\')
      ++i;
    else if (line[i] == quote)
      return i + 1;
  return line.size();
}

/// The offset of the next `//` or `/*` from `at` on, or npos.
size_t findComment(llvm::StringRef line, size_t at) {
  while (at + 1 < line.size()) {
    if (line[at] == '"' || line[at] == '\'')
      at = skipLiteral(line, at);
    else if (line[at] == '/' && (line[at + 1] == '/' || line[at + 1] == '*'))
      return at;
    else
      ++at;
  }
  return llvm::StringRef::npos;
}

/// What follows `lockvet:`.
AllowComment parse(llvm::StringRef text) {
  AllowComment comment;
  text = text.ltrim();
  if (!text.consume_front("allow")) {
    comment.mistake = "only 'allow(rule) reason' is known after 'lockvet:'";
    return comment;
  }
  text = text.ltrim();
  const size_t end = text.find(')');
  if (!text.starts_with("(") || end == llvm::StringRef::npos) {
    comment.mistake = "'allow' needs the rules in parentheses";
    return comment;
  }
  llvm::SmallVector<llvm::StringRef> rules;
  text.slice(1, end).split(rules, ',');
  for (const llvm::StringRef rule : rules)
    if (!rule.trim().empty())
      comment.rules.push_back(rule.trim().str());
  if (comment.rules.size() != rules.size())
    comment.mistake = "'allow()' names no rule";
  const llvm::StringRef reason = text.drop_front(end + 1).trim(" \t:-");
  if (llvm::any_of(reason, [](char c) { return llvm::isAlnum(c) || (c & 0x80); }))
    comment.reason = reason;
  return comment;
}

} // namespace

std::optional<AllowComment> allowCommentIn(llvm::StringRef line) {
  line = line.take_front(kLongestLine);
  // Almost no line has one; the rest is not worth a scan.
  if (!line.contains(kMark))
    return std::nullopt;
  for (size_t start = findComment(line, 0); start != llvm::StringRef::npos;) {
    const bool block = line[start + 1] == '*';
    const size_t body = start + 2;
    const size_t end = block ? line.find("*/", body) : llvm::StringRef::npos;
    // Doxygen's comments begin with more: `///<`, `/**`, `//!`.
    const llvm::StringRef text = line.slice(body, end);
    const llvm::StringRef words = text.ltrim("/*!< \t");
    if (words.starts_with(kMark)) {
      AllowComment comment = parse(words.drop_front(kMark.size()));
      comment.column = words.data() - line.data() + 1;
      comment.alone = line.take_front(start).trim().empty();
      return comment;
    }
    // A line comment may hold another one: `// see above // lockvet: allow(x) y`.
    if (block && end == llvm::StringRef::npos)
      break;
    start = block ? findComment(line, end + 2) : line.find("//", body);
  }
  return std::nullopt;
}

} // namespace lockvet::report
