// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/included_headers.h"

#include "llvm/ADT/SmallVector.h"

#include <utility>

namespace lockvet::infer {

llvm::Expected<IncludedHeaders> IncludedHeaders::load(store::Store& store,
                                                      const config::Config& config) {
  IncludedHeaders included;
  for (const config::MarkerSpelling& entry : config.markers)
    if (!entry.header.empty())
      included.headers_.try_emplace(entry.header);
  if (included.headers_.empty())
    return included;
  if (llvm::Error error = store.reader().forEachFile([&](const store::FileRow& row) {
        for (auto& [name, header] : included.headers_)
          if (row.path == name ||
              (row.path.ends_with(name) && row.path.drop_back(name.size()).ends_with("/")))
            header.files.set(row.id);
      }))
    return std::move(error);
  if (llvm::Error error = store.reader().forEachUnit([&](const store::UnitRow& row) {
        llvm::SmallVector<std::pair<store::Id, store::Id>> runs;
        store::forEachRun(
            row.inputs, [&](store::Id first, store::Id count) { runs.push_back({first, count}); });
        for (auto& [name, header] : included.headers_) {
          bool has_header = false;
          for (const auto& [first, count] : runs)
            for (store::Id id = first; id < first + count && !has_header; ++id)
              has_header = header.files.test(id);
          if (!has_header)
            for (const auto& [first, count] : runs)
              header.lacking.setRun(first, count);
        }
      }))
    return std::move(error);
  return included;
}

bool IncludedHeaders::isReadWith(store::Id file, llvm::StringRef name) const {
  if (name.empty())
    return true;
  auto found = headers_.find(name);
  return found != headers_.end() &&
         (found->second.files.test(file) || !found->second.lacking.test(file));
}

} // namespace lockvet::infer
