// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/derived.h"

#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace lockvet::store {
namespace {

llvm::Error runForAll(Connection& connection, const std::string& sql,
                      const std::vector<IdPair>& pairs) {
  if (pairs.empty())
    return llvm::Error::success();
  llvm::Expected<Statement> statement = connection.prepare(sql);
  if (!statement)
    return statement.takeError();
  for (const auto& [first, second] : pairs)
    if (llvm::Error error = statement->run(first, second))
      return error;
  return llvm::Error::success();
}

} // namespace

llvm::Expected<DerivedChange> replacePairs(Connection& connection, const PairTable& table,
                                           std::vector<IdPair> wanted) {
  std::ranges::sort(wanted);
  wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());

  const auto& [name, first, second] = table;
  llvm::Expected<Statement> select = connection.prepare(
      llvm::formatv("SELECT {1}, {2} FROM {0} ORDER BY {1}, {2}", name, first, second).str());
  if (!select)
    return select.takeError();
  std::vector<IdPair> present;
  if (llvm::Error error =
          select->forEach([&](Statement& row) { present.emplace_back(row.id(0), row.id(1)); }))
    return error;

  std::vector<IdPair> gone;
  std::vector<IdPair> added;
  std::ranges::set_difference(present, wanted, std::back_inserter(gone));
  std::ranges::set_difference(wanted, present, std::back_inserter(added));
  if (llvm::Error error = runForAll(
          connection,
          llvm::formatv("DELETE FROM {0} WHERE {1} = ? AND {2} = ?", name, first, second).str(),
          gone))
    return error;
  if (llvm::Error error =
          runForAll(connection, llvm::formatv("INSERT INTO {0} VALUES(?, ?)", name).str(), added))
    return error;
  return DerivedChange{.inserted = added.size(), .deleted = gone.size()};
}

} // namespace lockvet::store
