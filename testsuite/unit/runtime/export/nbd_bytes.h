// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A client's messages as bytes, and a server's taken apart, for tests. Written from the protocol's
// text and with nothing of the server's but its constants, so that a mistake is not made twice.
// Values; they belong to the test.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_NBD_BYTES_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_NBD_BYTES_H

#include "runtime/export/nbd/protocol.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockvet::runtime::nbd {

using Text = std::string;

// Most significant byte first.
inline Text big(uint64_t number, unsigned bytes) {
  Text text;
  for (unsigned index = bytes; index-- > 0;)
    text += static_cast<char>(number >> (8 * index));
  return text;
}

inline uint64_t number_at(std::string_view text, size_t offset, unsigned bytes) {
  uint64_t number = 0;
  for (unsigned index = 0; index < bytes; ++index)
    number = number << 8 | static_cast<unsigned char>(text.at(offset + index));
  return number;
}

inline Text client_flags(uint32_t flags = fixed_newstyle | no_zeroes) {
  return big(flags, 4);
}

inline Text option(uint32_t number, const Text& data = {}) {
  return "IHAVEOPT" + big(number, 4) + big(data.size(), 4) + data;
}
inline Text option(Option number, const Text& data = {}) {
  return option(static_cast<uint32_t>(number), data);
}

inline Text counted(const Text& text) {
  return big(text.size(), 4) + text;
}

// The data of NBD_OPT_INFO and NBD_OPT_GO.
inline Text info_data(const Text& name, const std::vector<uint16_t>& wanted = {}) {
  Text data = counted(name) + big(wanted.size(), 2);
  for (const uint16_t info : wanted)
    data += big(info, 2);
  return data;
}

// The data of NBD_OPT_LIST_META_CONTEXT and NBD_OPT_SET_META_CONTEXT.
inline Text context_data(const Text& name, const std::vector<Text>& queries) {
  Text data = counted(name) + big(queries.size(), 4);
  for (const Text& query : queries)
    data += counted(query);
  return data;
}

struct OptionAnswer {
  uint32_t option = 0;
  OptionReply type = {};
  Text data;
};

// Takes the first answer off the front; nothing if it is not whole.
inline std::optional<OptionAnswer> take_answer(Text& from) {
  if (from.size() < 20 || number_at(from, 0, 8) != option_reply_magic)
    return std::nullopt;
  const size_t bytes = number_at(from, 16, 4);
  if (from.size() < 20 + bytes)
    return std::nullopt;
  OptionAnswer answer{static_cast<uint32_t>(number_at(from, 8, 4)),
                      static_cast<OptionReply>(number_at(from, 12, 4)), from.substr(20, bytes)};
  from.erase(0, 20 + bytes);
  return answer;
}

inline Text request(Command command, uint64_t cookie, uint64_t offset, uint32_t length,
                    uint16_t flags = 0) {
  return big(request_magic, 4) + big(flags, 2) + big(static_cast<uint16_t>(command), 2) +
         big(cookie, 8) + big(offset, 8) + big(length, 4);
}

// A reply of either kind, without the data of a simple one.
struct Answer {
  bool structured = false;
  uint16_t chunk_flags = 0;
  Chunk type = Chunk::none;
  uint32_t error = 0;
  uint64_t cookie = 0;
  // Of a chunk.
  Text payload = {};
};

inline std::optional<Answer> take_reply(Text& from) {
  if (from.size() < 16)
    return std::nullopt;
  Answer answer;
  if (number_at(from, 0, 4) == simple_reply_magic) {
    answer.error = static_cast<uint32_t>(number_at(from, 4, 4));
    answer.cookie = number_at(from, 8, 8);
    from.erase(0, 16);
    return answer;
  }
  if (number_at(from, 0, 4) != structured_reply_magic || from.size() < 20)
    return std::nullopt;
  const size_t bytes = number_at(from, 16, 4);
  if (from.size() < 20 + bytes)
    return std::nullopt;
  answer.structured = true;
  answer.chunk_flags = static_cast<uint16_t>(number_at(from, 4, 2));
  answer.type = static_cast<Chunk>(number_at(from, 6, 2));
  answer.cookie = number_at(from, 8, 8);
  answer.payload = from.substr(20, bytes);
  if (answer.type == Chunk::error)
    answer.error = static_cast<uint32_t>(number_at(answer.payload, 0, 4));
  from.erase(0, 20 + bytes);
  return answer;
}

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_NBD_BYTES_H
