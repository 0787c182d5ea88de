// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/cli/path_filter.h"

#include "analyzer/report/paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

namespace lockvet::cli {

llvm::Expected<PathFilter> PathFilter::create(const std::vector<std::string>& paths,
                                              llvm::StringRef directory) {
  PathFilter filter;
  filter.directory_ = directory.str();
  for (const std::string& path : paths) {
    if (llvm::StringRef(path).find_first_of("*?[") != llvm::StringRef::npos) {
      llvm::Expected<config::PathGlob> glob = config::PathGlob::create(path);
      if (!glob)
        return glob.takeError();
      filter.globs_.push_back(std::move(*glob));
      continue;
    }
    llvm::SmallString<256> absolute(path);
    llvm::sys::path::make_absolute(directory, absolute);
    llvm::sys::path::remove_dots(absolute, /*remove_dot_dot=*/true);
    filter.folders_.push_back(absolute.str().rtrim('/').str());
  }
  return filter;
}

bool PathFilter::matches(llvm::StringRef file) const {
  if (folders_.empty() && globs_.empty())
    return true;
  if (llvm::any_of(folders_, [&](const std::string& folder) {
        return file == folder || report::below(file, folder).has_value();
      }))
    return true;
  std::optional<std::string> relative = report::below(file, directory_);
  return relative && llvm::any_of(globs_, [&](const config::PathGlob& glob) {
           return glob.matches(*relative);
         });
}

} // namespace lockvet::cli
