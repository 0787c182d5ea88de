// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "llvm/Support/JSON.h"
#include "samples.h"

#include <gtest/gtest.h>

namespace lockvet::report {
namespace {

namespace json = llvm::json;

json::Value parsed(const std::string& text) {
  auto value = json::parse(text);
  if (!value) {
    ADD_FAILURE() << llvm::toString(value.takeError()) << "\n" << text;
    return nullptr;
  }
  return std::move(*value);
}

TEST(Json, ExactlyTheseKeys) {
  EXPECT_EQ(
      parsed(rendered({sampleFinding()}, sampleOptions(Format::Json))),
      json::Value(json::Array{json::Object{
          {"rule", "coroutine-call"},
          {"severity", "error"},
          {"message", "'start' calls coroutine_fn 'read_all' outside a coroutine"},
          {"function", "start"},
          {"file", "/tree/block/io.c"},
          {"line", 3},
          {"column", 2},
          {"fingerprint", "0123456789abcdef0123456789abcdef"},
          {"confidence", "flow"},
          {"witness", json::Array{json::Object{{"function", "main"},
                                               {"file", "/tree/main.c"},
                                               {"line", 7},
                                               {"column", 3},
                                               {"reason", "calls start()"}},
                                  json::Object{{"function", "start"},
                                               {"file", "/tree/block/io.c"},
                                               {"line", 3},
                                               {"column", 2},
                                               {"reason", "calls read_all(), a coroutine_fn"}}}},
          {"fixes", json::Array{json::Object{{"file", "/tree/include/io.h"},
                                             {"line", 1},
                                             {"column", 1},
                                             {"text", "coroutine_fn "}}}}}}));
}

TEST(Json, NothingIsAnEmptyArray) {
  EXPECT_EQ(rendered({}, sampleOptions(Format::Json)), "[]\n");
}

TEST(Json, OnlyWhatIsNew) {
  std::vector<Entry> entries = entriesOf({plainFinding("r", 1), plainFinding("r", 2)});
  entries[0].in_baseline = true;
  std::string text;
  llvm::raw_string_ostream stream(text);
  SourceCache sources;
  render(entries, sampleOptions(Format::Json), sources, stream);
  EXPECT_EQ(parsed(text).getAsArray()->size(), 1U);
}

TEST(Json, HostileBytesAreStillJson) {
  auto finding = plainFinding("r", 1);
  finding.message = std::string("\xff\"\\\n\0\x1b", 6);
  finding.file = "/tree/\xc3.c";
  finding.function = "\xed\xa0\x80";
  finding.witness = {{"\xfe", "\xfe", 1, 1, "\xfe"}};
  parsed(rendered({finding}, sampleOptions(Format::Json)));
}

TEST(Formats, ByName) {
  EXPECT_EQ(formatNamed("sarif"), Format::Sarif);
  EXPECT_EQ(formatNamed("html"), std::nullopt);
}

} // namespace
} // namespace lockvet::report
