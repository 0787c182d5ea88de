// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/connection.h"

#include <cerrno>
#include <cstring>
#include <sqlite3.h>

namespace lockvet::store {
namespace {

/// A reader keeps a writer from committing while it loads the facts, some seconds at most.
constexpr int kBusyTimeoutMs = 30'000;

int openFlags(Access access) {
  switch (access) {
  case Access::Read:
    return SQLITE_OPEN_READONLY;
  case Access::Write:
    return SQLITE_OPEN_READWRITE;
  case Access::Create:
    return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return 0;
}

} // namespace

void Connection::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

llvm::Expected<std::unique_ptr<Connection>> Connection::open(llvm::StringRef path, Access access) {
  std::unique_ptr<Connection> connection(new Connection(path));
  sqlite3* handle = nullptr;
  const int flags = openFlags(access) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(connection->path_.c_str(), &handle, flags, nullptr);
  connection->handle_.reset(handle);
  if (code != SQLITE_OK)
    return connection->error(code);
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  return connection;
}

llvm::Error Connection::execute(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? llvm::Error::success() : error(code);
}

llvm::Expected<Statement> Connection::prepare(llvm::StringRef sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK)
    return error(code);
  return Statement(statement, *this);
}

llvm::Expected<int64_t> Connection::queryInteger(llvm::StringRef sql) {
  llvm::Expected<Statement> statement = prepare(sql);
  if (!statement)
    return statement.takeError();
  llvm::Expected<bool> row = statement->step();
  if (!row)
    return row.takeError();
  return *row ? statement->integer(0) : 0;
}

bool Connection::inTransaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

llvm::Error Connection::error(int code) {
  const auto say = [&](const std::string& sentence) {
    return llvm::createStringError("the store '" + path_ + "' " + sentence);
  };
  const int system_error = handle_ ? sqlite3_system_errno(handle_.get()) : 0;
  const std::string because =
      system_error != 0 ? std::string(": ") + std::strerror(system_error) : std::string();
  switch (code & 0xff) {
  case SQLITE_NOTADB:
    return say("is not a Lockvet store (it is not a SQLite file); give another path with --db");
  case SQLITE_CORRUPT:
    return say("is damaged (" + std::string(sqlite3_errmsg(handle_.get())) +
               "); delete it and run `lockvet index` again");
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return say("is in use by another process that has not let go of it for 30 seconds; wait for "
               "it to end and try again");
  case SQLITE_READONLY:
    return say("cannot be written to; check its permissions and those of its directory");
  case SQLITE_CANTOPEN:
    if (system_error == ENOENT)
      return say("does not exist; run `lockvet index` first, or give its path with --db");
    return say("cannot be opened" + because + "; check its permissions and those of its directory");
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return say("may not be accessed" + because + "; check its permissions");
  case SQLITE_FULL:
    return say("has no room to grow; free some disk space and run the command again");
  case SQLITE_IOERR:
    return say("cannot be read or written (input/output error" + because + ")");
  default:
    return say("cannot be used: " +
               std::string(handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code)));
  }
}

} // namespace lockvet::store
