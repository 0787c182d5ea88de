// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds its way in the text of one declaration, from the name on: where markers go, what the
// parameters are called. Knows brackets, comments and names of C and C++, and no grammar; where the
// text is not what it expects it says so.

#pragma once

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace lockvet::infer {

class Declarator {
public:
  /// `name_at` is the offset of the declared name in the file's text. No value where the name does
  /// not stand there: a macro has written it.
  static std::optional<Declarator> find(llvm::StringRef text, size_t name_at, llvm::StringRef name);

  /// In front of the name and what belongs to it: a class, `(*` of a pointer. Markers of a pointer
  /// go in front of its bracket.
  size_t front() const { return front_; }

  /// Behind the parameters, and the qualifiers that follow them; behind the name where there are
  /// none. No value where a bracket is not closed.
  std::optional<size_t> behindParameters() const;

  /// The brace that opens the body of a function's definition; no value where none follows, or a
  /// constructor initializes members first.
  std::optional<size_t> openBody() const;

  /// The bracket that opens the parameters of a function, or of the function pointed to.
  std::optional<size_t> openBracket() const;

  /// Its matching one.
  std::optional<size_t> closeBracket() const;

  struct Parameter {
    std::string name;
    bool is_pointer = false; ///< written with a star
  };
  /// Parameter `index`, from 0; no value where it has no name.
  std::optional<Parameter> parameter(unsigned index) const;

  /// Where the name of parameter `index` begins, which may be a pointer to functions: "int (*f)()".
  std::optional<size_t> parameterNameAt(unsigned index) const;

  /// The word in front of the name and its stars that names the type by itself: "Callback" of
  /// "Callback *name". No value where the type is written out.
  std::optional<llvm::StringRef> typeName() const;

private:
  Declarator(llvm::StringRef text, size_t name_at, size_t name_end)
      : text_(text), name_at_(name_at), name_end_(name_end), front_(name_at) {}
  void findFront();
  std::optional<llvm::StringRef> parameterText(unsigned index) const;

  llvm::StringRef text_;
  size_t name_at_;
  size_t name_end_;
  size_t front_;
};

/// The first offset at or behind `at` that is neither blank nor in a comment.
size_t skipBlanks(llvm::StringRef text, size_t at);

/// Behind the last byte before `at` that is not blank.
size_t skipBlanksBackwards(llvm::StringRef text, size_t at);

/// Behind the comment or literal that starts at `at`; `at` itself where none does.
size_t skipCommentOrLiteral(llvm::StringRef text, size_t at);

/// Can the letter stand in a name?
bool isOfName(char letter);

/// The offset of the bracket that closes the one at `open`; comments and literals are passed over.
std::optional<size_t> matchingBracket(llvm::StringRef text, size_t open);

} // namespace lockvet::infer
