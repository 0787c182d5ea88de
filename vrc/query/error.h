// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is wrong with a query, and where in its text.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace lockvet::query {

class QueryError : public llvm::ErrorInfo<QueryError> {
public:
  static char ID;

  QueryError(size_t offset, std::string message) : offset_(offset), message_(std::move(message)) {}

  /// Of the first byte of what is wrong, in the text that was parsed.
  size_t offset() const { return offset_; }
  const std::string& text() const { return message_; }
  void log(llvm::raw_ostream& out) const override;
  std::error_code convertToErrorCode() const override;

private:
  size_t offset_;
  std::string message_;
};

llvm::Error errorAt(size_t offset, std::string message);

} // namespace lockvet::query
