// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SARIF 2.1.0, the OASIS format that code hosts and editors read. Section numbers in comments are
// those of https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

#include "analyzer/report/formats.h"
#include "analyzer/report/paths.h"
#include "analyzer/report/words.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/JSON.h"

namespace lockvet::report {

namespace {

constexpr llvm::StringRef kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
constexpr llvm::StringRef kRoot = "ROOT"; ///< the base that relative URIs name (3.14.14)

/// Writes one log of one run.
class SarifWriter {
public:
  SarifWriter(llvm::ArrayRef<Entry> entries, const Options& options, SourceCache& sources,
              llvm::raw_ostream& stream)
      : entries_(inOrder(entries)), options_(options), sources_(sources), json_(stream, 1) {
    for (const RuleInfo& rule : options.rules)
      rules_.insert({rule.id, &rule});
    for (const Entry* entry : entries_) {
      rules_.insert({entry->finding.rule, nullptr}); // a rule that nobody has described
      artifacts_.insert({entry->finding.file, {}});
      for (const rules::Step& step : entry->finding.witness)
        artifacts_.insert({step.file, {}});
      for (const rules::FixIt& fix : entry->finding.fixes)
        artifacts_.insert({fix.file, {}});
    }
    artifacts_.remove_if([](const auto& artifact) { return artifact.first.empty(); });
    for (const auto& [index, artifact] : llvm::enumerate(artifacts_))
      artifact.second = index;
    for (const auto& [index, rule] : llvm::enumerate(rules_))
      rule_index_[rule.first] = index;
  }

  void log() {
    json_.object([&] {
      json_.attribute("$schema", kSchema);
      json_.attribute("version", "2.1.0");
      json_.attributeArray("runs", [&] { json_.object([&] { run(); }); });
    });
  }

private:
  void run() {
    json_.attributeObject("tool", [&] { json_.attributeObject("driver", [&] { driver(); }); });
    // Columns are counted in characters (3.14.17); what Clang counts is bytes.
    json_.attribute("columnKind", "unicodeCodePoints");
    if (!options_.root.empty())
      json_.attributeObject("originalUriBaseIds", [&] {
        json_.attributeObject(kRoot, [&] {
          json_.attribute("uri", fileUri(llvm::StringRef(options_.root).rtrim('/')) + "/");
        });
      });
    json_.attributeArray("artifacts", [&] {
      for (const auto& artifact : artifacts_)
        json_.object(
            [&] { json_.attributeObject("location", [&] { artifactUri(artifact.first); }); });
    });
    json_.attributeArray("results", [&] {
      for (const Entry* entry : entries_)
        json_.object([&] { result(*entry); });
    });
  }

  void driver() {
    json_.attribute("name", "Lockvet");
    if (!options_.version.empty())
      json_.attribute("version", utf8(options_.version));
    json_.attributeArray("rules", [&] {
      for (const auto& [id, info] : rules_)
        json_.object([&] { rule(id, info); });
    });
  }

  void rule(llvm::StringRef id, const RuleInfo* info) {
    json_.attribute("id", utf8(id));
    if (!info)
      return;
    text("shortDescription", info->summary);
    if (!info->help.empty())
      text("help", info->help);
    if (!info->help_uri.empty())
      json_.attribute("helpUri", utf8(info->help_uri));
    json_.attributeObject("defaultConfiguration",
                          [&] { json_.attribute("level", wordFor(info->severity)); });
  }

  void result(const Entry& entry) {
    const rules::Finding& finding = entry.finding;
    json_.attribute("ruleId", utf8(finding.rule));
    json_.attribute("ruleIndex", rule_index_.lookup(finding.rule));
    json_.attribute("level", wordFor(finding.severity));
    text("message", finding.message);
    if (!finding.file.empty())
      json_.attributeArray("locations", [&] {
        json_.object(
            [&] { location(finding.file, finding.line, finding.column, finding.function); });
      });
    if (!finding.fingerprint.empty())
      json_.attributeObject("partialFingerprints",
                            [&] { json_.attribute("lockvet/v1", utf8(finding.fingerprint)); });
    if (!finding.witness.empty())
      codeFlow(finding.witness);
    if (!finding.fixes.empty())
      json_.attributeArray("fixes", [&] { json_.object([&] { fix(finding.fixes); }); });
    if (options_.has_baseline)
      json_.attribute("baselineState", entry.in_baseline ? "unchanged" : "new");
    // An empty array says that suppression was looked at and there is none (3.27.23).
    json_.attributeArray("suppressions", [&] {
      if (entry.suppressed)
        json_.object([&] {
          json_.attribute("kind", entry.suppressed->in_source ? "inSource" : "external");
          json_.attribute("justification", utf8(entry.suppressed->reason));
        });
    });
    json_.attributeObject("properties",
                          [&] { json_.attribute("confidence", wordFor(finding.confidence)); });
  }

