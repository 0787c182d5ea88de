// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/json/json_stream.h"

#include <gtest/gtest.h>
#include <vector>

namespace lockvet::runtime::control {
namespace {

// What is found, with "error" for each error, when the input comes in pieces of that size.
std::vector<std::string> found_in(std::string_view input, size_t piece,
                                  JsonStream::Limits limits = {}) {
  JsonStream stream(limits);
  std::vector<std::string> found;
  while (!input.empty()) {
    std::string_view part = input.substr(0, piece);
    input.remove_prefix(part.size());
    while (true) {
      const JsonStream::Found one = stream.next(part);
      if (std::holds_alternative<JsonStream::Incomplete>(one))
        break;
      const auto* const value = std::get_if<JsonStream::Value>(&one);
      found.push_back(value != nullptr ? value->text : "error");
    }
  }
  return found;
}

using Texts = std::vector<std::string>;

TEST(JsonStreamTest, ValuesNeedNothingBetweenThem) {
  const std::string input = R"({"a": {"b": []}}[1, "]"] {"c": "\"}\\"}
  7 true{} )";
  const Texts expected = {
      R"({"a": {"b": []}})", R"([1, "]"])", R"({"c": "\"}\\"})", "7", "true", "{}"};
  for (const size_t piece : {size_t{1}, size_t{2}, size_t{3}, size_t{7}, input.size()})
    EXPECT_EQ(found_in(input, piece), expected) << piece;
}

TEST(JsonStreamTest, WhatIsNotWholeIsKept) {
  JsonStream stream;
  std::string_view input = R"({"execute": "qu)";
  EXPECT_TRUE(std::holds_alternative<JsonStream::Incomplete>(stream.next(input)));
  EXPECT_TRUE(input.empty());
  input = R"(it"} {)";
  const JsonStream::Found found = stream.next(input);
  ASSERT_TRUE(std::holds_alternative<JsonStream::Value>(found));
  EXPECT_EQ(std::get<JsonStream::Value>(found).text, R"({"execute": "quit"})");
  EXPECT_EQ(input, " {");
}

TEST(JsonStreamTest, TooDeepIsOneErrorUpToTheEndOfTheLine) {
  const std::string deep(100'000, '[');
  EXPECT_EQ(found_in(deep + "\n{}", 4096), (Texts{"error", "{}"}));
  EXPECT_EQ(found_in(R"([[[[1]]]] {"a": 1}
{"b": 2})",
                     5, {.most_depth = 3}),
            (Texts{"error", R"({"b": 2})"}));
  EXPECT_EQ(found_in("[[[1]]]", 5, {.most_depth = 3}), Texts{"[[[1]]]"});
}

TEST(JsonStreamTest, TooLongIsAnError) {
  const JsonStream::Limits limits{.most_bytes = 16};
  EXPECT_EQ(found_in(std::string(16, '1') + " 2 ", 4, limits), (Texts{std::string(16, '1'), "2"}));
  EXPECT_EQ(found_in(std::string(17, '1') + " 2 \n 3 ", 4, limits), (Texts{"error", "3"}));
  EXPECT_EQ(found_in("[" + std::string(15, ' ') + "]\n[]", 4, limits), (Texts{"error", "[]"}));
  EXPECT_EQ(found_in("[" + std::string(14, ' ') + "]\n[]", 4, limits),
            (Texts{"[" + std::string(14, ' ') + "]", "[]"}));
}

TEST(JsonStreamTest, AByteBeginsAnew) {
  EXPECT_EQ(found_in("{\"a\": [\xff{\"b\": 1}", 3), Texts{R"({"b": 1})"});
  EXPECT_EQ(found_in(std::string(100, '[') + "\xff[]", 3), (Texts{"error", "[]"}));
}

TEST(JsonStreamTest, BracesThatDoNotMatchAreForTheParser) {
  EXPECT_EQ(found_in("{] ] {}", 1), (Texts{"{]", "]", "{}"}));
}

} // namespace
} // namespace lockvet::runtime::control
