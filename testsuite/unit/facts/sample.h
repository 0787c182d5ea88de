// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A fragment in which every kind of fact occurs, for tests of whatever carries fragments around.

#pragma once

#include "analyzer/facts/fragment.h"

namespace lockvet::facts::test {

/// `static int run(struct Ops *ops)` of /src/run.c, with all that a body can say.
Fragment sampleFragment();

/// The text form of everything in a fragment, to compare two of them.
std::string describe(const Fragment& fragment);

} // namespace lockvet::facts::test
