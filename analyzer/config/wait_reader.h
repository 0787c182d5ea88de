// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the entries of `waits`: which functions wait for other threads, and which end such waits.
// Free functions over a reader, like lock_reader.h.

#pragma once

#include "analyzer/config/config.h"
#include "analyzer/config/yaml_reader.h"

namespace lockvet::config {

/// Adds one function, or says what is wrong with it.
llvm::Error readWait(YamlReader& reader, const YamlValue& item, std::vector<WaitOperation>& waits);

} // namespace lockvet::config
