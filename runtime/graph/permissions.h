// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the parent of a node does to it, and what it can stand others to do. An edge has both; two
// edges can lead to one node if each shares what the other uses. Values; they need no lock.

#ifndef LOCKVET_RUNTIME_GRAPH_PERMISSIONS_H
#define LOCKVET_RUNTIME_GRAPH_PERMISSIONS_H

#include <string>

namespace lockvet::runtime {

// A set of them, as bits.
enum class Permission : unsigned {
  none = 0,
  // Reads, and expects what it wrote, or what the image says.
  consistent_read = 1,
  write = 2,
  // Writes only what can be read there already, such as a copy of the backing file's data.
  write_unchanged = 4,
  resize = 8,
  all = 15,
};

constexpr Permission operator|(Permission left, Permission right) noexcept {
  return static_cast<Permission>(static_cast<unsigned>(left) | static_cast<unsigned>(right));
}
constexpr Permission operator&(Permission left, Permission right) noexcept {
  return static_cast<Permission>(static_cast<unsigned>(left) & static_cast<unsigned>(right));
}
constexpr Permission without(Permission from, Permission taken) noexcept {
  return static_cast<Permission>(static_cast<unsigned>(from) & ~static_cast<unsigned>(taken));
}
constexpr bool contains(Permission set, Permission wanted) noexcept {
  return (set & wanted) == wanted;
}

struct Permissions {
  Permission used = Permission::none;
  Permission shared = Permission::all;

  // What both need together.
  constexpr Permissions with(Permissions other) const noexcept {
    return {used | other.used, shared & other.shared};
  }
  constexpr bool operator==(const Permissions&) const = default;
};

// As "write and resize".
std::string to_string(Permission permission);

// What a child is to its parent, as bits.
enum class EdgeRole : unsigned {
  // The guest's data, or the format's own.
  data = 1,
  metadata = 2,
  // The parent shows what is in the child, and passes requests on.
  filtered = 4,
  // The parent shows what is in the child where it has nothing itself: a backing file.
  copy_on_write = 8,
};

constexpr EdgeRole operator|(EdgeRole left, EdgeRole right) noexcept {
  return static_cast<EdgeRole>(static_cast<unsigned>(left) | static_cast<unsigned>(right));
}
constexpr bool has_role(EdgeRole set, EdgeRole wanted) noexcept {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(wanted)) != 0;
}

// What a parent in which `own` are needed needs of a child in that role, unless its driver knows
// better.
Permissions usual_child_permissions(EdgeRole role, Permissions own) noexcept;

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_PERMISSIONS_H
