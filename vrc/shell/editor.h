// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `vrc` at a terminal: the prompt with completion and history is the Python package's, and a plain
// one stands in where that is not installed.

#pragma once

#include "vrc/shell/run.h"

#include <istream>

namespace lockvet::shell {

/// Replaces this program by the Python package's prompt, with the same arguments. Comes back only
/// where that cannot be started, after saying why. If Python starts and finds something missing, it
/// starts this program again, with --plain.
void becomeEditor(char** argv);

/// Reads lines after a prompt and runs them, until the input ends or `quit`.
void converse(command::Session& session, std::istream& in, const Streams& streams);

} // namespace lockvet::shell
