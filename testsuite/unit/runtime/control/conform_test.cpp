// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/schema/block_types.h"
#include "runtime/control/schema/conform.h"
#include "runtime/control/schema/introspection.h"

#include <gtest/gtest.h>

namespace lockvet::runtime::control {
namespace {

std::string conformed(const Type& type, std::string_view json,
                      JsonSource source = JsonSource::typed) {
  const auto value = conform(type, *parse_json(json), source);
  return value ? to_text(*value) : value.error();
}

std::string from_text(const Type& type, std::string_view argument) {
  const auto parsed = parse_argument(argument);
  const auto value = conform(type, parsed->value, parsed->source);
  return value ? to_text(*value) : value.error();
}

TEST(ConformTest, TextIsReadByItsType) {
  EXPECT_EQ(from_text(blockdev_options_type,
                      "driver=raw,read-only=on,size=10M,file.driver=null-co,file.size=1G"),
            R"({"driver":"raw","file":{"driver":"null-co","size":1073741824},)"
            R"("read-only":true,"size":10485760})");
  EXPECT_EQ(from_text(blockdev_options_type, "driver=null-co,read-only=maybe"),
            "'read-only' must be 'on' or 'off', and is \"maybe\".");
  EXPECT_EQ(from_text(blockdev_options_type, "driver=null-co,size=10Q"),
            "'size' must be a size such as 512, 64K, 10M, 2G or 1T, and is \"10Q\".");
}

TEST(ConformTest, JsonHasItsTypesAlready) {
  EXPECT_EQ(conformed(blockdev_options_type, R"({"driver": "null-co", "read-only": "on"})"),
            "'read-only' must be true or false, and is \"on\".");
  EXPECT_EQ(conformed(blockdev_options_type, R"({"driver": "null-co", "size": "1G"})"),
            "'size' must be a number that is not negative, and is \"1G\".");
  EXPECT_EQ(conformed(blockdev_options_type, R"({"driver": "null-co", "size": -1})"),
            "'size' must be a number that is not negative, and is -1.");
  EXPECT_EQ(conformed(blockdev_options_type, R"({"driver": "null-co", "size": 1.5})"),
            "'size' must be a number that is not negative, and is 1.5.");
  EXPECT_EQ(conformed(integer_type, "18446744073709551615"),
            "'int' must be an integer of 64 bits, and is 18446744073709551615.");
}

TEST(ConformTest, WhatIsNotKnownIsNamedWithWhatIs) {
  EXPECT_EQ(from_text(blockdev_options_type,
                      "driver=qcow2,file.driver=file,file.filename=x,file.pr-manager=y"),
            "'file.pr-manager' is not supported; BlockdevOptionsFile has driver, node-name, "
            "read-only, auto-read-only, discard, cache, detect-zeroes, filename, aio, locking.");
  EXPECT_EQ(conformed(empty_type, R"({"a": 1})"), "'a' is not supported; empty has no members.");
}

TEST(ConformTest, WhatIsMissingIsNamed) {
  EXPECT_EQ(from_text(blockdev_options_type, "node-name=a"), "'driver' is missing.");
  EXPECT_EQ(from_text(blockdev_options_type, "driver=raw,file.driver=file"),
            "'file.filename' is missing.");
}

TEST(ConformTest, EnumerationsSayWhatThereIs) {
  EXPECT_EQ(from_text(blockdev_options_type, "driver=file,filename=a,aio=native"),
            "'aio' must be one of threads, io_uring, and is \"native\".");
}

TEST(ConformTest, AReferenceIsANameOrWhatItNames) {
  EXPECT_EQ(from_text(blockdev_options_type, "driver=qcow2,file=f,backing="),
            R"({"backing":null,"driver":"qcow2","file":"f"})");
  EXPECT_EQ(conformed(blockdev_options_type, R"({"driver": "qcow2", "file": "f", "backing": ""})"),
            R"({"backing":"","driver":"qcow2","file":"f"})");
  EXPECT_EQ(conformed(blockdev_options_type, R"({"driver": "raw", "file": null})"),
            "'file' must be BlockdevOptions or str, and is null.");
  EXPECT_EQ(conformed(blockdev_options_type, R"({"driver": "raw", "file": 5})"),
            "'file' must be BlockdevOptions or str, and is 5.");
}

TEST(ConformTest, ListsComeAsTheyCan) {
  const std::string all = R"({"id":"e","iothread":["a","b"],"node-name":"n","type":"nbd"})";
  EXPECT_EQ(
      from_text(block_export_options_type, "type=nbd,id=e,node-name=n,iothread.0=a,iothread.1=b"),
      all);
  EXPECT_EQ(conformed(block_export_options_type, all), all);
  EXPECT_EQ(from_text(block_export_options_type, "type=nbd,id=e,node-name=n,iothread.1=b"),
            "'iothread' is a list, whose items are called iothread.0 and so on.");
}

TEST(ConformTest, MapsQueuesToThreads) {
  const std::string all =
      R"({"addr":{"path":"p","type":"unix"},"id":"e","iothread-vq-mapping":)"
      R"([{"iothread":"a","vqs":[0,2]},{"iothread":"b","vqs":[1]}],"node-name":"n",)"
      R"("num-queues":3,"type":"vhost-user-blk"})";
  const std::string text = "type=vhost-user-blk,id=e,node-name=n,num-queues=3,addr.type=unix,"
                           "addr.path=p,iothread-vq-mapping.0.iothread=a,"
                           "iothread-vq-mapping.0.vqs.0=0,iothread-vq-mapping.0.vqs.1=2,"
                           "iothread-vq-mapping.1.iothread=b,iothread-vq-mapping.1.vqs.0=1";
  EXPECT_EQ(from_text(block_export_options_type, text), all);
  EXPECT_EQ(conformed(block_export_options_type, all), all);
  EXPECT_EQ(from_text(block_export_options_type, text + ",iothread-vq-mapping.2.vqs.0=3"),
            "'iothread-vq-mapping.2.iothread' is missing.");
}

TEST(ConformTest, ReadsSizes) {
  EXPECT_EQ(parse_size("512"), 512);
  EXPECT_EQ(parse_size("64K"), 65536);
  EXPECT_EQ(parse_size("4194304T"), uint64_t{1} << 62);
  EXPECT_EQ(parse_size("4194305T"), std::nullopt);
  EXPECT_EQ(parse_size("K"), std::nullopt);
  EXPECT_EQ(parse_size("-1"), std::nullopt);
  EXPECT_EQ(parse_size(""), std::nullopt);
}

// All that is referred to is described, once.
TEST(IntrospectionTest, IsClosed) {
  Introspection schema;
  schema.add_command("blockdev-add", blockdev_options_type, empty_type);
  schema.add_command("object-add", object_options_type, strings_type);
  const Json infos = schema.take();
  std::multiset<std::string> names;
  for (const Json& info : infos)
    names.insert(info["name"].get<std::string>());
  const auto expect_known = [&](const Json& name) {
    EXPECT_EQ(names.count(name.get<std::string>()), 1) << name;
  };
  for (const Json& info : infos) {
    for (const char* const key : {"arg-type", "ret-type", "element-type"})
      if (info.contains(key))
        expect_known(info[key]);
    for (const char* const key : {"members", "variants"})
      if (info.contains(key))
        for (const Json& member : info[key])
          if (member.contains("type"))
            expect_known(member["type"]);
  }
  EXPECT_EQ(names.count("BlockdevOptionsQcow2"), 1);
}

} // namespace
} // namespace lockvet::runtime::control
