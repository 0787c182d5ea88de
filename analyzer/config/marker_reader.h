// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the entries of `markers`: how a project spells what `lockvet infer` writes, and where it
// goes. Free functions over a reader, like lock_reader.h.

#pragma once

#include "analyzer/config/config.h"
#include "analyzer/config/yaml_reader.h"

namespace lockvet::config {

/// The markers that can be spelled, as `marker` names them.
llvm::ArrayRef<llvm::StringRef> markerWords();

/// Adds one marker, or says what is wrong with it.
llvm::Error readMarker(YamlReader& reader, const YamlValue& item,
                       std::vector<MarkerSpelling>& markers);

} // namespace lockvet::config
