// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/declarator.h"

#include "llvm/ADT/StringExtras.h"

namespace lockvet::infer {

using llvm::StringRef;

bool isOfName(char letter) {
  return llvm::isAlnum(letter) || letter == '_';
}

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

std::optional<size_t> Declarator::openBody() const {
  std::optional<size_t> close = closeBracket();
  if (!close)
    return std::nullopt;
  // Attributes and macros with arguments may stand in between.
  for (size_t at = skipBlanks(text_, *close + 1); at < text_.size(); at = skipBlanks(text_, at)) {
    if (text_[at] == '{')
      return at;
    if (text_[at] == '(') {
      std::optional<size_t> end = matchingBracket(text_, at);
      if (!end)
        return std::nullopt;
      at = *end + 1;
    } else if (isOfName(text_[at]) || text_[at] == '&') {
      ++at;
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

/// Without a comment in front, and what stands behind its name: a default argument, the size of an
/// array.
std::optional<StringRef> Declarator::parameterText(unsigned index) const {
  std::optional<size_t> open = openBracket();
  std::optional<size_t> close = closeBracket();
  if (!open || !close)
    return std::nullopt;
  size_t start = *open + 1;
  unsigned seen = 0, depth = 0;
  for (size_t at = start; at <= *close;) {
    if (const size_t behind = skipCommentOrLiteral(text_, at); behind != at) {
      at = behind;
      continue;
    }
    const char letter = text_[at];
    if (depth == 0 && (letter == ',' || at == *close)) {
      if (seen++ == index)
        return text_.slice(std::min(skipBlanks(text_, start), at), at)
            .split('=')
            .first.split('[')
            .first.rtrim();
      start = at + 1;
    }
    depth += letter == '(' || letter == '[' || letter == '<';
    depth -= depth > 0 && (letter == ')' || letter == ']' || letter == '>');
    ++at;
  }
  return std::nullopt;
}

std::optional<Declarator::Parameter> Declarator::parameter(unsigned index) const {
  std::optional<StringRef> text = parameterText(index);
  if (!text)
    return std::nullopt;
  size_t length = 0;
  while (length < text->size() && isOfName((*text)[text->size() - 1 - length]))
    ++length;
  StringRef name = text->take_back(length);
  const bool is_type_only = name.size() == text->ltrim().size();
  if (name.empty() || is_type_only || llvm::isDigit(name.front()))
    return std::nullopt;
  return Parameter{name.str(), text->contains('*')};
}

std::optional<size_t> Declarator::parameterNameAt(unsigned index) const {
  std::optional<StringRef> text = parameterText(index);
  if (!text)
    return std::nullopt;
  const auto start = static_cast<size_t>(text->data() - text_.data());
  if (std::optional<Parameter> plain = parameter(index))
    return start + text->size() - plain->name.size();
  const size_t open = text->find("(*");
  if (open == StringRef::npos)
    return std::nullopt;
  const size_t name = skipBlanks(*text, open + 2);
  const bool is_named = name < text->size() && isOfName((*text)[name]);
  return is_named ? std::optional(start + name) : std::nullopt;
}

std::optional<StringRef> Declarator::typeName() const {
  if (front_ != name_at_ || openBracket())
    return std::nullopt;
  size_t end = front_;
  for (;;) {
    end = skipBlanksBackwards(text_, end);
    if (end > 0 && text_[end - 1] == '*') {
      --end;
      continue;
    }
    size_t start = end;
    while (start > 0 && isOfName(text_[start - 1]))
      --start;
    const StringRef word = text_.slice(start, end);
    if (word == "const" || word == "volatile") {
      end = start;
      continue;
    }
    return word.empty() ? std::nullopt : std::optional(word);
  }
}

} // namespace lockvet::infer
