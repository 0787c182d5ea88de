// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/json/key_value.h"

#include <gtest/gtest.h>

namespace lockvet::runtime::control {
namespace {

// The value as text, or "error: " and why.
std::string parsed(std::string_view text, std::string_view implied_key = {}) {
  const auto argument = parse_argument(text, implied_key);
  return argument ? to_text(argument->value) : "error: " + argument.error();
}

TEST(KeyValueTest, DotsLeadIntoObjects) {
  EXPECT_EQ(parsed("driver=qcow2,file.driver=file,file.filename=a.img"),
            R"({"driver":"qcow2","file":{"driver":"file","filename":"a.img"}})");
  EXPECT_EQ(parsed("a.0=x,a.1=y"), R"({"a":{"0":"x","1":"y"}})");
  EXPECT_EQ(parsed(""), "{}");
}

TEST(KeyValueTest, ACommaInAValueIsWrittenTwice) {
  EXPECT_EQ(parsed("path=a,,b,c=d=e"), R"({"c":"d=e","path":"a,b"})");
  EXPECT_EQ(parsed("path=,,,,,x=1"), R"({"path":",,","x":"1"})");
  EXPECT_EQ(parsed("path=,x="), R"({"path":"","x":""})");
}

TEST(KeyValueTest, TheFirstKeyMayBeImplied) {
  EXPECT_EQ(parsed("nbd,id=a", "type"), R"({"id":"a","type":"nbd"})");
  EXPECT_EQ(parsed("type=nbd", "type"), R"({"type":"nbd"})");
  EXPECT_EQ(parsed("nbd,id=a"), "error: 'nbd' has no value: 'key=value' is wanted.");
  EXPECT_EQ(parsed("id=a,nbd", "type"), "error: 'nbd' has no value: 'key=value' is wanted.");
}

TEST(KeyValueTest, TheLastOfAKeyCounts) {
  EXPECT_EQ(parsed("a=1,a=2"), R"({"a":"2"})");
}

TEST(KeyValueTest, AKeyHasAValueOrMembers) {
  EXPECT_EQ(parsed("a=1,a.b=2"), "error: 'a.b' has members, and is given a value as well.");
  EXPECT_EQ(parsed("a.b=1,a=2"), "error: 'a' has members, and is given a value as well.");
  EXPECT_EQ(parsed("a..b=1"), "error: 'a..b' is no key: a part of it is empty.");
  EXPECT_EQ(parsed("=1"), "error: '' is no key: a part of it is empty.");
}

TEST(KeyValueTest, DepthIsLimited) {
  std::string key = "a";
  for (int number = 0; number < 64; ++number)
    key += ".a";
  EXPECT_EQ(parsed(key + "=1"), "error: '" + key + "' has more than 64 parts.");
  EXPECT_FALSE(parsed(key.substr(2) + "=1").starts_with("error"));
}

TEST(KeyValueTest, JsonIsTakenAsItIs) {
  const auto argument = parse_argument(R"({"size": 5, "b": [true]})");
  ASSERT_TRUE(argument);
  EXPECT_EQ(argument->source, JsonSource::typed);
  EXPECT_EQ(argument->value["size"], 5);
  EXPECT_EQ(parse_argument("size=5")->source, JsonSource::text);
  EXPECT_EQ(parsed("{'a': 1}"), "error: '{'a': 1}' begins as JSON does, and is none.");
}

} // namespace
} // namespace lockvet::runtime::control
