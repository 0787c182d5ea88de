// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One configuration on top of another. A free function over values.

#pragma once

#include "analyzer/config/config.h"

namespace lockvet::config {

/// Adds to `config` what `below` says and `config` does not. Where both speak of one thing,
/// `config` stands: a lock or rule of the same name, a function of its locks, an argument of a
/// registrar, a label that contradicts its own. Suppressions and the directory stay those of
/// `config`.
void mergeUnder(Config& config, Config below);

} // namespace lockvet::config
