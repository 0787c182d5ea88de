// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/suppressions.h"

#include "analyzer/config/did_you_mean.h"
#include "analyzer/config/path_glob.h"
#include "analyzer/report/paths.h"
#include "analyzer/report/suppression_comment.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/xxhash.h"

#include <set>
#include <utility>

namespace lockvet::report {

namespace {

/// Applies the comments; collects what is wrong with them.
class CommentSuppressor {
public:
  CommentSuppressor(const config::Config& config, llvm::ArrayRef<llvm::StringRef> known_rules,
                    SourceCache& sources)
      : config_(config), known_rules_(known_rules), sources_(sources) {}

  void apply(Entry& entry, const std::optional<DefinitionPlace>& definition) {
    const rules::Finding& finding = entry.finding;
    if (around(entry, finding.file, finding.line) || !definition)
      return;
    (void)around(entry, definition->file, definition->line);
  }

  std::vector<rules::Finding> takeProblems() { return std::move(problems_); }

private:
  bool around(Entry& entry, llvm::StringRef file, uint32_t line) {
    return at(entry, file, line, false) || (line > 1 && at(entry, file, line - 1, true));
  }

  /// `above`: the comment stands over what it is about, so behind other code it is not meant.
  bool at(Entry& entry, llvm::StringRef file, uint32_t line, bool above) {
    const auto text = sources_.line(file, line);
    const auto comment = text ? allowCommentIn(*text) : std::nullopt;
    if (!comment || (above && !comment->alone))
      return false;
    if (!comment->mistake.empty()) {
      problem(entry, file, line, *comment, "this comment suppresses nothing: " + comment->mistake);
      return false;
    }
    for (const std::string& rule : comment->rules)
      if (!llvm::is_contained(known_rules_, llvm::StringRef(rule)))
        problem(entry, file, line, *comment,
                llvm::formatv("no rule is called '{0}'{1}", llvm::StringRef(rule).take_front(60),
                              config::didYouMean(rule, known_rules_)));
    if (!llvm::is_contained(comment->rules, entry.finding.rule))
      return false;
    if (comment->reason.empty())
      problem(entry, file, line, *comment,
              llvm::formatv("'{0}' is suppressed without a reason; say after the parentheses why "
                            "it may stay",
                            entry.finding.rule));
    entry.suppressed = Suppressed{comment->reason, /*in_source=*/true};
    return true;
  }

  void problem(const Entry& entry, llvm::StringRef file, uint32_t line, const AllowComment& comment,
               std::string message) {
    if (!reported_.emplace(file.str(), line, message).second)
      return;
    rules::Finding finding;
    finding.rule = kSuppressionRule;
    finding.severity = rules::Severity::Warning;
    finding.message = std::move(message);
    finding.function = entry.finding.function;
    finding.file = file;
    finding.line = line;
    finding.column = comment.column;
    // No line number: the comment keeps its identity when code above it moves.
    finding.identity = {relativeTo(file, config_.directory), finding.function,
                        llvm::join(comment.rules, ","), finding.message};
    const llvm::XXH128_hash_t hash = llvm::xxh3_128bits(llvm::arrayRefFromStringRef(
        finding.rule + '\0' + llvm::join(finding.identity, llvm::StringRef("\0", 1))));
    finding.fingerprint = llvm::formatv("{0:x-16}{1:x-16}", hash.high64, hash.low64);
    problems_.push_back(std::move(finding));
  }

  const config::Config& config_;
  llvm::ArrayRef<llvm::StringRef> known_rules_;
  SourceCache& sources_;
  std::set<std::tuple<std::string, uint32_t, std::string>> reported_;
  std::vector<rules::Finding> problems_;
};

struct PathRule {
  config::PathGlob glob;
  const config::Suppression* suppression;
};

void suppressByPath(Entry& entry, llvm::ArrayRef<PathRule> rules, llvm::StringRef directory) {
  const auto path = below(entry.finding.file, directory);
  if (!path)
    return;
  for (const PathRule& rule : rules) {
    const auto& names = rule.suppression->rules;
    if ((names.empty() || llvm::is_contained(names, entry.finding.rule)) &&
        rule.glob.matches(*path)) {
      entry.suppressed = Suppressed{rule.suppression->reason, /*in_source=*/false};
      return;
    }
  }
}

} // namespace

llvm::Error suppress(std::vector<Entry>& entries, const config::Config& config,
                     llvm::ArrayRef<llvm::StringRef> known_rules, FindDefinition definition,
                     SourceCache& sources) {
  std::vector<PathRule> paths;
  for (const config::Suppression& suppression : config.suppressions) {
    auto glob = config::PathGlob::create(suppression.path);
    if (!glob)
      return glob.takeError();
    paths.push_back({std::move(*glob), &suppression});
  }
  CommentSuppressor comments(config, known_rules, sources);
  for (Entry& entry : entries)
    comments.apply(entry, definition(entry.finding));
  for (rules::Finding& problem : comments.takeProblems())
    entries.push_back({std::move(problem), false, std::nullopt});
  for (Entry& entry : entries)
    if (!entry.suppressed)
      suppressByPath(entry, paths, config.directory);
  return llvm::Error::success();
}

} // namespace lockvet::report
