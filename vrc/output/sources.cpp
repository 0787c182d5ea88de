// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/output/sources.h"

#include "llvm/Support/FileSystem.h"
#include "vrc/output/utf8.h"

namespace lockvet::output {

namespace {

constexpr uint64_t kLargestFile = 64 << 20;

/// What a line takes in JSON at most, with its quotes and comma: other characters have escapes.
size_t bytesInJson(llvm::StringRef line) {
  size_t bytes = 3;
  for (char c : line)
    bytes += llvm::isPrint(c) && c != '<' && c != '"' && c != '\\' ? 1 : 6;
  return bytes;
}

} // namespace

uint32_t Sources::file(llvm::StringRef path) {
  auto [entry, is_new] = numbers_.try_emplace(path, static_cast<uint32_t>(files_.size()));
  if (is_new)
    files_.emplace_back().path = path.str();
  return entry->second;
}

void Sources::read(File& file) {
  file.is_read = true;
  llvm::sys::fs::file_status status;
  // Not what a path may lead to by mischance: a pipe would wait, and a device never ends.
  if (llvm::sys::fs::status(file.path, status) || !llvm::sys::fs::is_regular_file(status) ||
      status.getSize() > kLargestFile)
    return;
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer =
      llvm::MemoryBuffer::getFile(file.path, /*IsText=*/true);
  if (!buffer)
    return;
  file.buffer = std::move(*buffer);
  for (llvm::StringRef rest = file.buffer->getBuffer(); !rest.empty();) {
    auto [line, after] = rest.split('\n');
    file.all.push_back(line.rtrim('\r'));
    rest = after;
  }
}

void Sources::addLines(uint32_t number, uint32_t line) {
  File& file = files_[number];
  if (!file.is_read)
    read(file);
  if (line == 0 || line > file.all.size())
    return;
  const uint32_t first = line > kLinesAround ? line - kLinesAround : 1;
  const size_t last = std::min<size_t>(size_t{line} + kLinesAround, file.all.size());
  for (uint32_t at = first; at <= last; ++at) {
    if (file.taken.contains(at))
      continue;
    std::string text = utf8(file.all[at - 1].take_front(kWidestLine));
    const size_t bytes = bytesInJson(text);
    if (bytes_ + bytes > kMostSourceBytes) {
      is_cut_ = true;
      return;
    }
    bytes_ += bytes;
    file.taken.emplace(at, std::move(text));
  }
}

std::vector<std::string> Sources::paths() const {
  std::vector<std::string> paths;
  paths.reserve(files_.size());
  for (const File& file : files_)
    paths.push_back(file.path);
  return paths;
}

void Sources::writePaths(llvm::json::OStream& json, llvm::StringRef directory) const {
  json.array([&] {
    for (const File& file : files_) {
      llvm::StringRef path = file.path;
      if (!directory.empty() && path.starts_with((directory + "/").str()))
        path = path.drop_front(directory.size() + 1);
      json.value(utf8(path));
    }
  });
}

void Sources::writeLines(llvm::json::OStream& json) const {
  json.array([&] {
    for (const File& file : files_)
      json.array([&] {
        for (auto at = file.taken.begin(); at != file.taken.end();)
          json.array([&] {
            uint32_t next = at->first;
            json.value(next);
            for (; at != file.taken.end() && at->first == next; ++at, ++next)
              json.value(at->second);
          });
      });
  });
}

} // namespace lockvet::output
