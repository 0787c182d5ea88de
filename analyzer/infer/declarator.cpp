// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/declarator.h"

#include "llvm/ADT/StringExtras.h"

namespace lockvet::infer {

namespace {

using llvm::StringRef;

bool isOfName(char letter) {
  return llvm::isAlnum(letter) || letter == '_';
}

/// Behind the comment or literal that starts at `at`; `at` itself where none does.
size_t skipCommentOrLiteral(StringRef text, size_t at) {
  StringRef rest = text.drop_front(at);
  if (rest.starts_with("//"))
    return std::min(text.find('\n', at), text.size());
  if (rest.starts_with("/*")) {
    const size_t end = text.find("*/", at + 2);
    return end == StringRef::npos ? text.size() : end + 2;
  }
  if (!rest.starts_with("\"") && !rest.starts_with("'"))
    return at;
  for (size_t next = at + 1; next < text.size(); ++next) {
    if (text[next] == '\\')
      ++next;
    else if (text[next] == text[at])
      return next + 1;
  }
  return text.size();
}

} // namespace

size_t skipBlanks(StringRef text, size_t at) {
  while (at < text.size()) {
    if (llvm::isSpace(text[at])) {
      ++at;
      continue;
    }
    StringRef rest = text.drop_front(at);
    if (!rest.starts_with("//") && !rest.starts_with("/*"))
      break;
    at = skipCommentOrLiteral(text, at);
  }
  return at;
}

size_t skipBlanksBackwards(StringRef text, size_t at) {
  while (at > 0 && llvm::isSpace(text[at - 1]))
    --at;
  return at;
}

std::optional<size_t> matchingBracket(StringRef text, size_t open) {
  unsigned depth = 0;
  for (size_t at = open; at < text.size();) {
    if (const size_t behind = skipCommentOrLiteral(text, at); behind != at) {
      at = behind;
      continue;
    }
    depth += text[at] == '(';
    depth -= text[at] == ')';
    if (depth == 0)
      return at;
    ++at;
  }
  return std::nullopt;
}

std::optional<Declarator> Declarator::find(StringRef text, size_t name_at, StringRef name) {
  if (name.empty() || !text.substr(name_at).starts_with(name))
    return std::nullopt;
  const size_t end = name_at + name.size();
  const bool is_longer = (end < text.size() && isOfName(name.back()) && isOfName(text[end])) ||
                         (name_at > 0 && isOfName(name.front()) && isOfName(text[name_at - 1]));
  if (is_longer)
    return std::nullopt;
  Declarator declarator(text, name_at, end);
  declarator.findFront();
  // "MACRO(name)": no type stands in front of it.
  const size_t before = skipBlanksBackwards(text, declarator.front_);
  if (before > 0 && (text[before - 1] == '(' || text[before - 1] == ','))
    return std::nullopt;
  return declarator;
}

void Declarator::findFront() {
  // The classes and namespaces that a member is named with.
  for (;;) {
    const size_t end = skipBlanksBackwards(text_, front_);
    if (!text_.take_front(end).ends_with("::"))
      break;
    size_t start = end - 2;
    if (start > 0 && text_[start - 1] == '>') {
      unsigned depth = 0;
      do {
        --start;
        depth += text_[start] == '>';
        depth -= text_[start] == '<';
      } while (start > 0 && depth > 0);
    }
    while (start > 0 && isOfName(text_[start - 1]))
      --start;
    front_ = start;
  }
  // "(*name": stars and words such as const, up to the bracket.
  size_t at = front_;
  bool has_star = false;
  for (;;) {
    at = skipBlanksBackwards(text_, at);
    if (at == 0)
      return;
    if (text_[at - 1] == '*') {
      has_star = true;
      --at;
    } else if (has_star && text_[at - 1] == '(') {
      front_ = at - 1;
      return;
    } else {
      size_t start = at;
      while (start > 0 && isOfName(text_[start - 1]))
        --start;
      const StringRef word = text_.slice(start, at);
      if (word != "const" && word != "volatile")
        return;
      at = start;
    }
  }
}

std::optional<size_t> Declarator::openBracket() const {
  size_t at = name_end_;
  // Out of the brackets around a pointer's name; past the size of an array of pointers.
  for (;;) {
    at = skipBlanks(text_, at);
    if (at >= text_.size())
      return std::nullopt;
    if (text_[at] == ')' && front_ < name_at_) {
      ++at;
    } else if (text_[at] == '[') {
      const size_t end = text_.find(']', at);
      if (end == StringRef::npos)
        return std::nullopt;
      at = end + 1;
    } else {
      break;
    }
  }
  return text_[at] == '(' ? std::optional(at) : std::nullopt;
}

std::optional<size_t> Declarator::closeBracket() const {
  std::optional<size_t> open = openBracket();
  return open ? matchingBracket(text_, *open) : std::nullopt;
}

std::optional<size_t> Declarator::behindParameters() const {
  if (!openBracket())
    return name_end_;
  std::optional<size_t> close = closeBracket();
  if (!close)
    return std::nullopt;
  size_t behind = *close + 1;
  for (;;) {
    const size_t at = skipBlanks(text_, behind);
    StringRef rest = text_.substr(at);
    size_t length = 0;
    for (StringRef word : {"const", "volatile", "noexcept"})
      if (rest.starts_with(word) &&
          !isOfName(rest.substr(word.size()).take_front().empty() ? ' ' : rest[word.size()]))
        length = word.size();
    if (length == 0 && rest.starts_with("&"))
      length = rest.starts_with("&&") ? 2 : 1;
    if (length == 0)
      return behind;
    behind = at + length;
    // noexcept(...)
    if (const size_t open = skipBlanks(text_, behind);
        rest.starts_with("noexcept") && open < text_.size() && text_[open] == '(')
      if (std::optional<size_t> end = matchingBracket(text_, open))
        behind = *end + 1;
  }
}

std::optional<Declarator::Parameter> Declarator::parameter(unsigned index) const {
  std::optional<size_t> open = openBracket();
  std::optional<size_t> close = closeBracket();
  if (!open || !close)
    return std::nullopt;
  size_t start = *open + 1;
  unsigned seen = 0, depth = 0;
  bool has_star = false;
  for (size_t at = start; at <= *close;) {
    if (const size_t behind = skipCommentOrLiteral(text_, at); behind != at) {
      at = behind;
      continue;
    }
    const char letter = text_[at];
    if (depth == 0 && (letter == ',' || at == *close)) {
      if (seen++ == index) {
        size_t end = skipBlanksBackwards(text_, at);
        // A default argument and the size of an array are behind the name.
        StringRef parameter = text_.slice(start, end).split('=').first.split('[').first.rtrim();
        size_t length = 0;
        while (length < parameter.size() && isOfName(parameter[parameter.size() - 1 - length]))
          ++length;
        StringRef name = parameter.take_back(length);
        const bool is_type_only = name.size() == parameter.ltrim().size();
        if (name.empty() || is_type_only || llvm::isDigit(name.front()))
          return std::nullopt;
        return Parameter{name.str(), has_star};
      }
      start = at + 1;
      has_star = false;
    }
    has_star |= letter == '*';
    depth += letter == '(' || letter == '[' || letter == '<';
    depth -= depth > 0 && (letter == ')' || letter == ']' || letter == '>');
    ++at;
  }
  return std::nullopt;
}

} // namespace lockvet::infer
