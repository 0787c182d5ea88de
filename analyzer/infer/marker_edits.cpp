// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/marker_edits.h"

#include "analyzer/infer/block_start.h"
#include "analyzer/infer/declarator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace lockvet::infer {

using llvm::StringRef;

namespace {

/// Of a line that goes on.
constexpr size_t kIndent = 4;

/// How long lines of this file are meant to be: the least usual limit that few lines go beyond,
/// and in a small file one.
size_t columnLimit(StringRef text) {
  constexpr size_t kLimits[] = {80, 100, 120};
  constexpr size_t kOneIn = 100;
  size_t lines = 0;
  size_t longer[std::size(kLimits)] = {};
  for (StringRef rest = text; !rest.empty(); ++lines) {
    auto [line, next] = rest.split('\n');
    for (size_t index = 0; index < std::size(kLimits); ++index)
      longer[index] += line.size() > kLimits[index];
    rest = next;
  }
  for (size_t index = 0; index < std::size(kLimits); ++index)
    if (longer[index] * kOneIn <= lines + kOneIn)
      return kLimits[index];
  return StringRef::npos;
}

size_t lineStart(StringRef text, size_t at) {
  const size_t before = text.take_front(at).rfind('\n');
  return before == StringRef::npos ? 0 : before + 1;
}

size_t lineEnd(StringRef text, size_t at) {
  return std::min(text.find('\n', at), text.size());
}

/// The word that ends at `end`.
StringRef wordBefore(StringRef text, size_t end) {
  size_t start = end;
  while (start > 0 && (llvm::isAlnum(text[start - 1]) || text[start - 1] == '_'))
    --start;
  return text.slice(start, end);
}

/// Parameters on lines of their own stay where they were below the bracket. False if they would
/// not fit there.
bool alignParameters(std::string& text, size_t open, size_t close, size_t old_column,
                     size_t limit) {
  const size_t column = open + 1 - lineStart(text, open);
  if (column == old_column)
    return true;
  std::vector<size_t> starts;
  for (size_t at = text.find('\n', open); at < close; at = text.find('\n', at + 1)) {
    const size_t start = at + 1;
    const size_t first = text.find_first_not_of(" \t", start);
    // Where they are not aligned, or by tabs, nobody expects it.
    if (first - start != old_column || StringRef(text).slice(start, first).contains('\t'))
      return true;
    if (lineEnd(text, first) - first + column > limit)
      return false;
    starts.push_back(start);
  }
  for (size_t start : llvm::reverse(starts))
    text.replace(start, old_column, column, ' ');
  return true;
}

/// Makes one edit in a text in which everything before it stands where it stood.
void apply(std::string& text, const DeclarationEdit& edit, llvm::ArrayRef<Spelling> ranks,
           size_t limit) {
  std::vector<Spelling> markers = edit.markers;
  // Those in front of the name move it, so they come last; each goes behind those before it.
  llvm::sort(markers, [](const Spelling& one, const Spelling& other) {
    const bool is_front = one.position == Position::Name;
    return std::pair(is_front, one.rank) < std::pair(other.position == Position::Name, other.rank);
  });
  std::optional<size_t> name_at = offsetOf(text, edit.line, edit.column);
  std::optional<Declarator> before;
  if (name_at)
    before = Declarator::find(text, *name_at, edit.name);
  if (!before)
    return;
  std::optional<size_t> open = before->openBracket();
  const size_t old_column = open ? *open + 1 - lineStart(text, *open) : 0;
  std::vector<Spelling> known(ranks);
  DeclarationEdit moved = edit;
  auto moveTo = [&](size_t at) {
    moved.line = static_cast<uint32_t>(1 + StringRef(text).take_front(at).count('\n'));
    moved.column = static_cast<uint32_t>(at - lineStart(text, at) + 1);
    name_at = at;
  };
  for (const Spelling& marker : markers) {
    std::optional<Insertion> insertion = insertionOf(text, moved, marker, known);
    if (!insertion)
      continue;
    const size_t start = lineStart(text, insertion->at);
    if (marker.position == Position::End &&
        lineEnd(text, insertion->at) - start + insertion->text.size() > limit) {
      const size_t indent = std::min(text.find_first_not_of(" \t", start), insertion->at) - start;
      insertion->text = "\n" + text.substr(start, indent) + std::string(kIndent, ' ') + marker.text;
    }
    text.insert(insertion->at, insertion->text);
    if (insertion->at <= *name_at)
      moveTo(*name_at + insertion->text.size());
    known.push_back(marker);
  }
  // A line that gets too long is broken in front of the name, if it can be.
  auto breakLine = [&](const Declarator& declarator) {
    const size_t front = declarator.front();
    const size_t start = lineStart(text, front);
    const size_t end = skipBlanksBackwards(text, front);
    if (end <= start || text.find_first_not_of(" \t", start) != start)
      return false;
    text.replace(end, front - end, "\n");
    moveTo(*name_at - (front - end) + 1);
    return true;
  };
  std::optional<Declarator> after = Declarator::find(text, *name_at, edit.name);
  if (after && lineEnd(text, after->front()) - lineStart(text, after->front()) > limit &&
      breakLine(*after))
    after = Declarator::find(text, *name_at, edit.name);
  for (unsigned round = 0; after && round < 2; ++round) {
    open = after->openBracket();
    std::optional<size_t> close = after->closeBracket();
    if (!open || !close || alignParameters(text, *open, *close, old_column, limit) ||
        !breakLine(*after))
      return;
    after = Declarator::find(text, *name_at, edit.name);
  }
}

} // namespace

