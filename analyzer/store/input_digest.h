// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One hash over the files that a unit read and what was in them, in any order: a sum of one mix for
// each file. So the digests of thousands of units with the same headers cost one addition a file.

#pragma once

#include "analyzer/facts/fragment.h"
#include "analyzer/store/rows.h"

namespace lockvet::store {

/// What a file with that content adds to a digest.
facts::Hash inputMix(Id file, const facts::Hash& content);

class InputDigest {
public:
  void add(const facts::Hash& mix) {
    value_[0] += mix[0];
    value_[1] += mix[1];
  }
  const facts::Hash& value() const { return value_; }

private:
  facts::Hash value_{};
};

} // namespace lockvet::store
