// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/source_cache.h"

#include "analyzer/report/words.h"
#include "llvm/Support/FileSystem.h"

namespace lockvet::report {

namespace {

/// No source is larger; generated data that is would only cost memory.
constexpr uint64_t kLargestFile = 64 << 20;

std::unique_ptr<llvm::MemoryBuffer> read(llvm::StringRef file) {
  llvm::sys::fs::file_status status;
  // A pipe or device of that name would block or never end.
  if (llvm::sys::fs::status(file, status) || !llvm::sys::fs::is_regular_file(status) ||
      status.getSize() > kLargestFile)
    return nullptr;
  // Volatile means: not mapped, since a file that an editor truncates meanwhile would fault.
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
  return buffer ? std::move(*buffer) : nullptr;
}

std::vector<size_t> lineStarts(llvm::StringRef text) {
  std::vector<size_t> starts;
  for (size_t start = 0; start < text.size();) {
    starts.push_back(start);
    const size_t newline = text.find('\n', start);
    start = newline == llvm::StringRef::npos ? text.size() : newline + 1;
  }
  return starts;
}

} // namespace

SourceCache::File& SourceCache::open(llvm::StringRef file) {
  const auto [entry, inserted] = files_.try_emplace(file);
  File& opened = entry->second;
  if (inserted) {
    opened.buffer = read(file);
    if (opened.buffer)
      opened.starts = lineStarts(opened.buffer->getBuffer());
  }
  return opened;
}

void SourceCache::add(llvm::StringRef file, llvm::StringRef content) {
  File& added = files_[file];
  added.buffer = llvm::MemoryBuffer::getMemBufferCopy(content, file);
  added.starts = lineStarts(added.buffer->getBuffer());
}

std::optional<llvm::StringRef> SourceCache::line(llvm::StringRef file, uint32_t number) {
  const File& opened = open(file);
  if (number == 0 || number > opened.starts.size())
    return std::nullopt;
  const llvm::StringRef rest = opened.buffer->getBuffer().drop_front(opened.starts[number - 1]);
  llvm::StringRef text = rest.take_front(rest.find('\n'));
  text.consume_back("\r");
  return text;
}

uint32_t SourceCache::characterColumn(llvm::StringRef file, uint32_t number, uint32_t column) {
  const auto text = line(file, number);
  if (!text || column == 0 || column - 1 > text->size())
    return column;
  uint32_t characters = 1;
  for (llvm::StringRef before = text->take_front(column - 1); !before.empty(); ++characters)
    before = before.drop_front(std::max(characterLength(before), 1U));
  return characters;
}

} // namespace lockvet::report
