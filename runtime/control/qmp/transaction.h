// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a transaction consists of: commands that happen with others in one moment, or not at all.
// Each table of commands has one of these beside it, for those of its commands that can. They run
// in the main loop, one at a time, while nothing is in flight in the nodes that they are about.

#ifndef LOCKVET_RUNTIME_CONTROL_QMP_TRANSACTION_H
#define LOCKVET_RUNTIME_CONTROL_QMP_TRANSACTION_H

#include "runtime/control/control.h"
#include "runtime/control/schema/type.h"

namespace lockvet::runtime::control {

// Of an action that has happened, in the main loop; either may be empty.
struct ActionDone {
  std::function<void()> undo = nullptr;
  // When all others have happened, too, and no more can go wrong.
  std::function<void()> commit = nullptr;
};

struct ActionPlace {
  Control& control;
  // Of the jobs that actions begin; see JobOptions.
  uint64_t group = 0;
};

struct TransactionAction {
  std::string_view type;
  // An object with the arguments as its member "data".
  const Type* wrapper;
  // The argument that names the node which it is about, or nothing.
  std::string_view node;
  GraphResult<ActionDone> (*run)(const ActionPlace& place, const Json& arguments)
      LV_OWNED_BY_CONTEXT(lockvet_main_loop);
};

std::span<const TransactionAction> node_actions();
std::span<const TransactionAction> bitmap_actions();
std::span<const TransactionAction> job_actions();
std::span<const TransactionAction> snapshot_actions();

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_QMP_TRANSACTION_H
