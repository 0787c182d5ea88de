// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/sql_query.h"

#include <memory>
#include <sqlite3.h>

namespace lockvet::store {

namespace {

constexpr int kBusyTimeoutMs = 5000;
constexpr int kStepsBetweenLooks = 10000; // of SQLite's virtual machine

int isStopped(void* stop) {
  return static_cast<const std::atomic<bool>*>(stop)->load(std::memory_order_relaxed) ? 1 : 0;
}

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
};

llvm::Error failure(sqlite3* handle) {
  return llvm::createStringError(llvm::StringRef("SQL: ") + sqlite3_errmsg(handle));
}

} // namespace

llvm::Expected<SqlTable> runSql(llvm::StringRef store, llvm::StringRef sql,
                                const std::vector<std::string>& parameters,
                                const std::atomic<bool>* stop) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(store.str().c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
  const std::unique_ptr<sqlite3, Close> handle(opened);
  if (code != SQLITE_OK)
    return llvm::createStringError("the store '" + store.str() +
                                   "' cannot be opened: " + sqlite3_errstr(code));
  sqlite3_busy_timeout(opened, kBusyTimeoutMs);
  // An ATTACH could otherwise read, and even make, other files.
  sqlite3_limit(opened, SQLITE_LIMIT_ATTACHED, 0);
  if (stop)
    sqlite3_progress_handler(opened, kStepsBetweenLooks, isStopped,
                             const_cast<std::atomic<bool>*>(stop));
  sqlite3_stmt* prepared = nullptr;
  const char* rest = nullptr;
  if (sqlite3_prepare_v2(opened, sql.data(), static_cast<int>(sql.size()), &prepared, &rest) !=
      SQLITE_OK)
    return failure(opened);
  const std::unique_ptr<sqlite3_stmt, Close> statement(prepared);
  if (!prepared)
    return llvm::createStringError("SQL: expected a statement");
  if (!sql.drop_front(static_cast<size_t>(rest - sql.data())).trim(" \t\r\n;").empty())
    return llvm::createStringError("SQL: expected one statement");
  if (!sqlite3_stmt_readonly(prepared))
    return llvm::createStringError("SQL: the store can only be read here");
  for (size_t index = 0; index < parameters.size(); ++index)
    sqlite3_bind_text(prepared, static_cast<int>(index + 1), parameters[index].c_str(), -1,
                      SQLITE_TRANSIENT);
  SqlTable table;
  const int columns = sqlite3_column_count(prepared);
  for (int column = 0; column < columns; ++column)
    table.columns.emplace_back(sqlite3_column_name(prepared, column));
  for (;;) {
    const int step = sqlite3_step(prepared);
    if (step == SQLITE_DONE)
      return table;
    if (step == SQLITE_INTERRUPT)
      return llvm::createStringError("interrupted");
    if (step != SQLITE_ROW)
      return failure(opened);
    std::vector<std::string>& row = table.rows.emplace_back();
    for (int column = 0; column < columns; ++column) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared, column));
      row.emplace_back(text ? text : "",
                       text ? static_cast<size_t>(sqlite3_column_bytes(prepared, column)) : 0);
    }
  }
}

} // namespace lockvet::store
