// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads what declarations say about themselves (annotate, thread-safety attributes, macros) into a
// fragment's markers. Stateless but for the builder it writes to.

#pragma once

#include "analyzer/extract/fragment_builder.h"
#include "analyzer/extract/macro_uses.h"

namespace lockvet::extract {

/// Is there anything in this declaration, its parameters or the typedefs it is written with that
/// recordMarkers would record?
bool hasMarkers(const clang::DeclaratorDecl* declaration);

/// Markers written on this very declaration of a function (not those inherited from an earlier
/// one), on its callable parameters, and the macros that stand in it.
void recordMarkers(const clang::FunctionDecl* declaration, const MacroUses& macros,
                   FragmentBuilder& builder);

/// Markers of a field or variable that is the slot `slot`.
void recordMarkers(const clang::DeclaratorDecl* declaration, uint32_t slot, const MacroUses& macros,
                   FragmentBuilder& builder);

} // namespace lockvet::extract
