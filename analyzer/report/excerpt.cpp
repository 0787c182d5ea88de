// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/excerpt.h"

#include "analyzer/report/words.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Unicode.h"

#include <algorithm>
#include <vector>

namespace lockvet::report {

namespace {

constexpr unsigned kTabStop = 8;
constexpr llvm::StringRef kCut = "...";

/// What one character of the source becomes.
struct Cell {
  std::string text;
  unsigned width = 0;
};

unsigned widthOf(llvm::ArrayRef<Cell> cells) {
  unsigned width = 0;
  for (const Cell& cell : cells)
    width += cell.width;
  return width;
}

Cell cellOf(llvm::StringRef character, unsigned at) {
  if (character == "\t") {
    const unsigned width = kTabStop - at % kTabStop;
    return {std::string(width, ' '), width};
  }
  std::string text = printable(character);
  // What printable() made of it is ASCII, or one character that has a width.
  const int width = llvm::sys::unicode::columnWidthUTF8(text);
  return {std::move(text), static_cast<unsigned>(std::max(width, 0))};
}

} // namespace

Excerpt excerptOf(llvm::StringRef line, uint32_t column, unsigned width) {
  width = std::max(width, 20U);
  size_t place = std::min<size_t>(column ? column - 1 : 0, line.size());
  // Of a line of megabytes only the neighbourhood is looked at. A character has at most four bytes
  // and its marks come after it, so this is more than can be shown.
  const size_t reach = size_t{width} * 8;
  bool cut_front = false, cut_back = false;
  if (line.size() - place > reach) {
    line = line.take_front(place + reach);
    cut_back = true;
  }
  if (place > reach) {
    size_t drop = place - reach;
    while (drop < place && (line[drop] & 0xC0) == 0x80)
      ++drop;
    line = line.drop_front(drop);
    place -= drop;
    cut_front = true;
  }

  std::vector<Cell> cells;
  size_t caret_cell = 0;
  unsigned at = 0;
  for (size_t offset = 0; offset < line.size();) {
    if (offset <= place)
      caret_cell = cells.size();
    const size_t length = std::max(characterLength(line.drop_front(offset)), 1U);
    cells.push_back(cellOf(line.substr(offset, length), at));
    at += cells.back().width;
    offset += length;
    if (offset <= place)
      caret_cell = cells.size();
  }

  // Give up cells from the end that is farther from the caret, until the rest and its cuts fit.
  size_t first = 0, last = cells.size();
  unsigned shown = widthOf(cells);
  unsigned before = widthOf(llvm::ArrayRef(cells).take_front(caret_cell));
  auto cuts = [&] {
    return ((cut_front || first > 0) + (cut_back || last < cells.size())) * kCut.size();
  };
  while (shown + cuts() > width && last - first > 1) {
    const bool from_front = before > shown - before || last == caret_cell + 1;
    Cell& cell = from_front && first < caret_cell ? cells[first++] : cells[--last];
    shown -= cell.width;
    if (&cell < cells.data() + caret_cell)
      before -= cell.width;
  }
  cut_front |= first > 0;
  cut_back |= last < cells.size();

  Excerpt excerpt;
  if (cut_front)
    excerpt.text += kCut;
  for (size_t i = first; i < last; ++i)
    excerpt.text += cells[i].text;
  excerpt.caret = (cut_front ? kCut.size() : 0) + before;
  if (cut_back)
    excerpt.text += kCut;
  else
    excerpt.text.resize(llvm::StringRef(excerpt.text).rtrim(' ').size());
  return excerpt;
}

} // namespace lockvet::report
