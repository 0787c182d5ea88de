// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a project writes a marker, and on which declarations: its configuration's word, or what every
// compiler with these attributes understands. Read from the configuration.

#pragma once

#include "analyzer/config/config.h"
#include "analyzer/infer/marker.h"
#include "analyzer/infer/marker_edits.h"

namespace lockvet::infer {

class Spellings {
public:
  explicit Spellings(const config::Config& config);

  /// The entry for a marker, of its lock or of all.
  const config::MarkerSpelling& entryFor(const Marking& marking) const;

  /// What to write for a marker. `lock` is the lock as the declaration can name it. No value where
  /// the project writes nothing on pointers.
  std::optional<Spelling> spelled(const Marking& marking, llvm::StringRef lock) const;

  /// The words that may stand in front of a name already.
  std::vector<Spelling> words() const;

private:
  std::vector<config::MarkerSpelling> entries_; ///< the configuration's, and behind them defaults
};

} // namespace lockvet::infer