namespace {

/// As the first statement, on a line like that of what it follows.
std::optional<Insertion> statementOf(StringRef text, const Declarator& declarator,
                                     StringRef statement) {
  std::optional<size_t> open = declarator.openBody();
  if (!open)
    return std::nullopt;
  const size_t behind = behindDeclarations(text, *open + 1);
  if (behind > *open + 1)
    if (const size_t line = lineEnd(text, behind);
        line == skipBlanksOfLine(text, behind) && lineStart(text, behind) > *open) {
      const size_t first = lineStart(text, skipBlanks(text, *open + 1));
      const size_t indent = text.find_first_not_of(" \t", first) - first;
      return Insertion{line, "\n" + (text.substr(first, indent) + statement).str()};
    }
  const size_t next = skipBlanks(text, behind);
  const size_t line = lineEnd(text, *open);
  if (behind > *open + 1 || line != skipBlanksOfLine(text, *open + 1))
    return Insertion{behind, (" " + statement).str()}; // all on one line
  // An indented line below tells how far.
  const size_t start = lineStart(text, next);
  std::string indent = text.slice(start, next).str();
  if (indent.empty() || start <= *open || indent.find_first_not_of(" \t") != std::string::npos)
    indent = std::string(kIndent, ' ');
  return Insertion{line, "\n" + indent + statement.str()};
}

} // namespace

std::optional<size_t> offsetOf(StringRef text, uint32_t line, uint32_t column) {
  size_t at = 0;
  for (uint32_t passed = 1; passed < line; ++passed) {
    at = text.find('\n', at);
    if (at == StringRef::npos)
      return std::nullopt;
    ++at;
  }
  if (column == 0 || at + column - 1 > text.size())
    return std::nullopt;
  return at + column - 1;
}

std::optional<Insertion> insertionOf(StringRef text, const DeclarationEdit& edit,
                                     const Spelling& marker, llvm::ArrayRef<Spelling> ranks) {
  std::optional<size_t> name_at = offsetOf(text, edit.line, edit.column);
  std::optional<Declarator> declarator;
  if (name_at)
    declarator = Declarator::find(text, *name_at, edit.name);
  if (!declarator)
    return std::nullopt;
  if (marker.position == Position::Body)
    return statementOf(text, *declarator, marker.text);
  if (marker.position == Position::End) {
    std::optional<size_t> behind = declarator->behindParameters();
    if (!behind)
      return std::nullopt;
    return Insertion{*behind, " " + marker.text};
  }
  // Past the markers that are to stand behind this one.
  size_t front = declarator->front();
  for (;;) {
    const size_t end = skipBlanksBackwards(text, front);
    StringRef word = wordBefore(text, end);
    if (word.empty() || llvm::none_of(ranks, [&](const Spelling& other) {
          return other.text == word && other.rank > marker.rank;
        }))
      break;
    front = end - word.size();
  }
  const size_t end = skipBlanksBackwards(text, front);
  if (text.slice(end, front).contains('\n') && end > 0 && text[end - 1] != ';' &&
      text[end - 1] != '}' && text[end - 1] != '/')
    return Insertion{end, " " + marker.text};
  const bool is_behind_star = front > 0 && text[front - 1] == '*';
  return Insertion{front, (is_behind_star ? " " : "") + marker.text + " "};
}

std::string applyEdits(StringRef text, std::vector<DeclarationEdit> edits,
                       llvm::ArrayRef<Spelling> ranks) {
  const size_t limit = columnLimit(text);
  // From the end on, so that places before stay true.
  llvm::sort(edits, [](const DeclarationEdit& one, const DeclarationEdit& other) {
    return std::pair(one.line, one.column) > std::pair(other.line, other.column);
  });
  std::string result = text.str();
  for (const DeclarationEdit& edit : edits)
    apply(result, edit, ranks, limit);
  return result;
}

} // namespace lockvet::infer
