// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Holds a JSON value against a type of the schema, and gives it the form that the type has: where
// it came as text, numbers and truth values are read from it. What conforms can be taken apart
// without further looks. Functions; they need no lock.

#ifndef LOCKVET_RUNTIME_CONTROL_SCHEMA_CONFORM_H
#define LOCKVET_RUNTIME_CONTROL_SCHEMA_CONFORM_H

#include "runtime/control/json/key_value.h"
#include "runtime/control/schema/type.h"

#include <cstdint>

namespace lockvet::runtime::control {

// The error is a sentence that names the member, as in 'file.filename', and says what can be there.
std::expected<Json, std::string> conform(const Type& type, const Json& value, JsonSource source);

// Such as 512, 64K, 10M, 2G, 1T.
std::optional<uint64_t> parse_size(std::string_view text);

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_SCHEMA_CONFORM_H
