// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Findings as Clang prints its diagnostics, which editors and people know how to read: the place
// and message, the line with a caret, fix-its below it, then the witness as notes.

#include "analyzer/report/excerpt.h"
#include "analyzer/report/formats.h"
#include "analyzer/report/paths.h"
#include "analyzer/report/words.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"

#include <cstdlib>

namespace lockvet::report {

namespace {

using Stream = llvm::raw_ostream;

constexpr unsigned kGutter = 8; ///< "   12 | ", as wide as Clang's up to line 99999
constexpr unsigned kPlainWidth = 120;

bool wantsColour(Colour colour, const Stream& stream) {
  if (colour != Colour::Auto)
    return colour == Colour::Always;
  // https://no-color.org: set and not empty, whatever its value.
  const char* no_color = std::getenv("NO_COLOR");
  return !(no_color && *no_color) && stream.is_displayed() && stream.has_colors();
}

unsigned widthFor(const Options& options, const Stream& stream) {
  if (options.width)
    return options.width;
  const unsigned terminal = stream.is_displayed() ? llvm::sys::Process::StandardOutColumns() : 0;
  return terminal ? terminal : kPlainWidth;
}

/// Writes single diagnostics; the colours are those of Clang.
class TextWriter {
public:
  TextWriter(const Options& options, SourceCache& sources, Stream& stream)
      : options_(options), sources_(sources), stream_(stream),
        coloured_(wantsColour(options.colour, stream)), width_(widthFor(options, stream)),
        had_colours_(stream.colors_enabled()) {
    stream_.enable_colors(coloured_);
  }
  TextWriter(const TextWriter&) = delete;
  TextWriter& operator=(const TextWriter&) = delete;
  ~TextWriter() { stream_.enable_colors(had_colours_); }

  void finding(const rules::Finding& finding) {
    head(finding.file, finding.line, finding.column, finding.severity);
    in(Stream::SAVEDCOLOR, true, printable(finding.message) + " [" + printable(finding.rule) + "]");
    stream_ << '\n';
    auto here = [&](const rules::FixIt& fix) {
      return fix.file == finding.file && fix.line == finding.line;
    };
    excerpt(finding.file, finding.line, finding.column);
    for (const rules::FixIt& fix : finding.fixes)
      if (here(fix))
        insertion(fix);
    for (const rules::Step& step : finding.witness)
      note(step.file, step.line, step.column, step.reason);
    for (const rules::FixIt& fix : finding.fixes)
      if (!here(fix)) {
        note(fix.file, fix.line, fix.column,
             "insert '" + llvm::StringRef(fix.text).trim().str() + "' here");
        insertion(fix);
      }
  }

  void summary(const Tally& tally) {
    std::vector<std::string> fresh;
    if (tally.errors)
      fresh.push_back(counted(tally.errors, "error"));
    if (tally.warnings)
      fresh.push_back(counted(tally.warnings, "warning"));
    if (tally.notes)
      fresh.push_back(counted(tally.notes, "note"));
    std::vector<std::string> accepted;
    if (tally.in_baseline)
      accepted.push_back(llvm::formatv("{0} in the baseline", tally.in_baseline));
    if (tally.suppressed)
      accepted.push_back(llvm::formatv("{0} suppressed", tally.suppressed));
    stream_ << (fresh.empty() ? "no findings" : llvm::join(fresh, ", "));
    if (!accepted.empty())
      stream_ << "; " << llvm::join(accepted, ", ");
    stream_ << '\n';
  }

private:
  void in(Stream::Colors colour, bool bold, llvm::StringRef text) {
    stream_.changeColor(colour, bold);
    stream_ << text;
    stream_.resetColor();
  }

  /// "file:line:column: severity: ", leaving out what is not known.
  void head(llvm::StringRef file, uint32_t line, uint32_t column, rules::Severity severity) {
    std::string place = file.empty() ? "lockvet" : printable(relativeTo(file, options_.directory));
    if (line) {
      place += ":" + std::to_string(line);
      if (column)
        place += ":" + std::to_string(column);
    }
    in(Stream::SAVEDCOLOR, true, place + ": ");
    const bool error = severity == rules::Severity::Error;
    const bool warning = severity == rules::Severity::Warning;
    in(error     ? Stream::RED
       : warning ? Stream::MAGENTA
                 : Stream::CYAN,
       true, (wordFor(severity) + ": ").str());
  }

  void note(llvm::StringRef file, uint32_t line, uint32_t column, llvm::StringRef text) {
    head(file, line, column, rules::Severity::Note);
    stream_ << printable(text) << '\n';
    excerpt(file, line, column);
  }

  Excerpt excerptAt(llvm::StringRef text, uint32_t column) const {
    return excerptOf(text, column, width_ > kGutter ? width_ - kGutter : 0);
  }

  void excerpt(llvm::StringRef file, uint32_t line, uint32_t column) {
    const auto text = sources_.line(file, line);
    if (!text)
      return;
    const Excerpt shown = excerptAt(*text, column);
    stream_ << llvm::formatv("{0,5} | {1}\n", line, shown.text);
    if (column)
      below(shown.caret, Stream::GREEN, true, "^");
  }

  void insertion(const rules::FixIt& fix) {
    const auto text = sources_.line(fix.file, fix.line);
    // Text of several lines cannot stand below one.
    if (!text || !fix.column || llvm::StringRef(fix.text).contains('\n'))
      return;
    below(excerptAt(*text, fix.column).caret, Stream::GREEN, false, printable(fix.text));
  }

  void below(unsigned indent, Stream::Colors colour, bool bold, llvm::StringRef text) {
    stream_ << llvm::formatv("{0,5} | ", "").str();
    stream_.indent(indent);
    in(colour, bold, text.rtrim());
    stream_ << '\n';
  }

  const Options& options_;
  SourceCache& sources_;
  Stream& stream_;
  bool coloured_;
  unsigned width_;
  bool had_colours_;
};

} // namespace

void renderText(llvm::ArrayRef<Entry> entries, const Options& options, SourceCache& sources,
                llvm::raw_ostream& stream) {
  TextWriter writer(options, sources, stream);
  for (const Entry* entry : inOrder(entries))
    if (entry->isNew())
      writer.finding(entry->finding);
  if (options.summary)
    writer.summary(tallyOf(entries));
}

} // namespace lockvet::report
