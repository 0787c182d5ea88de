// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/completion.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lockvet::command {

namespace {

/// How much speaks for a match. The first character of a word is what people type of it.
constexpr int kWordStart = 8;
constexpr int kNeighbour = 6; ///< directly behind the match before
constexpr int kPrefix = 1000; ///< the candidate begins with the pattern
constexpr int kWhole = 1000;  ///< and has nothing else

class Matcher {
public:
  explicit Matcher(llvm::StringRef pattern)
      : pattern_(pattern), with_case_(llvm::any_of(pattern, [](char c) { return isupper(c); })) {
    for (size_t code = 0; code < fold_.size(); ++code) {
      const char c = static_cast<char>(code);
      fold_[code] = with_case_ ? c : llvm::toLower(c);
    }
  }

  /// Negative for no match. Finds the first place where a match ends and then, backwards, the
  /// shortest one that ends there; that is not always the best one, and is linear.
  int score(llvm::StringRef text) const {
    if (pattern_.empty())
      return 0;
    // Most names end here, so this loop is what a hundred thousand of them cost.
    const char* at_end = text.begin();
    const char* wanted = pattern_.begin();
    for (; at_end != text.end() && wanted != pattern_.end(); ++at_end)
      if (folded(*at_end) == *wanted)
        ++wanted;
    if (wanted != pattern_.end())
      return -1;
    const auto end = static_cast<size_t>(at_end - text.begin());
    size_t start = end;
    while (wanted != pattern_.begin())
      if (folded(text[--start]) == *(wanted - 1))
        --wanted;
    int score = 0;
    size_t last = start;
    for (size_t at = start, next = 0; next < pattern_.size(); ++at) {
      if (folded(text[at]) != pattern_[next])
        continue;
      if (at == std::exchange(last, at) + 1)
        score += kNeighbour;
      if (startsWord(text, at))
        score += kWordStart;
      ++next;
    }
    if (start == 0 && end == pattern_.size())
      score += kPrefix + (end == text.size() ? kWhole : 0);
    return std::max(0, kPrefix / 2 + score - static_cast<int>(end - start));
  }

private:
  char folded(char c) const { return fold_[static_cast<unsigned char>(c)]; }

  static bool startsWord(llvm::StringRef text, size_t at) {
    if (at == 0 || !llvm::isAlnum(text[at - 1]))
      return llvm::isAlnum(text[at]);
    return isupper(text[at]) && !isupper(text[at - 1]);
  }

  llvm::StringRef pattern_;
  bool with_case_;
  std::array<char, 256> fold_;
};

} // namespace

std::vector<llvm::StringRef> fuzzyMatches(llvm::ArrayRef<llvm::StringRef> candidates,
                                          llvm::StringRef pattern, size_t limit) {
  struct Match {
    int score;
    llvm::StringRef text;
  };
  std::vector<Match> matches;
  const Matcher matcher(pattern);
  for (llvm::StringRef candidate : candidates)
    if (const int score = matcher.score(candidate); score >= 0)
      matches.push_back({score, candidate});
  limit = std::min(limit, matches.size());
  auto is_better = [](const Match& a, const Match& b) {
    return std::tuple(-a.score, a.text.size(), a.text) <
           std::tuple(-b.score, b.text.size(), b.text);
  };
  std::partial_sort(matches.begin(), matches.begin() + static_cast<ptrdiff_t>(limit), matches.end(),
                    is_better);
  std::vector<llvm::StringRef> best;
  for (const Match& match : llvm::ArrayRef(matches).take_front(limit))
    best.push_back(match.text);
  return best;
}

std::vector<llvm::StringRef> similarNames(const graph::Graph& graph, llvm::StringRef pattern,
                                          size_t limit) {
  return fuzzyMatches(graph.namesWithPrefix("", SIZE_MAX), pattern, limit);
}

std::vector<llvm::StringRef> similarLabels(const graph::Graph& graph, llvm::StringRef pattern,
                                           size_t limit) {
  std::vector<llvm::StringRef> labels;
  for (const auto& entry : graph.labels())
    labels.push_back(entry.first());
  return fuzzyMatches(labels, pattern, limit);
}

} // namespace lockvet::command
