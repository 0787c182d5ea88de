// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nodes that are open for reading only and become writable, or the other way round, while requests
// go on above them. All in the main loop, which runs meanwhile.

#ifndef LOCKVET_RUNTIME_GRAPH_READ_ONLY_H
#define LOCKVET_RUNTIME_GRAPH_READ_ONLY_H

#include "runtime/graph/node.h"

namespace lockvet::runtime {

// What changes the content or the length of a node.
inline constexpr Permission changing_permissions =
    Permission::write | Permission::write_unchanged | Permission::resize;

// operation_not_permitted if a parent of it writes, with a sentence that names that.
[[nodiscard]] GraphResult<> LV_GRAPH_RDLOCK check_nobody_writes(const Node& node);

// Has the driver open what it has for reading only from then on, or for writing as well. An error,
// such as that somebody writes, has changed nothing. What is below it has to be writable first if
// it is to be, and can be open for reading only afterwards if it is not.
[[nodiscard]] GraphResult<>
    LV_NO_COROUTINE_FN set_read_only(Node& node, bool read_only) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_READ_ONLY_H
