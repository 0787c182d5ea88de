// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/missing_header.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <vector>

namespace lockvet::index {

namespace {

/// Where Debian's Clang looks without being told.
constexpr llvm::StringLiteral kSystemDirectories[] = {"/usr/include", "/usr/local/include",
                                                      "/usr/include/x86_64-linux-gnu",
                                                      "/usr/include/aarch64-linux-gnu"};

std::vector<std::string> includeDirectories(const CompileCommand& command) {
  std::vector<std::string> directories;
  for (size_t index = 0; index < command.arguments.size(); ++index) {
    llvm::StringRef argument = command.arguments[index];
    for (llvm::StringRef option : {"-I", "-isystem", "-iquote", "-idirafter"}) {
      if (!argument.starts_with(option))
        continue;
      llvm::StringRef value = argument.drop_front(option.size());
      if (value.empty() && index + 1 < command.arguments.size())
        value = command.arguments[++index];
      directories.push_back(value.str());
      break;
    }
  }
  return directories;
}

} // namespace

bool mayFindHeaderNow(const CompileCommand& command, llvm::StringRef reason) {
  auto [before, after] = reason.split(": '");
  auto [name, rest] = after.split('\'');
  if (name.empty() || !rest.starts_with(" file not found"))
    return true;
  std::vector<std::string> directories = includeDirectories(command);
  directories.insert(directories.end(), std::begin(kSystemDirectories),
                     std::end(kSystemDirectories));
  directories.push_back(llvm::sys::path::parent_path(command.file).str());
  directories.push_back(llvm::sys::path::parent_path(before.split(':').first).str());
  for (const std::string& directory : directories) {
    llvm::SmallString<256> path(directory);
    llvm::sys::path::append(path, name);
    llvm::sys::path::make_absolute(command.directory, path);
    if (llvm::sys::fs::exists(path))
      return true;
  }
  return false;
}

} // namespace lockvet::index
