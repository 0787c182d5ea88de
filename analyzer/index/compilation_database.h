// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads compile_commands.json: which files are compiled, where, and how. An entry that makes no
// sense is left out and reported; a file that makes none is an error. A plain value once read.

#pragma once

#include "analyzer/facts/fragment.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace lockvet::index {

/// One translation unit to be.
struct CompileCommand {
  facts::Hash identity{};             ///< of all the following, and of the facts' version
  std::string directory;              ///< absolute, normalized
  std::string file;                   ///< the same
  std::vector<std::string> arguments; ///< as toClangCommand() gives them
};

struct CompilationDatabase {
  std::string path;                     ///< of the file
  std::vector<CompileCommand> commands; ///< each identity once
  size_t duplicates = 0;                ///< entries that would parse a file in the same way again
  size_t other_languages = 0;           ///< entries that are no C or C++: assembler, Rust, ...
  std::vector<std::string> problems;    ///< a sentence for each entry that was left out
};

/// `path` is the file, or the directory that has it.
llvm::Expected<CompilationDatabase> readCompilationDatabase(llvm::StringRef path);

/// The same of a text; `path` is absolute.
llvm::Expected<CompilationDatabase> parseCompilationDatabase(llvm::StringRef text,
                                                             llvm::StringRef path);

} // namespace lockvet::index
