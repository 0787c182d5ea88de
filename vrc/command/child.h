// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Programs of others that are given a text: a viewer, or Graphviz. They get it as a file that has
// no name, so that neither side ever waits for the other to read.

#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <atomic>
#include <chrono>
#include <string>

namespace lockvet::command {

/// Starts a program that goes on by itself, also when this one ends or Ctrl-C is pressed.
llvm::Error startViewer(const std::string& program, llvm::ArrayRef<std::string> arguments,
                        llvm::StringRef input);

/// What a program writes to its standard output until it ends well. It is killed, with an error,
/// when it takes longer than `limit` or when `stop` is set.
llvm::Expected<std::string> outputOf(const std::string& program,
                                     llvm::ArrayRef<std::string> arguments, llvm::StringRef input,
                                     std::chrono::milliseconds limit,
                                     const std::atomic<bool>* stop);

} // namespace lockvet::command
