// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes markers into the text of a file, and keeps the layout: a line that gets too long is broken
// in front of the name, and parameters stay below each other. Pure functions of text.

#pragma once

#include "analyzer/config/config.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace lockvet::infer {

using Position = config::MarkerSpelling::Position;

/// A marker as it is written.
struct Spelling {
  std::string text; ///< "GRAPH_RDLOCK"
  Position position = Position::Name;
  unsigned rank = 0; ///< of two in front of a name the smaller one stands first
};

/// The markers that one declaration gets.
struct DeclarationEdit {
  uint32_t line = 0;   ///< of the name, from 1
  uint32_t column = 0; ///< in bytes, from 1
  std::string name;
  std::vector<Spelling> markers;
};

/// Where one marker goes.
struct Insertion {
  size_t at = 0;    ///< offset
  std::string text; ///< with the blanks around it
};

/// No value where the declaration is not found at its place, as when a macro writes it, or when the
/// file has changed since it was indexed. `ranks` are the words that may stand in front of the name
/// already, with their rank.
std::optional<Insertion> insertionOf(llvm::StringRef text, const DeclarationEdit& edit,
                                     const Spelling& marker, llvm::ArrayRef<Spelling> ranks);

/// The text with all edits made; those that have no place are left out.
std::string applyEdits(llvm::StringRef text, std::vector<DeclarationEdit> edits,
                       llvm::ArrayRef<Spelling> ranks);

/// The offset of a place; no value behind the end.
std::optional<size_t> offsetOf(llvm::StringRef text, uint32_t line, uint32_t column);

} // namespace lockvet::infer
