// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which files a translation unit read, with content hashes of what the parser really saw. The cache
// of hashes lives as long as its worker process, since most units read the same headers.

#pragma once

#include "analyzer/facts/fragment.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/StringMap.h"

namespace lockvet::extract {

class InputFiles {
public:
  std::vector<facts::InputFile> collect(const clang::SourceManager& sources);

private:
  llvm::StringMap<facts::InputFile> known_;
};

} // namespace lockvet::extract
