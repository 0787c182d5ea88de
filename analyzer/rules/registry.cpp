// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/registry.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

#include <tuple>

namespace lockvet::rules {

namespace {

constexpr llvm::StringRef kCompilerHelp =
    "Clang's own thread-safety analysis says this of the one function that it looks at; see "
    "https://clang.llvm.org/docs/ThreadSafetyAnalysis.html.";

Rule compilerGroup(llvm::StringRef id, llvm::StringRef summary) {
  return {id, summary, kCompilerHelp, Severity::Warning, nullptr};
}

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> list = {
        kAnnotationMismatch,
        kBlockingInCoroutine,
        kContext,
        kCoroutineCall,
        kEscapeHatch,
        kLockExcluded,
        kLockKind,
        kLockOrder,
        kLockRequired,
        kMixedInCoroutine,
        kNoCoroutineCall,
        kPhantomUnlock,
        kPointerAnnotation,
        kPollUnderLock,
        kSuspendUnderLock,
        kUnneededAnnotation,
        {"suppression-reason", "A suppression comment has no reason, or is malformed.",
         "Write `// lockvet: allow(rule) reason`: whoever reads the code next must learn why.",
         Severity::Warning, nullptr},
        compilerGroup("thread-safety-analysis", "A capability is not held where it must be."),
        compilerGroup("thread-safety-attributes", "A thread-safety attribute is misused."),
        compilerGroup("thread-safety-beta", "A finding of the compiler's experimental checks."),
        compilerGroup("thread-safety-negative",
                      "A negative capability is not known to hold at a call."),
        compilerGroup("thread-safety-pointer",
                      "A pointer to guarded data is passed without the capability."),
        compilerGroup("thread-safety-precise",
                      "A capability is held, but of another object than the one that is needed."),
        compilerGroup("thread-safety-reference",
                      "A reference to guarded data is passed without the capability."),
        compilerGroup("thread-safety-reference-return",
                      "A reference to guarded data is returned without the capability."),
        compilerGroup("thread-safety-verbose", "An explanation of a thread-safety warning.")};
    llvm::sort(list, [](const Rule& a, const Rule& b) { return a.id < b.id; });
    return list;
  }();
  return all;
}

llvm::Error unknownRule(llvm::StringRef id, const config::Config& config, llvm::StringRef where) {
  std::string known;
  for (const Rule& rule : allRules())
    known += (known.empty() ? "" : ", ") + rule.id.str();
  for (const config::PathRule& rule : config.path_rules)
    known += ", " + rule.rule;
  return llvm::createStringError(where + ": there is no rule '" + id + "'; the rules are " + known);
}

/// Is the rule's own level "off", and nobody asks for it?
bool isOff(llvm::StringRef id, const config::Config& config, llvm::ArrayRef<std::string> only) {
  const Rule* rule = findRule(id);
  return rule && rule->is_off && !llvm::is_contained(only, id) &&
         llvm::none_of(config.levels,
                       [&](const config::RuleLevel& level) { return level.rule == id; });
}

/// The configured level: no value where the rule is off.
std::optional<Severity> levelOf(const Finding& finding, const config::Config& config) {
  for (const config::RuleLevel& level : config.levels) {
    if (level.rule != finding.rule)
      continue;
    switch (level.level) {
    case config::Level::Off:
      return std::nullopt;
    case config::Level::Note:
      return Severity::Note;
    case config::Level::Warning:
      return Severity::Warning;
    case config::Level::Error:
      return Severity::Error;
    }
  }
  return finding.severity;
}

} // namespace

std::string fingerprintOf(const Finding& finding, const config::Config& config) {
  // Identities of what is static to a file have its path in them, and another checkout of the tree
  // has another one: paths below the root count from there.
  const std::string root = llvm::StringRef(config.directory).rtrim('/').str() + "/";
  std::string text = finding.rule;
  for (const std::string& part : finding.identity) {
    text += '\0';
    llvm::StringRef rest = part;
    for (size_t at = 0; (at = rest.find(root)) != llvm::StringRef::npos;) {
      text += rest.take_front(at);
      rest = rest.drop_front(at + root.size());
    }
    text += rest;
  }
  const llvm::XXH128_hash_t hash = llvm::xxh3_128bits(
      llvm::ArrayRef(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
  return llvm::utohexstr(hash.high64, /*LowerCase=*/true, 16) +
         llvm::utohexstr(hash.low64, /*LowerCase=*/true, 16);
}

llvm::ArrayRef<Rule> allRules() {
  return rules();
}

const Rule* findRule(llvm::StringRef id) {
  for (const Rule& rule : allRules())
    if (rule.id == id)
      return &rule;
  return nullptr;
}

bool isRule(llvm::StringRef id, const config::Config& config) {
  return findRule(id) || llvm::any_of(config.path_rules, [&](const config::PathRule& rule) {
           return rule.rule == id;
         });
}

llvm::Expected<Findings> runRules(const RuleInput& input, const config::Config& config,
                                  llvm::ArrayRef<std::string> only, bool with_guesses,
                                  Findings own) {
  for (const std::string& id : only)
    if (!isRule(id, config))
      return unknownRule(id, config, "--rule");
  for (const config::RuleLevel& level : config.levels)
    if (!isRule(level.rule, config))
      return unknownRule(level.rule, config, config.directory + "/.lockvet.yaml");
  for (const config::PathRule& rule : config.path_rules)
    if (findRule(rule.rule))
      return llvm::createStringError(rule.where + ": error: '" + rule.rule +
                                     "' is the id of a built-in rule");
  auto wanted = [&](llvm::StringRef id) {
    return (only.empty() || llvm::is_contained(only, id)) && !isOff(id, config, only);
  };

  Findings found = std::move(own);
  for (const Rule& rule : allRules())
    if (rule.run && wanted(rule.id))
      rule.run(input, found);
  addCompilerDiagnostics(input, found);

  Findings findings;
  for (Finding& finding : found) {
    std::optional<Severity> severity = levelOf(finding, config);
    const bool is_guess = finding.confidence == Confidence::Type;
    if (!severity || !wanted(finding.rule) || (is_guess && !with_guesses))
      continue;
    finding.severity = *severity;
    finding.fingerprint = fingerprintOf(finding, config);
    findings.push_back(std::move(finding));
  }
  llvm::sort(findings, [](const Finding& a, const Finding& b) {
    return std::tie(a.file, a.line, a.column, a.rule, a.fingerprint) <
           std::tie(b.file, b.line, b.column, b.rule, b.fingerprint);
  });
  return findings;
}

} // namespace lockvet::rules
