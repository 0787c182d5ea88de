// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the marker of a pointer to functions is written: on the member or variable, on each
// declaration of a parameter, or on the typedef that all such pointers are written with. Reads the
// sources; the facts do not tell a typedef that has no marker yet.

#pragma once

#include "analyzer/infer/inference.h"
#include "analyzer/infer/source_texts.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <map>

namespace lockvet::infer {

/// A name that a marker goes to.
struct NamedPlace {
  program::Place place;
  std::string name;
};

class PointerPlaces {
public:
  using MayEdit = llvm::function_ref<bool(llvm::StringRef)>;

  /// `missing` are all markers that are to be written; `may_edit` is called in of() only.
  PointerPlaces(const program::Program& program, llvm::ArrayRef<Missing> missing,
                SourceTexts& texts);

  /// The places that lack it. `obstacle` says why there are none, or fewer than there are
  /// declarations.
  llvm::Expected<std::vector<NamedPlace>> of(const Marking& marking, MayEdit may_edit,
                                             std::string& obstacle);

private:
  llvm::Expected<std::vector<NamedPlace>> onParameter(const Marking& marking,
                                                      std::string& obstacle);
  llvm::Expected<std::optional<NamedPlace>> onTypedef(const Marking& marking, MayEdit may_edit);
  llvm::Expected<std::optional<std::string>> typeNameOf(program::Id slot);
  llvm::Expected<bool> fitsAll(const Marking& marking, llvm::StringRef type);
  llvm::Expected<std::optional<NamedPlace>> findTypedef(llvm::StringRef name, program::Id near,
                                                        MayEdit may_edit);
  std::optional<NamedPlace> typedefIn(program::Id file, llvm::StringRef text,
                                      llvm::StringRef name) const;
  bool hasMarker(const Marking& marking) const;

  const program::Program& program_;
  SourceTexts& texts_;
  std::set<Marking> missing_;
  std::map<program::Id, std::optional<std::string>> type_names_; ///< by slot
};

} // namespace lockvet::infer
