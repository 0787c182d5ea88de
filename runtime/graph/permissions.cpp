// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/permissions.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace lockvet::runtime {

std::string to_string(Permission permission) {
  constexpr std::array<std::pair<Permission, std::string_view>, 4> names = {{
      {Permission::consistent_read, "consistent read"},
      {Permission::write, "write"},
      {Permission::write_unchanged, "write unchanged"},
      {Permission::resize, "resize"},
  }};
  std::vector<std::string_view> there;
  for (const auto& [bit, name] : names)
    if (contains(permission, bit))
      there.push_back(name);
  if (there.empty())
    return "nothing";
  std::string text;
  for (size_t number = 0; number < there.size(); ++number) {
    if (number > 0)
      text += number + 1 == there.size() ? " and " : ", ";
    text += there[number];
  }
  return text;
}

Permissions usual_child_permissions(EdgeRole role, Permissions own) noexcept {
  if (has_role(role, EdgeRole::filtered))
    return own;
  const Permission changes = Permission::write | Permission::resize;
  if (has_role(role, EdgeRole::copy_on_write)) {
    // What is written or cut off below would show in what was never written above.
    return {
        Permission::consistent_read,
        without(own.shared | Permission::consistent_read | Permission::write_unchanged, changes)};
  }
  // A format looks after its own file: it grows it when it has to, and nobody else may.
  Permission used = own.used | Permission::consistent_read;
  if ((own.used & (Permission::write | Permission::write_unchanged)) != Permission::none)
    used = used | changes;
  return {used, without(own.shared, changes)};
}

} // namespace lockvet::runtime
