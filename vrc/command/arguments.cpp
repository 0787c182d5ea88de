// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/arguments.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "vrc/query/error.h"

namespace lockvet::command {

namespace {

/// Where the word that begins at `at` ends: at a blank outside quotes, slashes and brackets, and
/// perhaps parentheses.
size_t wordEnd(llvm::StringRef line, size_t at, bool has_parentheses = false) {
  size_t brackets = 0;
  bool at_start = true; // of a term; a slash elsewhere is a file's
  for (; at < line.size(); ++at) {
    const char c = line[at];
    if (c == '"' || (c == '/' && at_start)) {
      for (++at; at < line.size() && line[at] != c; ++at)
        if (line[at] == '\\')
          ++at;
    } else if (c == '[' || (c == '(' && has_parentheses)) {
      ++brackets;
    } else if ((c == ']' || (c == ')' && has_parentheses)) && brackets != 0) {
      --brackets;
    } else if (llvm::isSpace(c) && brackets == 0) {
      break;
    }
    at_start = llvm::isSpace(c) || llvm::StringRef("!([,|=").contains(c);
  }
  return std::min(at, line.size());
}

std::string unquoted(llvm::StringRef word) {
  std::string result;
  for (size_t at = 0; at < word.size(); ++at) {
    if (word[at] == '"')
      continue;
    if (word[at] == '\\' && at + 1 < word.size())
      ++at;
    result += word[at];
  }
  return result;
}

} // namespace

llvm::Expected<Arguments> Arguments::parse(llvm::StringRef line, size_t start,
                                           llvm::ArrayRef<Option> options) {
  Arguments arguments;
  arguments.line_ = line.trim().str();
  arguments.operands_.assign(line.size(), ' ');
  bool has_options = true;
  for (size_t at = start; at < line.size();) {
    if (llvm::isSpace(line[at])) {
      ++at;
      continue;
    }
    const size_t end = wordEnd(line, at);
    llvm::StringRef word = line.slice(at, end);
    if (!has_options || !word.starts_with("--")) {
      arguments.operands_.replace(at, end - at, word.str());
      at = end;
      continue;
    }
    if (word == "--") {
      has_options = false;
      at = end;
      continue;
    }
    const auto [name, inline_value] = word.split('=');
    const Option* option =
        llvm::find_if(options, [&](const Option& known) { return known.name == name; });
    if (option == options.end())
      return query::errorAt(at, "there is no option " + name.str() + " here");
    Value value{inline_value.str(), at + name.size() + 1};
    if (option->value.empty() && word.contains('='))
      return query::errorAt(at, name.str() + " takes no value");
    if (!option->value.empty() && !word.contains('=')) {
      size_t from = end;
      while (from < line.size() && llvm::isSpace(line[from]))
        ++from;
      if (from == line.size())
        return query::errorAt(at, name.str() + " needs a value: " + option->value.str());
      const size_t to = wordEnd(line, from);
      value = {line.slice(from, to).str(), from};
      at = to;
    } else {
      at = end;
    }
    arguments.options_[name] = std::move(value);
  }
  return arguments;
}

llvm::StringRef Arguments::value(llvm::StringRef option) const {
  auto found = options_.find(option);
  return found == options_.end() ? llvm::StringRef() : llvm::StringRef(found->second.text);
}

size_t Arguments::offset(llvm::StringRef option) const {
  auto found = options_.find(option);
  return found == options_.end() ? 0 : found->second.offset;
}

llvm::Expected<size_t> Arguments::number(llvm::StringRef option, size_t otherwise) const {
  if (!has(option))
    return otherwise;
  size_t number = 0;
  if (value(option).getAsInteger(10, number))
    return query::errorAt(offset(option), option.str() + " needs a number, 0 or more");
  return number;
}

bool Arguments::hasOperands() const {
  return llvm::any_of(operands_, [](char c) { return !llvm::isSpace(c); });
}

template <typename Visit> void Arguments::forEachWord(Visit visit, bool has_parentheses) const {
  for (size_t at = 0; at < operands_.size();) {
    if (llvm::isSpace(operands_[at])) {
      ++at;
      continue;
    }
    const size_t end = wordEnd(operands_, at, has_parentheses);
    visit(at, end);
    at = end;
  }
}

std::vector<std::string> Arguments::words() const {
  std::vector<std::string> words;
  forEachWord([&](size_t begin, size_t end) {
    words.push_back(unquoted(llvm::StringRef(operands_).slice(begin, end)));
  });
  return words;
}

std::vector<Operand> Arguments::names() const {
  std::vector<Operand> names;
  forEachWord(
      [&](size_t begin, size_t end) {
        const llvm::StringRef source = llvm::StringRef(operands_).slice(begin, end);
        names.push_back({unquoted(source), source, begin});
      },
      /*has_parentheses=*/true);
  return names;
}

size_t Arguments::wordOffset(size_t index) const {
  size_t offset = operands_.size();
  forEachWord([&](size_t begin, size_t) {
    if (index-- == 0)
      offset = begin;
  });
  return offset;
}

std::string Arguments::withoutFirstWord() const {
  std::string rest = operands_;
  bool is_first = true;
  forEachWord([&](size_t begin, size_t end) {
    if (std::exchange(is_first, false))
      std::fill(rest.begin() + static_cast<ptrdiff_t>(begin),
                rest.begin() + static_cast<ptrdiff_t>(end), ' ');
  });
  return rest;
}

} // namespace lockvet::command
