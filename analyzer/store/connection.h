// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One open SQLite file, and SQLite's errors as sentences. Owned by a Store; for one thread at a
// time. Other processes may have the same file open: SQLite's locks keep them apart, and whoever
// finds the file locked waits for some seconds.

#pragma once

#include "analyzer/store/statement.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <memory>
#include <string>

struct sqlite3;

namespace lockvet::store {

enum class Access : uint8_t { Read, Write, Create };

class Connection {
public:
  /// Does not look into the file yet; schema.h does.
  static llvm::Expected<std::unique_ptr<Connection>> open(llvm::StringRef path, Access access);

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const std::string& path() const { return path_; }

  /// Runs statements that give no rows.
  llvm::Error execute(const char* sql);
  llvm::Expected<Statement> prepare(llvm::StringRef sql);
  /// The first column of the first row; 0 without a row.
  llvm::Expected<int64_t> queryInteger(llvm::StringRef sql);

  bool inTransaction() const;

  /// What went wrong with this file, and what to do about it.
  llvm::Error error(int code);

private:
  explicit Connection(llvm::StringRef path) : path_(path.str()) {}

  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

} // namespace lockvet::store
