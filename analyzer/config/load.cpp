// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/config/config.h"
#include "analyzer/config/profiles.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace lockvet::config {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace {

constexpr llvm::StringRef kFileName = ".lockvet.yaml";

llvm::Expected<Config> read(llvm::StringRef file) {
  // A folder can be opened, and a pipe would block.
  if (fs::is_directory(file))
    return llvm::createStringError("cannot read the configuration " + file + ": it is a folder");
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return llvm::createStringError(buffer.getError(), "cannot read the configuration " + file +
                                                          ": " + buffer.getError().message());
  return parse((*buffer)->getBuffer(), file);
}

/// The configuration without what it stands on.
llvm::Expected<Config> findAndRead(llvm::StringRef file, llvm::StringRef start) {
  if (!file.empty())
    return read(file);
  llvm::SmallString<128> top(start);
  if (const auto failed = fs::make_absolute(top))
    return llvm::createStringError(failed,
                                   "cannot tell the current directory: " + failed.message());
  path::remove_dots(top, /*remove_dot_dot=*/true);
  for (llvm::StringRef directory = top; !directory.empty();
       directory = path::parent_path(directory)) {
    llvm::SmallString<128> candidate(directory);
    path::append(candidate, kFileName);
    if (fs::exists(candidate))
      return read(candidate);
  }
  Config defaults;
  defaults.directory = top.str().str();
  return defaults;
}

} // namespace

llvm::Expected<Config> load(llvm::StringRef file, llvm::StringRef start, llvm::StringRef profile) {
  llvm::Expected<Config> config = findAndRead(file, start);
  if (!config)
    return config.takeError();
  if (!profile.empty())
    config->profile = profile;
  if (llvm::Error error = standOnProfiles(*config))
    return std::move(error);
  return config;
}

} // namespace lockvet::config
