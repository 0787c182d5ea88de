// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Headers of requests, which of them are refused and how, and the bytes of replies.

#include "nbd_bytes.h"
#include "runtime/export/nbd/reply.h"
#include "runtime/export/nbd/request.h"

#include <gtest/gtest.h>

namespace lockvet::runtime::nbd {
namespace {

constexpr uint64_t size = 1 << 20;
const Session plain{.size = size, .most_payload_bytes = 1 << 16, .structured = true};

std::optional<RequestHeader> parsed(const Text& text) {
  return parse_request(std::as_bytes(std::span(text)).first<request_bytes>());
}

Error verdict(Command command, uint64_t offset, uint32_t length, uint16_t flags = 0,
              const Session& session = plain) {
  return check_request({command, flags, 1, offset, length}, session).error;
}

Text text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Text encoded(const StatusExtents& extents) {
  std::vector<std::byte> bytes;
  extents.append_to(bytes);
  return text_of(bytes);
}

TEST(RequestTest, ParsesAHeader) {
  const auto header =
      parsed(request(Command::write, 0x0102030405060708, 0x1122334455667788, 77, command_fua));
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->command, Command::write);
  EXPECT_EQ(header->cookie, 0x0102030405060708U);
  EXPECT_EQ(header->offset, 0x1122334455667788U);
  EXPECT_EQ(header->length, 77U);
  EXPECT_TRUE(header->has(command_fua));
  EXPECT_EQ(header->payload_bytes(), 77U);
  EXPECT_EQ(parsed(request(Command::read, 1, 0, 77))->payload_bytes(), 0U);
}

TEST(RequestTest, AnotherMagicIsNone) {
  Text wrong = request(Command::read, 1, 0, 1);
  wrong[3] = 0x14;
  EXPECT_FALSE(parsed(wrong).has_value());
}

TEST(RequestTest, RangesAreWithinTheExport) {
  EXPECT_EQ(verdict(Command::read, 0, 4096), Error::none);
  EXPECT_EQ(verdict(Command::read, size - 1, 1), Error::none);
  EXPECT_EQ(verdict(Command::read, size, 0), Error::none);
  for (const auto& [offset, length] :
       std::vector<std::pair<uint64_t, uint32_t>>{{size - 1, 2},
                                                  {size, 1},
                                                  {size + 1, 0},
                                                  {~uint64_t{0}, 1},
                                                  {~uint64_t{0} - 4095, 4096}}) {
    EXPECT_EQ(verdict(Command::read, offset, length), Error::invalid);
    EXPECT_EQ(verdict(Command::trim, offset, length), Error::invalid);
    EXPECT_EQ(verdict(Command::write, offset, length), Error::no_space);
    EXPECT_EQ(verdict(Command::write_zeroes, offset, length), Error::no_space);
  }
}

TEST(RequestTest, PayloadsHaveALimitAndEffectsHaveNone) {
  EXPECT_EQ(verdict(Command::read, 0, 1 << 16), Error::none);
  EXPECT_EQ(verdict(Command::read, 0, (1 << 16) + 1), Error::overflow);
  EXPECT_EQ(verdict(Command::write, 0, (1 << 16) + 1), Error::invalid);
  EXPECT_EQ(verdict(Command::write_zeroes, 0, 1 << 20), Error::none);
  EXPECT_EQ(verdict(Command::trim, 0, 1 << 20), Error::none);
  Session simple = plain;
  simple.structured = false;
  EXPECT_EQ(verdict(Command::read, 0, (1 << 16) + 1, 0, simple), Error::invalid);
}

TEST(RequestTest, AReadOnlyExportIsNotWritten) {
  Session session = plain;
  session.read_only = true;
  EXPECT_EQ(verdict(Command::write, 0, 1, 0, session), Error::not_permitted);
  EXPECT_EQ(verdict(Command::trim, 0, 1, 0, session), Error::not_permitted);
  EXPECT_EQ(verdict(Command::write_zeroes, 0, 1, 0, session), Error::not_permitted);
  EXPECT_EQ(verdict(Command::read, 0, 1, 0, session), Error::none);
  EXPECT_EQ(verdict(Command::flush, 0, 0, 0, session), Error::none);
}

TEST(RequestTest, BlocksAreWhole) {
  Session session = plain;
  session.minimum_block = 512;
  EXPECT_EQ(verdict(Command::read, 512, 1024, 0, session), Error::none);
  EXPECT_EQ(verdict(Command::read, 1, 512, 0, session), Error::invalid);
  EXPECT_EQ(verdict(Command::write, 512, 1, 0, session), Error::invalid);
}

TEST(RequestTest, FlagsGoWithCommands) {
  const auto allowed = [](Command command) {
    unsigned flags = 0;
    for (unsigned bit = 0; bit < 16; ++bit) {
      const bool empty = command == Command::flush;
      Session session = plain;
      session.metadata = {allocation_context_id};
      if (verdict(command, 0, empty ? 0 : 512, static_cast<uint16_t>(1U << bit), session) ==
          Error::none)
        flags |= 1U << bit;
    }
    return flags;
  };
  EXPECT_EQ(allowed(Command::read), command_fua | command_df);
  EXPECT_EQ(allowed(Command::write), command_fua);
  EXPECT_EQ(allowed(Command::flush), command_fua);
  EXPECT_EQ(allowed(Command::trim), command_fua);
  EXPECT_EQ(allowed(Command::write_zeroes),
            unsigned{command_fua} | command_no_hole | command_fast_zero);
  EXPECT_EQ(allowed(Command::block_status), command_fua | command_req_one);
  Session simple = plain;
  simple.structured = false;
  EXPECT_EQ(verdict(Command::read, 0, 512, command_df, simple), Error::invalid);
}

TEST(RequestTest, BlockStatusNeedsItsContext) {
  EXPECT_EQ(verdict(Command::block_status, 0, 512), Error::invalid);
  Session session = plain;
  session.metadata = {allocation_context_id};
  EXPECT_EQ(verdict(Command::block_status, 0, 512, 0, session), Error::none);
  EXPECT_EQ(verdict(Command::block_status, 0, 0, 0, session), Error::invalid);
  EXPECT_EQ(verdict(Command::block_status, size, 512, 0, session), Error::invalid);
}

TEST(RequestTest, OthersAreInvalid) {
  EXPECT_EQ(verdict(Command::cache, 0, 512), Error::invalid);
  EXPECT_EQ(verdict(static_cast<Command>(8), 0, 512), Error::invalid);
  EXPECT_EQ(verdict(static_cast<Command>(0xffff), 0, 0), Error::invalid);
  EXPECT_EQ(verdict(Command::flush, 1, 0), Error::invalid);
  EXPECT_EQ(verdict(Command::flush, 0, 1), Error::invalid);
}

TEST(RequestTest, ErrorsHaveNamesOnTheWire) {
  const auto of = [](int number) {
    return wire_error(std::error_code(number, std::system_category()));
  };
  EXPECT_EQ(wire_error({}), Error::none);
  EXPECT_EQ(of(EPERM), Error::not_permitted);
  EXPECT_EQ(of(EROFS), Error::not_permitted);
  EXPECT_EQ(of(EIO), Error::input_output);
  EXPECT_EQ(of(ENOMEM), Error::no_memory);
  EXPECT_EQ(of(EINVAL), Error::invalid);
  EXPECT_EQ(of(EDQUOT), Error::no_space);
  EXPECT_EQ(of(EFBIG), Error::no_space);
  EXPECT_EQ(of(ENOSPC), Error::no_space);
  EXPECT_EQ(of(EOPNOTSUPP), Error::not_supported);
  EXPECT_EQ(of(ESHUTDOWN), Error::shutdown);
  EXPECT_EQ(of(EBADF), Error::input_output);
}

TEST(ReplyTest, SimpleOnes) {
  ReplyHead head;
  head.set_done({.command = Command::write, .cookie = 7});
  EXPECT_EQ(text_of(head.bytes()), big(0x67446698, 4) + big(0, 4) + big(7, 8));
  head.set_data({.command = Command::read, .cookie = 8, .length = 512}, false);
  EXPECT_EQ(text_of(head.bytes()), big(0x67446698, 4) + big(0, 4) + big(8, 8));
  head.set_error({.command = Command::read, .cookie = 9}, false, {Error::no_space, "full"});
  EXPECT_EQ(text_of(head.bytes()), big(0x67446698, 4) + big(28, 4) + big(9, 8));
}

TEST(ReplyTest, StructuredOnes) {
  const Text magic = big(0x668e33ef, 4);
  ReplyHead head;
  head.set_data({.command = Command::read, .cookie = 8, .offset = 4096, .length = 512}, true);
  EXPECT_EQ(text_of(head.bytes()),
            magic + big(1, 2) + big(1, 2) + big(8, 8) + big(8 + 512, 4) + big(4096, 8));
  head.set_data({.command = Command::read, .cookie = 8, .offset = 4096}, true);
  EXPECT_EQ(text_of(head.bytes()), magic + big(1, 2) + big(0, 2) + big(8, 8) + big(0, 4));
  head.set_error({.command = Command::read, .cookie = 9}, true, {Error::no_space, "full"});
  EXPECT_EQ(text_of(head.bytes()), magic + big(1, 2) + big(0x8001, 2) + big(9, 8) + big(10, 4) +
                                       big(28, 4) + big(4, 2) + "full");
  head.set_block_status({.cookie = 9}, allocation_context_id, 3, true);
  EXPECT_EQ(text_of(head.bytes()),
            magic + big(1, 2) + big(5, 2) + big(9, 8) + big(4 + 24, 4) + big(1, 4));
}

TEST(ReplyTest, WordsAreCutWhereTheHeadEnds) {
  const std::string words(500, 'w');
  ReplyHead head;
  head.set_error({.cookie = 1}, true, {Error::invalid, words.c_str()});
  Text sent = text_of(head.bytes());
  EXPECT_EQ(sent.size(), ReplyHead::most_bytes);
  ASSERT_TRUE(take_reply(sent).has_value());
  EXPECT_EQ(sent, "");
}

TEST(StatusExtentsTest, MergesAndCuts) {
  StatusExtents extents({.command = Command::block_status, .offset = 4096, .length = 16384});
  extents.add({.length = 4096, .flags = state_hole | state_zero});
  EXPECT_EQ(extents.next_offset(), 8192U);
  EXPECT_EQ(extents.left(), 12288U);
  extents.add({.length = 4096, .flags = state_hole | state_zero});
  EXPECT_FALSE(extents.complete());
  extents.add({.length = uint64_t{1} << 40});
  EXPECT_TRUE(extents.complete());
  EXPECT_EQ(encoded(extents), big(8192, 4) + big(3, 4) + big(8192, 4) + big(0, 4));
}

TEST(StatusExtentsTest, OneIsEnoughIfTheClientSaysSo) {
  StatusExtents extents({.flags = command_req_one, .offset = 0, .length = 16384});
  EXPECT_FALSE(extents.complete());
  extents.add({.length = 512, .flags = state_zero});
  EXPECT_TRUE(extents.complete());
  EXPECT_EQ(encoded(extents), big(512, 4) + big(2, 4));
}

TEST(StatusExtentsTest, ADeviceInSplintersIsNotAskedForEver) {
  StatusExtents extents({.offset = 0, .length = 1U << 31});
  size_t asked = 0;
  for (; !extents.complete(); ++asked)
    extents.add({.length = 1, .flags = asked % 2 == 0 ? state_zero : 0U});
  EXPECT_EQ(asked, StatusExtents::most_extents);
  EXPECT_EQ(extents.count(), StatusExtents::most_extents);
}

} // namespace
} // namespace lockvet::runtime::nbd
