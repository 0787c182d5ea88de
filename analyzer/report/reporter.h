// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Findings as text for people, or as JSON, SARIF or GitHub workflow commands for machines: the one
// entry point to all formats. Reads sources through the cache that it is given, writes to the
// stream and keeps nothing.

#pragma once

#include "analyzer/report/entry.h"
#include "analyzer/report/source_cache.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <string>
#include <vector>

namespace lockvet::report {

enum class Format : uint8_t { Text, Json, Sarif, GitHub };

enum class Colour : uint8_t {
  Auto, ///< on a terminal, unless NO_COLOR is set
  Always,
  Never
};

/// What a format says about a rule beside its findings; the registry of rules knows it.
struct RuleInfo {
  std::string id;
  std::string summary;  ///< one sentence
  std::string help;     ///< some sentences; may be empty
  std::string help_uri; ///< absolute; may be empty
  rules::Severity severity = rules::Severity::Warning;
};

struct Options {
  Format format = Format::Text;
  Colour colour = Colour::Auto;
  std::string directory; ///< paths below it are shown relative to it: the current directory
  std::string root;      ///< absolute; what SARIF and GitHub paths are relative to: the tree's top
  unsigned width = 0;    ///< of an excerpt, in terminal columns; 0 for that of the terminal, or 120
  bool summary = true;   ///< whether text ends with a line that counts
  bool has_baseline = false; ///< whether entries were compared with one
  std::string version;       ///< of Lockvet, for SARIF
  std::vector<RuleInfo> rules;
};

/// "text", "json", "sarif" or "github".
std::optional<Format> formatNamed(llvm::StringRef name);

/// Text, JSON and GitHub show the new entries; SARIF holds all, marked with what became of them.
void render(llvm::ArrayRef<Entry> entries, const Options& options, SourceCache& sources,
            llvm::raw_ostream& stream);

} // namespace lockvet::report
