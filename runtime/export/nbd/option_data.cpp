// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/option_data.h"

#include "runtime/export/nbd/protocol.h"

#include <algorithm>

namespace lockvet::runtime::nbd {

std::optional<InfoQuery> parse_info_query(std::span<const std::byte> data) {
  WireReader reader(data);
  const auto name = reader.counted_text();
  const auto count = reader.number<uint16_t>();
  if (!name || name->size() > most_string_bytes || !count ||
      reader.left() != size_t{*count} * sizeof(uint16_t))
    return std::nullopt;
  InfoQuery query{.name = *name};
  while (const auto info = reader.number<uint16_t>()) {
    if (*info <= static_cast<uint16_t>(Info::block_size))
      query.wanted |= 1U << *info;
  }
  return query;
}

std::optional<ContextQuery> parse_context_query(std::span<const std::byte> data) {
  WireReader reader(data);
  const auto name = reader.counted_text();
  const auto count = reader.number<uint32_t>();
  if (!name || name->size() > most_string_bytes || !count)
    return std::nullopt;
  ContextQuery query{.name = *name};
  // Each takes four bytes at least, so that the count alone keeps nobody busy.
  for (uint32_t index = 0; index < *count; ++index) {
    const auto text = reader.counted_text();
    if (!text || text->size() > most_string_bytes)
      return std::nullopt;
    query.queries.push_back(*text);
  }
  if (!reader.at_end())
    return std::nullopt;
  return query;
}

bool ContextQuery::names(std::string_view context) const {
  return std::ranges::find(queries, context) != queries.end();
}

bool ContextQuery::lists(std::string_view context) const {
  return queries.empty() || std::ranges::any_of(queries, [context](std::string_view query) {
           return query == context || (query.ends_with(':') && context.starts_with(query));
         });
}

} // namespace lockvet::runtime::nbd
