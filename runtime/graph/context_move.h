// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gives nodes another home context while they are in use. Requests run in any context before and
// after; what moves is what drivers have in their home: timers, descriptors, bottom halves.

#ifndef LOCKVET_RUNTIME_GRAPH_CONTEXT_MOVE_H
#define LOCKVET_RUNTIME_GRAPH_CONTEXT_MOVE_H

#include "runtime/graph/node.h"

namespace lockvet::runtime {

// Moves a node and all below it, in a drained section; runs the main loop meanwhile. An error, such
// as that a parent wants one of them to stay, means that nothing has moved.
[[nodiscard]] GraphResult<>
    LV_NO_COROUTINE_FN move_subtree(Node& top, AioContext& to) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_CONTEXT_MOVE_H
