// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Program.h"
#include "samples.h"

#include <gtest/gtest.h>

namespace lockvet::report {
namespace {

namespace json = llvm::json;

/// Whether Python's jsonschema finds nothing wrong with the log; what it finds goes to stderr.
bool isValid(const std::string& log) {
  llvm::SmallString<128> path;
  int descriptor = -1;
  if (llvm::sys::fs::createTemporaryFile("lockvet", "sarif", descriptor, path))
    return false;
  {
    llvm::raw_fd_ostream stream(descriptor, /*shouldClose=*/true);
    stream << log;
  }
  const char* script =
      "import json, jsonschema, sys\n"
      "schema, log = [json.load(open(p, encoding='utf-8')) for p in sys.argv[1:]]\n"
      "kind = jsonschema.validators.validator_for(schema)\n"
      "wrong = list(kind(schema, format_checker=jsonschema.FormatChecker()).iter_errors(log))\n"
      "for error in wrong: print(error.json_path, error.message, file=sys.stderr)\n"
      "sys.exit(bool(wrong))\n";
  const int status = llvm::sys::ExecuteAndWait(
      LOCKVET_PYTHON,
      {LOCKVET_PYTHON, "-c", script, LOCKVET_TEST_DATA "/sarif-2.1.0-rtm.5.json", path});
  llvm::sys::fs::remove(path);
  return status == 0;
}

TEST(Sarif, TheSchemaRefusesWhatIsWrong) {
  EXPECT_TRUE(isValid(R"({"version": "2.1.0", "runs": []})"));
  EXPECT_FALSE(isValid(R"({"version": "2.1.0", "runs": [{}]})"));
}

json::Object runOf(const std::string& log) {
  EXPECT_TRUE(isValid(log)) << log;
  auto value = json::parse(log);
  if (!value) {
    ADD_FAILURE() << llvm::toString(value.takeError());
    return {};
  }
  return std::move(*value->getAsObject()->getArray("runs")->front().getAsObject());
}

std::string logOf(const std::vector<Entry>& entries, const Options& options) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  SourceCache sources = sampleSources();
  render(entries, options, sources, stream);
  return text;
}

const json::Object& resultOf(const json::Object& run, size_t index) {
  return *(*run.getArray("results"))[index].getAsObject();
}

/// Follows keys and (as "0") indices.
const json::Value* at(const json::Object& from, std::initializer_list<llvm::StringRef> path) {
  const json::Value* here = nullptr;
  const json::Object* object = &from;
  for (const llvm::StringRef step : path) {
    size_t index = 0;
    if (here && here->getAsArray() && !step.getAsInteger(10, index))
      here = index < here->getAsArray()->size() ? &(*here->getAsArray())[index] : nullptr;
    else
      here = object ? object->get(step) : nullptr;
    if (!here)
      return nullptr;
    object = here->getAsObject();
  }
  return here;
}

#define EXPECT_AT(object, value, ...)                                                              \
  do {                                                                                             \
    const json::Value* found = at(object, {__VA_ARGS__});                                          \
    ASSERT_TRUE(found) << "nothing at " #__VA_ARGS__;                                              \
    EXPECT_EQ(*found, json::Value(value));                                                         \
  } while (false)

TEST(Sarif, Result) {
  const json::Object run = runOf(rendered({sampleFinding()}, sampleOptions(Format::Sarif)));
  const json::Object& result = resultOf(run, 0);
  EXPECT_AT(result, "coroutine-call", "ruleId");
  EXPECT_AT(result, 0, "ruleIndex");
  EXPECT_AT(result, "error", "level");
  EXPECT_AT(result, "block/io.c", "locations", "0", "physicalLocation", "artifactLocation", "uri");
  EXPECT_AT(result, "ROOT", "locations", "0", "physicalLocation", "artifactLocation", "uriBaseId");
  EXPECT_AT(result, 3, "locations", "0", "physicalLocation", "region", "startLine");
  EXPECT_AT(result, 2, "locations", "0", "physicalLocation", "region", "startColumn");
  EXPECT_AT(result, "start", "locations", "0", "logicalLocations", "0", "fullyQualifiedName");
  EXPECT_AT(result, "0123456789abcdef0123456789abcdef", "partialFingerprints", "lockvet/v1");
  EXPECT_AT(result, "calls start()", "codeFlows", "0", "threadFlows", "0", "locations", "0",
            "location", "message", "text");
  EXPECT_AT(result, "coroutine_fn ", "fixes", "0", "artifactChanges", "0", "replacements", "0",
            "insertedContent", "text");
  EXPECT_EQ(result.get("baselineState"), nullptr);
  EXPECT_TRUE(result.getArray("suppressions")->empty());
}

TEST(Sarif, Run) {
  const json::Object run = runOf(rendered({sampleFinding()}, sampleOptions(Format::Sarif)));
  EXPECT_AT(run, "Lockvet", "tool", "driver", "name");
  EXPECT_AT(run, "coroutine-call", "tool", "driver", "rules", "0", "id");
  EXPECT_AT(run, "error", "tool", "driver", "rules", "0", "defaultConfiguration", "level");
  EXPECT_AT(run, "file:///tree/", "originalUriBaseIds", "ROOT", "uri");
  EXPECT_AT(run, "unicodeCodePoints", "columnKind");
  EXPECT_EQ(run.getArray("artifacts")->size(), 3U);
}

TEST(Sarif, Empty) {
  const json::Object run = runOf(rendered({}, sampleOptions(Format::Sarif)));
  EXPECT_TRUE(run.getArray("results")->empty());
  Options bare;
  bare.format = Format::Sarif;
  runOf(rendered({}, bare));
}

TEST(Sarif, RulesThatNobodyDescribedAreAdded) {
  const json::Object run =
      runOf(rendered({plainFinding("unheard-of", 1)}, sampleOptions(Format::Sarif)));
  EXPECT_AT(resultOf(run, 0), 1, "ruleIndex");
  EXPECT_AT(run, "unheard-of", "tool", "driver", "rules", "1", "id");
}

TEST(Sarif, BaselineAndSuppressions) {
  std::vector<Entry> entries = entriesOf(
      {plainFinding("r", 1), plainFinding("r", 2), plainFinding("r", 3), plainFinding("r", 4)});
  entries[1].in_baseline = true;
  entries[2].suppressed = Suppressed{"why", true};
  entries[3].suppressed = Suppressed{"not ours", false};
  Options options = sampleOptions(Format::Sarif);
  options.has_baseline = true;
  const json::Object run = runOf(logOf(entries, options));
  ASSERT_EQ(run.getArray("results")->size(), 4U);
  EXPECT_AT(resultOf(run, 0), "new", "baselineState");
  EXPECT_AT(resultOf(run, 1), "unchanged", "baselineState");
  EXPECT_AT(resultOf(run, 2), "inSource", "suppressions", "0", "kind");
  EXPECT_AT(resultOf(run, 2), "why", "suppressions", "0", "justification");
  EXPECT_AT(resultOf(run, 3), "external", "suppressions", "0", "kind");
}

TEST(Sarif, ColumnsCountCharacters) {
  auto finding = plainFinding("r", 1);
  finding.file = "/tree/wide.c";
  finding.column = 8;
  SourceCache sources;
  sources.add("/tree/wide.c", "/*漢*/f();\n");
  const json::Object run =
      runOf(rendered({finding}, sampleOptions(Format::Sarif), std::move(sources)));
  EXPECT_AT(resultOf(run, 0), 6, "locations", "0", "physicalLocation", "region", "startColumn");
}

TEST(Sarif, FilesOutsideTheRootAndOddNames) {
  auto outside = plainFinding("r", 1), odd = plainFinding("r", 1);
  outside.file = "/usr/include/x.h";
  odd.file = "/tree/a b#%\xff.c";
  const json::Object run = runOf(rendered({outside, odd}, sampleOptions(Format::Sarif)));
  EXPECT_AT(resultOf(run, 0), "a%20b%23%25%FF.c", "locations", "0", "physicalLocation",
            "artifactLocation", "uri");
  EXPECT_AT(resultOf(run, 1), "file:///usr/include/x.h", "locations", "0", "physicalLocation",
            "artifactLocation", "uri");
}

TEST(Sarif, MissingPlacesAndHostileBytesAreStillValid) {
  rules::Finding bare;
  bare.rule = "r";
  auto hostile = plainFinding("r\xff", 0);
  hostile.column = 0;
  hostile.message = std::string("\xff\0\x1b\"", 4);
  hostile.function = "\xff";
  hostile.witness = {{"", "", 0, 0, ""}, {"\xff", "\xff", 1, 0, "\xff"}};
  hostile.fixes = {{"/tree/a.c", 0, 0, "\xff"}, {"/tree/b.c", 1, 1, ""}};
  runOf(rendered({bare, hostile}, sampleOptions(Format::Sarif)));
}

} // namespace
} // namespace lockvet::report
