// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Waits for files to be written, by inotify(7) on the folders that they are in, so that editors
// that write another file and rename it are seen as well. Owned by whoever waits; one thread's.

#pragma once

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>
#include <vector>

namespace lockvet::index {

class FileWatch {
public:
  static llvm::Expected<FileWatch> start();
  FileWatch(FileWatch&& other) noexcept;
  FileWatch& operator=(FileWatch&&) = delete;
  ~FileWatch();

  /// An absolute path. Its folder must be there; one that is not is no error, since what was there
  /// once may come again only with a new configuration of the build.
  llvm::Error add(llvm::StringRef file);

  size_t size() const { return files_.size(); }

  /// Waits until some of the files are written, replaced or removed, and then until nothing more
  /// happens for a moment. Their paths, in order.
  llvm::Expected<std::vector<std::string>> wait();

private:
  explicit FileWatch(int descriptor) : descriptor_(descriptor) {}

  llvm::Error read(llvm::StringSet<>& changed);

  int descriptor_ = -1;
  llvm::StringSet<> files_;
  llvm::StringMap<int> watch_of_folder_;
  std::map<int, std::string> folder_of_watch_;
};

} // namespace lockvet::index
