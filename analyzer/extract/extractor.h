// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parses translation units with Clang and gives their facts. One Extractor lives in each worker
// process and keeps what units share: the file manager's cache and hashes of headers. Not for use
// from several threads.

#pragma once

#include "analyzer/extract/input_files.h"
#include "analyzer/facts/fragment.h"
#include "clang/Basic/FileManager.h"
#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace lockvet::extract {

class Extractor {
public:
  /// `resource_directory` holds Clang's own headers ("…/lib/clang/22"); empty to look for it.
  explicit Extractor(std::string resource_directory);

  /// `arguments` is a whole compiler command, its program first, run in `directory`. Whatever is
  /// wrong with the unit is in the result's status and reason.
  facts::UnitFacts extract(const std::string& directory, const std::string& file,
                           std::vector<std::string> arguments);

private:
  llvm::IntrusiveRefCntPtr<clang::FileManager> fileManager(const std::string& directory);

  std::string resource_directory_;
  InputFiles input_files_;
  llvm::StringMap<llvm::IntrusiveRefCntPtr<clang::FileManager>> file_managers_;
};

/// Where this machine keeps the headers of the Clang that Lockvet is built with; "" if nowhere.
std::string findResourceDirectory();

} // namespace lockvet::extract
