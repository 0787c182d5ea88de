// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/source_texts.h"

#include "llvm/Support/MemoryBuffer.h"

namespace lockvet::infer {

llvm::Expected<llvm::StringRef> SourceTexts::of(const std::string& path) {
  if (auto found = texts_.find(path); found != texts_.end())
    return llvm::StringRef(found->second);
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return llvm::createStringError("cannot read '" + path + "': " + buffer.getError().message());
  return llvm::StringRef(texts_.try_emplace(path, (*buffer)->getBuffer().str()).first->second);
}

} // namespace lockvet::infer
