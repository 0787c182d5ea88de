// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes as what a client of QMP sends: it makes no difference in which pieces they come, what
// is kept has its limits, and what is valid JSON and conforms to a schema conforms to it again. The
// same bytes as a command line's argument, and as the head of a request of HTTP.

#include "holds.h"
#include "runtime/control/json/json_stream.h"
#include "runtime/control/net/http_request.h"
#include "runtime/control/schema/block_types.h"
#include "runtime/control/schema/conform.h"

#include <vector>

using namespace lockvet::runtime::control;
using lockvet::fuzz::holds;

namespace {

// Low, so that inputs that are short get there.
constexpr JsonStream::Limits limits{.most_bytes = 512, .most_depth = 16};

std::vector<std::string> found_in(std::string_view input, size_t piece) {
  JsonStream stream(limits);
  std::vector<std::string> found;
  while (!input.empty()) {
    std::string_view part = input.substr(0, piece);
    input.remove_prefix(part.size());
    while (true) {
      const JsonStream::Found one = stream.next(part);
      if (std::holds_alternative<JsonStream::Incomplete>(one))
        break;
      if (const auto* const value = std::get_if<JsonStream::Value>(&one)) {
        holds(!value->text.empty() && value->text.size() <= limits.most_bytes,
              "a value has its limits");
        found.push_back(value->text);
      } else {
        holds(std::get<JsonStream::Error>(one).message.ends_with('.'), "an error is a sentence");
        found.emplace_back();
      }
    }
    holds(part.empty(), "all that is fed is taken");
  }
  return found;
}

void check_schema(const Json& value, JsonSource source) {
  for (const Type* const type :
       {&blockdev_options_type, &object_options_type, &block_export_options_type,
        &blockdev_create_options_type, &socket_address_type, &socket_address_legacy_type}) {
    const auto once = conform(*type, value, source);
    if (!once) {
      holds(once.error().ends_with('.'), "an error is a sentence");
      continue;
    }
    const auto twice = conform(*type, *once, JsonSource::typed);
    holds(twice && *twice == *once, "what conforms is typed");
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> whole = found_in(input, std::max<size_t>(size, 1));
  holds(whole == found_in(input, 1) && whole == found_in(input, 7), "pieces make no difference");
  for (const std::string& text : whole) {
    const auto value = parse_json(text);
    if (!value)
      continue;
    holds(parse_json(to_text(*value)) == value, "what was parsed can be written and parsed");
    check_schema(*value, JsonSource::typed);
    if (const Json* const arguments =
            value->is_object() ? find_member(*value, "arguments") : nullptr)
      check_schema(*arguments, JsonSource::typed);
  }
  if (const auto argument = parse_argument(input, "driver"))
    check_schema(argument->value, argument->source);
  else
    holds(argument.error().ends_with('.'), "an error is a sentence");
  if (const auto path = parse_http_request(input))
    holds(path->find('?') == std::string::npos, "a path has no query");
  return 0;
}
