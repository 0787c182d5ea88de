// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs command lines and prints what they answer: what `vrc` and `lockvet query` do without a
// terminal.

#pragma once

#include "llvm/Support/raw_ostream.h"
#include "vrc/command/session.h"

namespace lockvet::shell {

struct Streams {
  llvm::raw_ostream& out;
  llvm::raw_ostream& errors;
  command::Form form = command::Form::Text; ///< where a line does not say
};

/// Runs one line. An error is printed with the line and a caret under what is wrong. Returns false
/// if there was one.
bool runLine(command::Session& session, llvm::StringRef line, const Streams& streams);

/// Runs all lines of a text until one fails or `quit`. `name` is what errors call it: "FILE:LINE:
/// ".
bool runText(command::Session& session, llvm::StringRef name, llvm::StringRef text,
             const Streams& streams);

} // namespace lockvet::shell
