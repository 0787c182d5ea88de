// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/guarded_access.h"

namespace lockvet::infer {

namespace {

/// How a diagnostic begins, and what the code does then.
struct Opening {
  llvm::StringRef text;
  llvm::StringRef verb;
  bool is_exclusive;
};
constexpr Opening kOpenings[] = {
    {"reading variable ", "reads", false},
    {"writing variable ", "writes", true},
    {"reading the value pointed to by ", "reads what is behind", false},
    {"writing the value pointed to by ", "writes what is behind", true},
    {"passing variable ", "passes", false},
    {"passing the value that ", "passes what is behind", false},
    {"passing pointer ", "passes", false},
    {"returning variable ", "returns", false},
    {"returning the value that ", "returns what is behind", false},
    {"returning pointer ", "returns", false}};

/// "'name'" at the start of a text.
std::optional<llvm::StringRef> quotedAt(llvm::StringRef text) {
  if (!text.consume_front("'"))
    return std::nullopt;
  const size_t end = text.find('\'');
  return end == llvm::StringRef::npos ? std::nullopt : std::optional(text.take_front(end));
}

} // namespace

std::optional<GuardedAccess> parseGuardedAccess(llvm::StringRef message) {
  for (const Opening& opening : kOpenings) {
    llvm::StringRef rest = message;
    if (!rest.consume_front(opening.text))
      continue;
    std::optional<llvm::StringRef> what = quotedAt(rest);
    const size_t requires_at = rest.find(" requires holding ");
    if (!what || requires_at == llvm::StringRef::npos)
      return std::nullopt;
    rest = rest.drop_front(requires_at);
    const size_t quote = rest.find('\'');
    std::optional<llvm::StringRef> lock =
        quote == llvm::StringRef::npos ? std::nullopt : quotedAt(rest.drop_front(quote));
    // "any mutex of 'a' or 'b'" asks for no one lock.
    if (!lock || lock->empty())
      return std::nullopt;
    const bool is_exclusive = opening.is_exclusive || rest.contains(" exclusively");
    return GuardedAccess{opening.verb.str() + " '" + what->str() + "'", lock->str(), is_exclusive};
  }
  return std::nullopt;
}

} // namespace lockvet::infer
