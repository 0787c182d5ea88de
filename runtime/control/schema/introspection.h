// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The answer to query-qmp-schema: all commands and events, and the types that they refer to (see
// QEMU's qapi/introspect.json). Made from the tables; needs no lock.

#ifndef LOCKVET_RUNTIME_CONTROL_SCHEMA_INTROSPECTION_H
#define LOCKVET_RUNTIME_CONTROL_SCHEMA_INTROSPECTION_H

#include "runtime/control/json/json.h"
#include "runtime/control/schema/type.h"

#include <set>

namespace lockvet::runtime::control {

// A list of SchemaInfo, of which types are described once however often they are referred to.
class Introspection {
public:
  void add_command(std::string_view name, const Type& arguments, const Type& returns);
  void add_event(std::string_view name, const Type& data);

  Json take() { return std::move(infos_); }

private:
  // Describes the type if that is new. Returns its name.
  std::string refer(const Type& type);
  Json members_of(const Type& type);
  Json describe(const Type& type);

  Json infos_ = Json::array();
  std::set<std::string_view> known_;
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_SCHEMA_INTROSPECTION_H
