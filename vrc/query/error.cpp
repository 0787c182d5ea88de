// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/query/error.h"

#include "llvm/Support/raw_ostream.h"

namespace lockvet::query {

char QueryError::ID = 0;

void QueryError::log(llvm::raw_ostream& out) const {
  out << message_ << " (at column " << offset_ + 1 << ")";
}

std::error_code QueryError::convertToErrorCode() const {
  return llvm::inconvertibleErrorCode();
}

llvm::Error errorAt(size_t offset, std::string message) {
  return llvm::make_error<QueryError>(offset, std::move(message));
}

} // namespace lockvet::query
