// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Command-line arguments of the form key=value,key.member=value as the JSON that they mean, in the
// syntax of QEMU's keyval_parse() (util/keyval.c): a comma in a value is written twice, dots in a
// key lead into objects, whose members may be numbers to mean lists, and all values are strings. An
// argument that begins with a brace is JSON itself. Functions; they need no lock.

#ifndef LOCKVET_RUNTIME_CONTROL_JSON_KEY_VALUE_H
#define LOCKVET_RUNTIME_CONTROL_JSON_KEY_VALUE_H

#include "runtime/control/json/json.h"

#include <expected>

namespace lockvet::runtime::control {

// Of what kind the leaves of a JSON value are: as they are to be, or strings that say so, from
// which a number or a truth value has yet to be read.
enum class JsonSource { typed, text };

struct ParsedArgument {
  Json value;
  JsonSource source = JsonSource::text;
};

// The first item may leave out its key if there is an implied one. The error is a sentence.
std::expected<ParsedArgument, std::string> parse_argument(std::string_view text,
                                                          std::string_view implied_key = {});

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_JSON_KEY_VALUE_H
