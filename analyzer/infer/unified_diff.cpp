// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/unified_diff.h"

#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <map>
#include <vector>

namespace lockvet::infer {

namespace {

using llvm::StringRef;
using Lines = std::vector<StringRef>;

constexpr size_t kContext = 3;
constexpr llvm::StringLiteral kNoNewline = "\\ No newline at end of file\n";

/// With their line ends, so that a last one that is missing shows.
Lines linesOf(StringRef text) {
  Lines lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const size_t length = end == StringRef::npos ? text.size() : end + 1;
    lines.push_back(text.take_front(length));
    text = text.drop_front(length);
  }
  return lines;
}

/// Lines [from, from + count) of the old text became [to, to + new_count) of the new one.
struct Change {
  size_t from, count, to, new_count;
};

/// Eugene Myers' greedy algorithm: the length of the shortest edit, and how far each diagonal got
/// after each step. Markers change few lines, so that it is fast.
std::vector<Change> changes(const Lines& before, const Lines& after) {
  const auto rows = static_cast<int>(before.size()), columns = static_cast<int>(after.size());
  std::vector<std::map<int, int>> reached;
  std::map<int, int> furthest = {{1, 0}};
  auto slide = [&](int row, int diagonal) {
    while (row < rows && row - diagonal < columns &&
           before[static_cast<size_t>(row)] == after[static_cast<size_t>(row - diagonal)])
      ++row;
    return row;
  };
  auto step = [](const std::map<int, int>& from, int diagonal, int edits) {
    const bool inserts =
        diagonal == -edits || (diagonal != edits && from.at(diagonal - 1) < from.at(diagonal + 1));
    return inserts;
  };
  for (int edits = 0;; ++edits) {
    reached.push_back(furthest);
    bool is_done = false;
    for (int diagonal = -edits; diagonal <= edits && !is_done; diagonal += 2) {
      const int row = step(furthest, diagonal, edits) ? furthest.at(diagonal + 1)
                                                      : furthest.at(diagonal - 1) + 1;
      furthest[diagonal] = slide(row, diagonal);
      is_done = furthest[diagonal] >= rows && furthest[diagonal] - diagonal >= columns;
    }
    if (is_done)
      break;
  }
  // Back from the end: each step is one line taken out or put in.
  std::vector<Change> single;
  int row = rows, column = columns;
  for (auto edits = static_cast<int>(reached.size()) - 1; edits > 0; --edits) {
    const std::map<int, int>& from = reached[static_cast<size_t>(edits)];
    const int diagonal = row - column;
    const bool inserts = step(from, diagonal, edits);
    const int previous = inserts ? diagonal + 1 : diagonal - 1;
    row = from.at(previous);
    column = row - previous;
    single.push_back({static_cast<size_t>(row), inserts ? 0U : 1U, static_cast<size_t>(column),
                      inserts ? 1U : 0U});
  }
  std::reverse(single.begin(), single.end());
  std::vector<Change> merged;
  for (const Change& change : single) {
    if (!merged.empty() && merged.back().from + merged.back().count == change.from &&
        merged.back().to + merged.back().new_count == change.to) {
      merged.back().count += change.count;
      merged.back().new_count += change.new_count;
    } else {
      merged.push_back(change);
    }
  }
  return merged;
}

void addLines(std::string& out, char sign, const Lines& lines, size_t from, size_t count) {
  for (size_t line = from; line < from + count; ++line) {
    out += sign;
    out += lines[line];
    if (!lines[line].ends_with("\n"))
      out += "\n" + kNoNewline.str();
  }
}

/// "@@ -12,3": with no lines it names the line before.
std::string range(size_t from, size_t count) {
  std::string text = std::to_string(count == 0 ? from : from + 1);
  return count == 1 ? text : text + "," + std::to_string(count);
}

} // namespace

std::string unifiedDiff(StringRef path, StringRef before, StringRef after) {
  if (before == after)
    return "";
  const Lines old_lines = linesOf(before), new_lines = linesOf(after);
  const std::vector<Change> all = changes(old_lines, new_lines);
  std::string out = "--- a/" + path.str() + "\n+++ b/" + path.str() + "\n";
  for (size_t first = 0; first < all.size();) {
    // Changes whose context meets are one hunk.
    size_t last = first;
    while (last + 1 < all.size() &&
           all[last + 1].from - (all[last].from + all[last].count) <= 2 * kContext)
      ++last;
    const size_t lead = std::min(kContext, all[first].from);
    const size_t end = all[last].from + all[last].count;
    const size_t trail = std::min(kContext, old_lines.size() - end);
    const size_t old_from = all[first].from - lead, new_from = all[first].to - lead;
    std::string body;
    size_t at = old_from;
    for (size_t index = first; index <= last; ++index) {
      addLines(body, ' ', old_lines, at, all[index].from - at);
      addLines(body, '-', old_lines, all[index].from, all[index].count);
      addLines(body, '+', new_lines, all[index].to, all[index].new_count);
      at = all[index].from + all[index].count;
    }
    addLines(body, ' ', old_lines, at, trail);
    const size_t new_end = all[last].to + all[last].new_count + trail;
    out += "@@ -" + range(old_from, end + trail - old_from) + " +" +
           range(new_from, new_end - new_from) + " @@\n" + body;
    first = last + 1;
  }
  return out;
}

} // namespace lockvet::infer
