// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/config/path_glob.h"

#include "llvm/ADT/STLExtras.h"

#include <string>

namespace lockvet::config {

namespace {

// llvm::GlobPattern lets `*` run over slashes, so the pattern becomes a regular expression.
constexpr size_t kLongestPattern = 1000;

llvm::Error bad(llvm::StringRef pattern, llvm::StringRef why) {
  return llvm::createStringError("the path pattern '" + pattern + "' " + why);
}

/// Takes `[...]` off the front of `rest` and adds it to `regex`; a negated class matches no slash.
bool takeClass(llvm::StringRef& rest, std::string& regex) {
  llvm::StringRef body = rest.drop_front();
  const bool negated = body.consume_front("!") || body.consume_front("^");
  // A `]` that comes first is a member.
  const size_t end = body.find(']', 1);
  if (end == llvm::StringRef::npos)
    return false;
  const llvm::StringRef members = body.take_front(end);
  // POSIX classes and slashes in a class would mean something else in the expression.
  if (members.contains('/') || members.contains('['))
    return false;
  regex += negated ? "[^" : "[";
  if (negated) {
    // The slash is added as a member; a final `-` stays final, where it makes no range.
    const bool hyphen = members.ends_with("-") && members.size() > 1;
    regex += members.drop_back(hyphen ? 1 : 0);
    regex += hyphen ? "/-" : "/";
  } else {
    regex += members;
  }
  regex += ']';
  rest = body.drop_front(end + 1);
  return true;
}

} // namespace

llvm::Expected<PathGlob> PathGlob::create(llvm::StringRef pattern) {
  if (pattern.empty())
    return bad(pattern, "is empty");
  if (pattern.size() > kLongestPattern)
    return bad(pattern.take_front(40), "and so on is longer than 1000 characters");
  if (pattern.contains('\0') || pattern.contains('\n'))
    return bad(pattern, "holds a character that no pattern can");
  std::string regex = "^";
  llvm::StringRef rest = pattern;
  bool at_component = true; // whether what came before ends in a slash or is nothing
  while (!rest.empty()) {
    const char c = rest.front();
    const bool starts_component = std::exchange(at_component, c == '/');
    if (rest.starts_with("**")) {
      rest = rest.drop_front(2).ltrim('*');
      if (starts_component && rest.consume_front("/")) {
        regex += "(.*/)?";
        at_component = true;
      } else {
        regex += ".*";
      }
      continue;
    }
    if (c == '[') {
      if (!takeClass(rest, regex))
        return bad(pattern, "has a '[' that no ']' closes in the same path component");
      continue;
    }
    rest = rest.drop_front();
    if (c == '*')
      regex += "[^/]*";
    else if (c == '?')
      regex += "[^/]";
    else
      regex += llvm::Regex::escape(llvm::StringRef(&c, 1));
  }
  if (pattern.ends_with("/"))
    regex += ".*";
  llvm::Regex compiled(regex + "$");
  std::string why;
  if (!compiled.isValid(why))
    return bad(pattern, "is not understood: " + why);
  return PathGlob(std::move(compiled));
}

bool PathGlob::matches(llvm::StringRef path) const {
  return regex_.match(path);
}

} // namespace lockvet::config
