// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/analysis.h"

#include "analyzer/store/store.h"

namespace lockvet::command {

llvm::Expected<std::unique_ptr<Analysis>> Analysis::load(const std::string& database,
                                                         const config::Config& config) {
  llvm::Expected<store::Store> store = store::Store::openReadOnly(database);
  if (!store)
    return store.takeError();
  llvm::Expected<std::unique_ptr<rules::Analysis>> loaded = rules::Analysis::load(*store, config);
  if (!loaded)
    return loaded.takeError();
  return std::unique_ptr<Analysis>(new Analysis(std::move(*loaded)));
}

llvm::Expected<rules::Findings> Analysis::run(llvm::ArrayRef<std::string> only) const {
  return rules::runRules(input(), input().config, only, /*with_guesses=*/false);
}

} // namespace lockvet::command
