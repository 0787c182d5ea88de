// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which functions are handed to registrars, which have them run elsewhere or later, and which go
// nowhere else. Owned by the program, computed when it is loaded, then only read.

#pragma once

#include "analyzer/config/config.h"
#include "analyzer/store/rows.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>
#include <vector>

namespace lockvet::program {

class Program;

/// A function is handed to a registrar, directly or by way of other pointers.
struct Registration {
  store::Id function = store::kNoId;
  store::Id slot = store::kNoId; ///< the registrar's parameter
  config::Registrar::Context context = config::Registrar::Context::Unknown;
  llvm::StringRef label; ///< lives as long as the program; "" for none
};

class Registrations {
public:
  Registrations() = default;
  /// `program` needs its functions, slots, calls, flows and targets; `labels` outlives the result.
  Registrations(const Program& program, const config::Config& config,
                llvm::function_ref<llvm::StringRef(llvm::StringRef)> save);

  llvm::ArrayRef<Registration> all() const { return all_; }

  /// Where a registrar's parameter says that its argument runs; no value for other slots.
  std::optional<config::Registrar::Context> contextOf(store::Id slot) const {
    auto found = contexts_.find(slot);
    return found == contexts_.end() ? std::nullopt : std::optional(found->second);
  }

  /// Does who hands something to the registrar wait until it has run?
  bool isAwaited(store::Id slot) const { return awaited_.contains(slot); }

  /// Where a registrar runs its argument `index`, if who calls it waits until it has run. Told of
  /// the call, so that the argument need not go into a slot that is known.
  std::optional<config::Registrar::Context> awaitedAt(store::Id function, uint32_t index) const {
    auto found = awaited_arguments_.find({function, index});
    return found == awaited_arguments_.end() ? std::nullopt : std::optional(found->second);
  }

  /// Is a function only ever handed to registrars of which it is known where they run it? Then a
  /// call through a pointer that can hold it is the dispatcher's: whoever schedules it does not
  /// call it, even if the registrar's own code leads to the dispatcher.
  bool isOnlyRegistered(store::Id function) const {
    return function < is_only_registered_.size() && is_only_registered_[function];
  }

private:
  llvm::BitVector findRegisteringSlots(const Program& program, const llvm::BitVector& ends) const;

  std::vector<Registration> all_;
  llvm::DenseMap<store::Id, config::Registrar::Context> contexts_; ///< by slot
  llvm::DenseSet<store::Id> awaited_;                              ///< slots
  /// By registrar and argument.
  llvm::DenseMap<std::pair<store::Id, uint32_t>, config::Registrar::Context> awaited_arguments_;
  llvm::BitVector is_only_registered_;
};

} // namespace lockvet::program
