// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/changed_files.h"

#include "analyzer/store/sql_query.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"

namespace lockvet::command {

llvm::Expected<std::vector<std::string>> changedSince(const std::string& store,
                                                      llvm::ArrayRef<std::string> files) {
  llvm::Expected<store::SqlTable> table =
      store::runSql(store, "SELECT path, size || ' ' || mtime_ns FROM file", {}, nullptr);
  if (!table)
    return table.takeError();
  llvm::StringMap<std::string> stamps;
  for (std::vector<std::string>& row : table->rows)
    stamps[row[0]] = std::move(row[1]);
  std::vector<std::string> changed;
  for (const std::string& file : files) {
    const auto known = stamps.find(file);
    if (known == stamps.end())
      continue;
    llvm::sys::fs::file_status status;
    const bool is_gone = bool(llvm::sys::fs::status(file, status));
    const std::string stamp =
        std::to_string(status.getSize()) + " " +
        std::to_string(status.getLastModificationTime().time_since_epoch().count());
    if (is_gone || stamp != known->second)
      changed.push_back(file);
  }
  return changed;
}

} // namespace lockvet::command
