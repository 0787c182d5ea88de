// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Commands that are questions to the store, in SQL.

#include "analyzer/store/sql_query.h"
#include "vrc/command/registry.h"
#include "vrc/command/session.h"

namespace lockvet::command {

namespace {

llvm::Expected<Result> ask(const Session& session, llvm::StringRef sql,
                           const std::vector<std::string>& parameters) {
  if (session.database().empty())
    return llvm::createStringError("no store is open; `open STORE` opens one");
  llvm::Expected<store::SqlTable> table =
      store::runSql(session.database(), sql, parameters, &session.stopFlag());
  if (!table)
    return table.takeError();
  return Table{std::move(table->columns), std::move(table->rows)};
}

} // namespace

llvm::Expected<Result> sql(Session& session, const Arguments& arguments) {
  if (llvm::Error error = needOperands(arguments, "an SQL statement"))
    return std::move(error);
  return ask(session, arguments.operands(), {});
}

llvm::Expected<Result> findings(Session& session, const Arguments& arguments) {
  const std::vector<std::string> words = arguments.words();
  return ask(session,
             "SELECT rule, file, line, message FROM finding WHERE ?1 = '' OR rule = ?1 "
             "ORDER BY file, line",
             {words.empty() ? "" : words[0]});
}

llvm::Expected<Result> unresolved(Session& session, const Arguments& arguments) {
  const std::vector<std::string> words = arguments.words();
  return ask(session,
             "SELECT caller, file, line, reason FROM unresolved_call "
             "WHERE ?1 = '' OR caller = ?1 ORDER BY file, line",
             {words.empty() ? "" : words[0]});
}

llvm::Expected<Result> slots(Session& session, const Arguments& arguments) {
  if (llvm::Error error = needOperands(arguments, "a function or a pointer"))
    return std::move(error);
  return ask(session,
             "SELECT slot, function, file, line FROM slot_value "
             "WHERE function = ?1 OR slot = ?1 ORDER BY slot, function",
             {arguments.words()[0]});
}

} // namespace lockvet::command
