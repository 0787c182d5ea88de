// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Deletes what nobody says any more: fragments that no unit lists, and then the functions, slots
// and files that no fragment mentions and no unit reads. Runs inside the transaction that let go of
// them, so that no committed state shows a dead row.

#pragma once

#include "analyzer/store/connection.h"
#include "analyzer/store/fragment_writer.h"
#include "analyzer/store/id_set.h"
#include "llvm/Support/Error.h"

namespace lockvet::store {

/// What units have let go of in this transaction.
struct Left {
  IdBits fragments;
  IdBits inputs;
  bool any = false;
};

/// `alive` is what fragments written in this transaction mention. Interned texts stay: they are
/// few, and not shown anywhere by themselves. Says whether anything was deleted.
llvm::Expected<bool> collectGarbage(Connection& connection, const Left& left,
                                    const Mentions& alive);

} // namespace lockvet::store
