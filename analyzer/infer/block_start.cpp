// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/block_start.h"

#include "analyzer/infer/declarator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace lockvet::infer {

using llvm::StringRef;

namespace {

constexpr StringRef kOfStatements[] = {
    "return",  "if",      "else",     "for",    "while",    "do",  "switch",
    "case",    "default", "goto",     "break",  "continue", "asm", "__asm",
    "__asm__", "try",     "co_await", "delete", "throw",    "new", "co_return"};
constexpr StringRef kOfTypes[] = {"const", "volatile", "static",   "struct", "union",
                                  "enum",  "signed",   "unsigned", "char",   "short",
                                  "int",   "long",     "float",    "double", "void",
                                  "bool",  "register", "extern",   "auto",   "typedef"};

StringRef wordAt(StringRef text, size_t at) {
  size_t end = at;
  while (end < text.size() && isOfName(text[end]))
    ++end;
  return text.slice(at, end);
}

/// Stars and the word behind them, and what may follow a variable's name.
bool isDeclaredName(StringRef text, size_t at) {
  while (at < text.size() && (text[at] == '*' || llvm::isSpace(text[at])))
    ++at;
  StringRef word = wordAt(text, at);
  if (word == "const")
    return isDeclaredName(text, skipBlanks(text, at + word.size()));
  if (word.empty() || llvm::isDigit(word.front()))
    return false;
  const size_t behind = skipBlanks(text, at + word.size());
  return behind < text.size() && StringRef(";=,[").contains(text[behind]);
}

bool isDeclaration(StringRef text, size_t at) {
  const StringRef word = wordAt(text, at);
  if (word.empty() || llvm::isDigit(word.front()) || llvm::is_contained(kOfStatements, word))
    return false;
  if (llvm::is_contained(kOfTypes, word))
    return true;
  const size_t next = skipBlanks(text, at + word.size());
  if (next >= text.size())
    return false;
  if (isOfName(text[next]))
    return true;
  if (text[next] == '*')
    return isDeclaredName(text, next);
  if (text[next] != '(')
    return false;
  std::optional<size_t> close = matchingBracket(text, next);
  if (!close)
    return false;
  const size_t behind = skipBlanks(text, *close + 1);
  // A macro that makes a type, or a pointer to a function.
  if (behind < text.size() && text[behind] == '(')
    return text.substr(skipBlanks(text, next + 1)).starts_with("*");
  return isDeclaredName(text, behind);
}

/// "MACRO();" may stand in front of declarations as well as behind them.
bool isMacroStatement(StringRef text, size_t at) {
  const StringRef word = wordAt(text, at);
  const size_t open = skipBlanks(text, at + word.size());
  if (word.empty() || llvm::any_of(word, llvm::isLower) || !text.substr(open).starts_with("("))
    return false;
  // What goes on behind the bracket is a loop: "LIST_FOREACH(one, all) {".
  std::optional<size_t> close = matchingBracket(text, open);
  return close && text.substr(skipBlanks(text, *close + 1)).starts_with(";");
}

/// Behind the semicolon that ends what starts at `at`; npos where none does.
size_t behindStatement(StringRef text, size_t at) {
  unsigned depth = 0;
  while (at < text.size()) {
    if (const size_t behind = skipCommentOrLiteral(text, at); behind != at) {
      at = behind;
      continue;
    }
    const char letter = text[at];
    if (letter == ';' && depth == 0)
      return at + 1;
    if (StringRef("([{").contains(letter))
      ++depth;
    if (StringRef(")]}").contains(letter) && depth-- == 0)
      return StringRef::npos;
    ++at;
  }
  return StringRef::npos;
}

} // namespace

size_t skipBlanksOfLine(StringRef text, size_t at) {
  const size_t end = std::min(text.find('\n', at), text.size());
  while (at < end) {
    const bool is_comment = text.substr(at).starts_with("//") || text.substr(at).starts_with("/*");
    const size_t next = is_comment                ? skipCommentOrLiteral(text, at)
                        : llvm::isSpace(text[at]) ? at + 1
                                                  : at;
    if (next == at || next > end)
      return at;
    at = next;
  }
  return end;
}

size_t behindDeclarations(StringRef text, size_t at) {
  size_t behind = at;
  for (;;) {
    const size_t start = skipBlanks(text, at);
    const bool is_declaration = isDeclaration(text, start);
    if (!is_declaration && !isMacroStatement(text, start))
      return behind;
    at = behindStatement(text, start);
    if (at == StringRef::npos)
      return behind;
    if (is_declaration)
      behind = at;
  }
}

} // namespace lockvet::infer
