// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A command line of `vrc` taken apart: the command's name, its options, and the rest, which keeps
// its place in the line so that an error in a query can be pointed at.

#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace lockvet::command {

/// An option that a command takes.
struct Option {
  llvm::StringLiteral name;  ///< "--limit"
  llvm::StringLiteral value; ///< what stands behind it, for help: "N"; "" for none
  llvm::StringLiteral help;
};

/// One word of a command line.
struct Operand {
  std::string text;       ///< without quotes
  llvm::StringRef source; ///< as it was typed; lives as long as the Arguments
  size_t offset = 0;      ///< where that stands in the line
};

class Arguments {
public:
  /// Options may stand anywhere outside quotes, slashes and brackets; behind `--` there are none.
  /// Errors are query::QueryErrors.
  static llvm::Expected<Arguments> parse(llvm::StringRef line, size_t start,
                                         llvm::ArrayRef<Option> options);

  bool has(llvm::StringRef option) const { return options_.contains(option); }
  /// "" where the option is not given.
  llvm::StringRef value(llvm::StringRef option) const;
  /// Where the option's value stands in the line.
  size_t offset(llvm::StringRef option) const;
  /// A number; an error if it is none.
  llvm::Expected<size_t> number(llvm::StringRef option, size_t otherwise) const;

  /// The whole line, as it was typed.
  const std::string& line() const { return line_; }
  /// The line, with everything that is not part of the operands blanked out.
  const std::string& operands() const { return operands_; }
  bool hasOperands() const;
  /// The operands as words; `"..."` is one, without its quotes.
  std::vector<std::string> words() const;
  /// Where a word begins, quotes included; the line's end if there are not so many.
  size_t wordOffset(size_t index) const;
  /// The same where the words are names of functions and files. A part in parentheses is one word
  /// then, blanks or not: `(unnamed struct at a.h:3:1)::run`, as the older `vrc` saves it.
  std::vector<Operand> names() const;
  /// The operands with the first word blanked out.
  std::string withoutFirstWord() const;

private:
  /// Calls visit(begin, end) with each word of the operands.
  template <typename Visit> void forEachWord(Visit visit, bool has_parentheses = false) const;

  struct Value {
    std::string text;
    size_t offset = 0;
  };
  llvm::StringMap<Value> options_;
  std::string line_;
  std::string operands_;
};

} // namespace lockvet::command
