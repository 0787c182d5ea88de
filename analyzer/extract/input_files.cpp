// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/input_files.h"

#include "analyzer/facts/serialize.h"
#include "clang/Basic/FileManager.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

#include <sys/stat.h>

namespace lockvet::extract {

using namespace clang;

std::vector<facts::InputFile> InputFiles::collect(const SourceManager& sources) {
  std::vector<facts::InputFile> inputs;
  for (auto info = sources.fileinfo_begin(); info != sources.fileinfo_end(); ++info) {
    const FileEntryRef entry = info->first;
    llvm::SmallString<256> path(entry.getFileEntry().tryGetRealPathName());
    if (path.empty())
      path = entry.getName();
    sources.getFileManager().makeAbsolutePath(path);
    llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);

    facts::InputFile input;
    input.path = path.str().str();
    input.size = static_cast<uint64_t>(entry.getSize());
    struct stat status = {};
    if (::stat(input.path.c_str(), &status) == 0 &&
        status.st_mtime == entry.getModificationTime() &&
        static_cast<uint64_t>(status.st_size) == input.size)
      input.mtime_ns = status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec;
    // else it changed while it was read: no time stamp makes the next run compare contents.

    facts::InputFile& known = known_[path];
    if (input.mtime_ns != 0 && known.mtime_ns == input.mtime_ns && known.size == input.size) {
      inputs.push_back(known);
      continue;
    }
    std::optional<llvm::MemoryBufferRef> buffer = info->second->getBufferIfLoaded();
    if (!buffer)
      continue; // looked at, but never read
    input.content = facts::hashOf(buffer->getBuffer());
    known = input;
    inputs.push_back(std::move(input));
  }
  return inputs;
}

} // namespace lockvet::extract