  void codeFlow(llvm::ArrayRef<rules::Step> witness) {
    auto step = [&](const rules::Step& step) {
      json_.attributeObject("location", [&] {
        location(step.file, step.line, step.column, step.function);
        text("message", step.reason);
      });
    };
    json_.attributeArray("codeFlows", [&] {
      json_.object([&] {
        json_.attributeArray("threadFlows", [&] {
          json_.object([&] {
            json_.attributeArray("locations", [&] {
              for (const rules::Step& s : witness)
                json_.object([&] { step(s); });
            });
          });
        });
      });
    });
  }

  void fix(llvm::ArrayRef<rules::FixIt> fixes) {
    json_.attributeObject("description", [&] {
      json_.attribute("text", "Insert '" + utf8(llvm::StringRef(fixes.front().text).trim()) + "'");
    });
    // All changes of one file stand together (3.55.3).
    llvm::MapVector<llvm::StringRef, std::vector<const rules::FixIt*>> by_file;
    for (const rules::FixIt& fix : fixes)
      by_file[fix.file].push_back(&fix);
    json_.attributeArray("artifactChanges", [&] {
      for (const auto& change : by_file)
        json_.object([&] { artifactChange(change.first, change.second); });
    });
  }

  void artifactChange(llvm::StringRef file, llvm::ArrayRef<const rules::FixIt*> fixes) {
    json_.attributeObject("artifactLocation", [&] { artifactReference(file); });
    json_.attributeArray("replacements", [&] {
      for (const rules::FixIt* fix : fixes)
        json_.object([&] {
          // An insertion deletes an empty region (3.57.3).
          const uint32_t column =
              std::max(sources_.characterColumn(fix->file, fix->line, fix->column), uint32_t{1});
          json_.attributeObject("deletedRegion", [&] {
            json_.attribute("startLine", std::max(fix->line, uint32_t{1}));
            json_.attribute("startColumn", column);
            json_.attribute("endColumn", column);
          });
          text("insertedContent", fix->text);
        });
    });
  }

  void location(llvm::StringRef file, uint32_t line, uint32_t column, llvm::StringRef function) {
    if (!file.empty())
      json_.attributeObject("physicalLocation", [&] {
        json_.attributeObject("artifactLocation", [&] { artifactReference(file); });
        if (line)
          json_.attributeObject("region", [&] {
            json_.attribute("startLine", line);
            if (column)
              json_.attribute("startColumn", sources_.characterColumn(file, line, column));
          });
      });
    if (!function.empty())
      json_.attributeArray("logicalLocations", [&] {
        json_.object([&] {
          json_.attribute("fullyQualifiedName", utf8(function));
          json_.attribute("kind", "function");
        });
      });
  }

  void artifactUri(llvm::StringRef file) {
    if (const auto relative = below(file, options_.root)) {
      json_.attribute("uri", uriPath(*relative));
      json_.attribute("uriBaseId", kRoot);
    } else {
      json_.attribute("uri", fileUri(file));
    }
  }

  void artifactReference(llvm::StringRef file) {
    artifactUri(file);
    if (const auto* found = artifacts_.find(file); found != artifacts_.end())
      json_.attribute("index", found->second);
  }

  void text(llvm::StringRef name, llvm::StringRef content) {
    json_.attributeObject(name, [&] { json_.attribute("text", utf8(content)); });
  }

  std::vector<const Entry*> entries_;
  const Options& options_;
  SourceCache& sources_;
  llvm::json::OStream json_;
  llvm::MapVector<llvm::StringRef, const RuleInfo*> rules_;
  llvm::StringMap<int64_t> rule_index_;
  llvm::MapVector<llvm::StringRef, int64_t> artifacts_;
};

} // namespace

void renderSarif(llvm::ArrayRef<Entry> entries, const Options& options, SourceCache& sources,
                 llvm::raw_ostream& stream) {
  SarifWriter(entries, options, sources, stream).log();
  stream << '\n';
}

} // namespace lockvet::report
