// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/block/node_options.h"
#include "runtime/control/schema/block_types.h"
#include "runtime/control/schema/conform.h"

#include <gtest/gtest.h>

namespace lockvet::runtime::control {
namespace {

std::expected<NodeOptions, std::string> options_from(std::string_view argument) {
  const auto parsed = parse_argument(argument);
  if (!parsed)
    return std::unexpected(parsed.error());
  const auto json = conform(blockdev_options_type, parsed->value, parsed->source);
  if (!json)
    return std::unexpected(json.error());
  return node_options(*json);
}

TEST(NodeOptionsTest, AnImageWithItsFile) {
  const auto options = options_from(
      "driver=qcow2,node-name=disk,read-only=on,cache.direct=on,l2-cache-size=1M,backing=,"
      "file.driver=file,file.filename=x.img,file.aio=threads,file.locking=off");
  ASSERT_TRUE(options) << options.error();
  EXPECT_EQ(options->driver, "qcow2");
  EXPECT_EQ(options->name, "disk");
  EXPECT_EQ(options->read_only, true);
  EXPECT_EQ(options->direct, true);
  EXPECT_EQ(options->settings, NodeOptions::Settings(Qcow2Settings{1 << 20, std::nullopt}));
  EXPECT_TRUE(options->children.at("backing").is_none());
  const NodeOptions& file = *options->children.at("file").described;
  EXPECT_EQ(file.settings,
            NodeOptions::Settings(FileSettings{
                .filename = "x.img", .engine = FileEngine::Choice::threads, .lock = false}));
  EXPECT_EQ(file.read_only, std::nullopt);
}

TEST(NodeOptionsTest, ChildrenByName) {
  const auto options = options_from("driver=blkdebug,image=below");
  ASSERT_TRUE(options) << options.error();
  EXPECT_EQ(options->children.at("file").reference, "below");
  EXPECT_FALSE(options->children.contains("backing"));
}

TEST(NodeOptionsTest, ErrorsToInject) {
  const auto options = options_from("driver=blkdebug,image=below,inject-error.0.event=l2_load,"
                                    "inject-error.0.errno=28,inject-error.0.once=on,"
                                    "inject-error.1.event=none,inject-error.1.iotype=flush,"
                                    "inject-error.1.sector=8");
  ASSERT_TRUE(options) << options.error();
  const auto& errors = std::get<BlkdebugSettings>(options->settings).errors;
  ASSERT_EQ(errors.size(), 2);
  EXPECT_EQ(errors[0].event, BlockEvent::l2_load);
  EXPECT_EQ(errors[0].error_number, ENOSPC);
  EXPECT_TRUE(errors[0].once);
  EXPECT_EQ(errors[1].event, std::nullopt);
  EXPECT_EQ(errors[1].operations, BlkdebugDriver::Operation::flush);
  EXPECT_EQ(errors[1].error_number, EIO);
  EXPECT_EQ(errors[1].sector, 8);
}

// The names stand in the schema in the order of the enumerators.
TEST(NodeOptionsTest, EventsAreThoseOfTheirNames) {
  const auto event = [](const std::string& name) {
    const auto options = options_from("driver=blkdebug,image=below,inject-error.0.event=" + name);
    return std::get<BlkdebugSettings>(options->settings).errors.front().event;
  };
  EXPECT_EQ(event("l1_update"), BlockEvent::l1_update);
  EXPECT_EQ(event("read_backing_aio"), BlockEvent::read_backing_aio);
  EXPECT_EQ(event("refblock_alloc_switch_table"), BlockEvent::refblock_alloc_switch_table);
  EXPECT_EQ(event("flush_to_disk"), BlockEvent::flush_to_disk);
}

TEST(NodeOptionsTest, RefusesWhatItCanNotDo) {
  EXPECT_EQ(options_from("driver=file,filename=a,cache.no-flush=on").error(),
            "'cache.no-flush' can only be off: no flush is left out.");
  EXPECT_EQ(options_from("driver=blklogwrites,file=a,log=b,log-sector-size=1000").error(),
            "'log-sector-size' is a power of two from 512 to 8388608.");
}

} // namespace
} // namespace lockvet::runtime::control
