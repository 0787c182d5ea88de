// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/statement.h"

#include "analyzer/store/connection.h"
#include "llvm/Support/Endian.h"

#include <sqlite3.h>

namespace lockvet::store {

std::string toBytes(const facts::Hash& hash) {
  char bytes[16];
  llvm::support::endian::write64le(bytes, hash[0]);
  llvm::support::endian::write64le(bytes + 8, hash[1]);
  return std::string(bytes, sizeof bytes);
}

facts::Hash toHash(llvm::StringRef bytes) {
  if (bytes.size() != 16)
    return {};
  return {llvm::support::endian::read64le(bytes.data()),
          llvm::support::endian::read64le(bytes.data() + 8)};
}

void Statement::Finalize::operator()(sqlite3_stmt* handle) const {
  sqlite3_finalize(handle);
}

Statement::Statement(sqlite3_stmt* handle, Connection& connection)
    : handle_(handle), connection_(&connection) {}

void Statement::reset() {
  sqlite3_reset(handle_.get());
  bind_error_ = SQLITE_OK;
}

void Statement::bindInteger(int index, int64_t value) {
  bind_error_ |= sqlite3_bind_int64(handle_.get(), index, value);
}

void Statement::bindOne(int index, double value) {
  bind_error_ |= sqlite3_bind_double(handle_.get(), index, value);
}

void Statement::bindOne(int index, Key key) {
  bind_error_ |= key.id == kNoId ? sqlite3_bind_null(handle_.get(), index)
                                 : sqlite3_bind_int64(handle_.get(), index, key.id);
}

void Statement::bindOne(int index, Blob blob) {
  // A null pointer would bind NULL instead of no bytes.
  const char* bytes = blob.bytes.empty() ? "" : blob.bytes.data();
  bind_error_ |= sqlite3_bind_blob64(handle_.get(), index, bytes, blob.bytes.size(), SQLITE_STATIC);
}

void Statement::bindOne(int index, llvm::StringRef text) {
  const char* bytes = text.empty() ? "" : text.data();
  bind_error_ |=
      sqlite3_bind_text64(handle_.get(), index, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bindOne(int index, const std::optional<llvm::StringRef>& text) {
  if (text)
    bindOne(index, *text);
  else
    bind_error_ |= sqlite3_bind_null(handle_.get(), index);
}

llvm::Expected<bool> Statement::step() {
  if (bind_error_ != SQLITE_OK)
    return connection_->error(bind_error_);
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW)
    return true;
  if (code == SQLITE_DONE)
    return false;
  llvm::Error error = connection_->error(code);
  reset();
  return error;
}

llvm::Error Statement::finish() {
  while (true) {
    llvm::Expected<bool> row = step();
    if (!row)
      return row.takeError();
    if (!*row)
      break;
  }
  reset();
  return llvm::Error::success();
}

llvm::Error Statement::forEach(llvm::function_ref<void(Statement&)> callback) {
  while (true) {
    llvm::Expected<bool> row = step();
    if (!row)
      return row.takeError();
    if (!*row)
      break;
    callback(*this);
  }
  reset();
  return llvm::Error::success();
}

int Statement::columns() const {
  return sqlite3_column_count(handle_.get());
}

int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(handle_.get(), column);
}

bool Statement::isNull(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

llvm::StringRef Statement::text(int column) const {
  // SQLite asks for the text before its size.
  const auto* bytes = sqlite3_column_text(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return {reinterpret_cast<const char*>(bytes), static_cast<size_t>(size)};
}

llvm::StringRef Statement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return {static_cast<const char*>(bytes), static_cast<size_t>(size)};
}

} // namespace lockvet::store
