// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/findings.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace lockvet::store {
namespace {

/// JSON is UTF-8, and file names need not be.
std::string utf8(const std::string& text) {
  return llvm::json::isUTF8(text) ? text : llvm::json::fixUTF8(text);
}

std::string toJson(const std::vector<WitnessStep>& witness) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream);
  json.array([&] {
    for (const WitnessStep& step : witness)
      json.object([&] {
        json.attribute("function", utf8(step.function));
        json.attribute("file", utf8(step.file));
        json.attribute("line", step.line);
        json.attribute("column", step.column);
        json.attribute("reason", utf8(step.reason));
      });
  });
  return text;
}

} // namespace

llvm::Error replaceFindings(Connection& connection, llvm::ArrayRef<Finding> findings) {
  if (llvm::Error error = connection.execute("DELETE FROM finding"))
    return error;
  llvm::Expected<Statement> insert =
      connection.prepare("INSERT INTO finding VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert)
    return insert.takeError();
  for (const Finding& finding : findings) {
    const auto text = [](const std::string& value) { return llvm::StringRef(value); };
    const std::string witness = toJson(finding.witness);
    if (llvm::Error error =
            insert->run(text(finding.rule), text(finding.severity), text(finding.message),
                        text(finding.function), text(finding.file), finding.line, finding.column,
                        text(finding.fingerprint), text(finding.confidence), text(witness)))
      return error;
  }
  return llvm::Error::success();
}

} // namespace lockvet::store
