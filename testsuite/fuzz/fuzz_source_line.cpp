// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes as a line of source: the suppression comment in it, and its excerpt for a terminal.

#include "analyzer/report/excerpt.h"
#include "analyzer/report/suppression_comment.h"
#include "analyzer/report/words.h"
#include "holds.h"
#include "llvm/Support/Unicode.h"

using lockvet::fuzz::holds;
using namespace lockvet::report;

namespace {

void comment(llvm::StringRef line) {
  const auto found = allowCommentIn(line);
  if (!found)
    return;
  holds(found->column >= 1 && line.drop_front(found->column - 1).starts_with("lockvet:"),
        "the column is that of the word");
  holds(!found->mistake.empty() || !found->rules.empty(), "it allows something or is a mistake");
}

void excerpt(llvm::StringRef line, uint32_t column, unsigned width) {
  const Excerpt shown = excerptOf(line, column, width);
  const int columns = llvm::sys::unicode::columnWidthUTF8(shown.text);
  holds(columns >= 0, "every character can be printed");
  holds(unsigned(columns) <= width, "it fits");
  holds(shown.caret <= width, "the caret stands below it");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2)
    return 0;
  const llvm::StringRef line(reinterpret_cast<const char*>(data) + 2, size - 2);
  comment(line);
  excerpt(line, data[0] * 16U, 24U + data[1]);
  return 0;
}
