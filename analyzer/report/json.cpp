// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The project's own JSON, for scripts. docs/output.md promises the keys; none goes, none changes
// its meaning.

#include "llvm/Support/JSON.h"

#include "analyzer/report/formats.h"
#include "analyzer/report/words.h"

namespace lockvet::report {

namespace {

void write(llvm::json::OStream& json, const rules::Step& step) {
  json.object([&] {
    json.attribute("function", utf8(step.function));
    json.attribute("file", utf8(step.file));
    json.attribute("line", step.line);
    json.attribute("column", step.column);
    json.attribute("reason", utf8(step.reason));
  });
}

void write(llvm::json::OStream& json, const rules::FixIt& fix) {
  json.object([&] {
    json.attribute("file", utf8(fix.file));
    json.attribute("line", fix.line);
    json.attribute("column", fix.column);
    json.attribute("text", utf8(fix.text));
  });
}

void write(llvm::json::OStream& json, const rules::Finding& finding) {
  json.object([&] {
    json.attribute("rule", utf8(finding.rule));
    json.attribute("severity", wordFor(finding.severity));
    json.attribute("message", utf8(finding.message));
    json.attribute("function", utf8(finding.function));
    json.attribute("file", utf8(finding.file));
    json.attribute("line", finding.line);
    json.attribute("column", finding.column);
    json.attribute("fingerprint", utf8(finding.fingerprint));
    json.attribute("confidence", wordFor(finding.confidence));
    json.attributeArray("witness", [&] {
      for (const rules::Step& step : finding.witness)
        write(json, step);
    });
    json.attributeArray("fixes", [&] {
      for (const rules::FixIt& fix : finding.fixes)
        write(json, fix);
    });
  });
}

} // namespace

void renderJson(llvm::ArrayRef<Entry> entries, llvm::raw_ostream& stream) {
  llvm::json::OStream json(stream, /*IndentSize=*/2);
  json.array([&] {
    for (const Entry* entry : inOrder(entries))
      if (entry->isNew())
        write(json, entry->finding);
  });
  stream << '\n';
}

} // namespace lockvet::report
