// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bulk reading for the linker and the rules: each table as a stream of plain rows (rows.h). A Store
// owns its reader; like SQLite's connection it is for one thread at a time, and a callback must not
// use the store. Every function is one sequential scan.

#pragma once

#include "analyzer/store/rows.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lockvet::store {

class Connection;

template <class Row> using RowCallback = llvm::function_ref<void(const Row&)>;

/// How many rows a table has at most: for reserving memory.
struct Extent {
  Id files = 0; ///< the first four are the largest keys
  Id functions = 0;
  Id slots = 0;
  Id fragments = 0;
};

class Reader {
public:
  explicit Reader(Connection& connection);

  llvm::Expected<Extent> extent();

  /// An interned text: a canonical type. Empty for kNoId. Loads all texts at the first call.
  llvm::Expected<llvm::StringRef> text(Id id);

  llvm::Error forEachFile(RowCallback<FileRow> callback);
  llvm::Error forEachUnit(RowCallback<UnitRow> callback);
  llvm::Error forEachFunction(RowCallback<FunctionRow> callback);
  llvm::Error forEachSlot(RowCallback<SlotRow> callback);
  llvm::Error forEachOverride(RowCallback<OverrideRow> callback);
  llvm::Error forEachDeclaration(RowCallback<DeclarationRow> callback);

  /// All but the macros', which are many: facts::MarkerOrigin::Macro is the next one's.
  llvm::Error forEachMarker(RowCallback<MarkerRow> callback);
  llvm::Error forEachMacroUse(llvm::ArrayRef<std::string> macros, RowCallback<MarkerRow> callback);

  /// In the order of (fragment, sequence), as the following.
  llvm::Error forEachCallSite(RowCallback<CallSiteRow> callback);
  llvm::Error forEachFlow(RowCallback<FlowRow> callback);
  llvm::Error forEachDiagnostic(RowCallback<DiagnosticRow> callback);
  llvm::Error forEachSkeleton(RowCallback<SkeletonRow> callback);

  /// What the linker wrote, in ascending order.
  llvm::Error forEachSlotTarget(RowCallback<SlotTarget> callback);
  llvm::Error forEachVirtualTarget(RowCallback<VirtualTarget> callback);

private:
  llvm::Error loadTexts();

  Connection& connection_;
  bool texts_loaded_ = false;
  std::vector<std::string> texts_; ///< by Id
};

} // namespace lockvet::store
