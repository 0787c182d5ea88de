// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/compilation_database.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace lockvet::command {

namespace {

std::string absolute(llvm::StringRef directory, llvm::StringRef file) {
  llvm::SmallString<256> path(file);
  llvm::sys::path::make_absolute(directory, path);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return path.str().str();
}

/// What stands behind the last -o of a command; "" for none.
std::string outputOfCommand(const llvm::json::Object& entry) {
  std::vector<std::string> words;
  if (const llvm::json::Array* arguments = entry.getArray("arguments")) {
    for (const llvm::json::Value& argument : *arguments)
      words.push_back(argument.getAsString().value_or("").str());
  } else {
    llvm::BumpPtrAllocator allocator;
    llvm::StringSaver saver(allocator);
    llvm::SmallVector<const char*, 64> tokens;
    llvm::cl::TokenizeGNUCommandLine(entry.getString("command").value_or(""), saver, tokens);
    words.assign(tokens.begin(), tokens.end());
  }
  std::string output;
  for (size_t index = 0; index + 1 < words.size(); ++index)
    if (words[index] == "-o")
      output = words[index + 1];
  return output;
}

} // namespace

llvm::Expected<std::vector<Unit>> readCompilationDatabase(const std::string& path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return llvm::createStringError(path + ": " + buffer.getError().message());
  llvm::Expected<llvm::json::Value> json = llvm::json::parse((*buffer)->getBuffer());
  if (!json)
    return llvm::createStringError(path + ": " + llvm::toString(json.takeError()));
  const llvm::json::Array* entries = json->getAsArray();
  if (!entries)
    return llvm::createStringError(path + " is no compilation database: expected a list of units");
  std::vector<Unit> units;
  for (const llvm::json::Value& value : *entries) {
    const llvm::json::Object* entry = value.getAsObject();
    const auto file = entry ? entry->getString("file") : std::nullopt;
    if (!file)
      return llvm::createStringError(path + ": each unit is an object with a 'file'");
    const std::string directory =
        absolute(llvm::sys::path::parent_path(path), entry->getString("directory").value_or("."));
    std::string output = entry->getString("output").value_or("").str();
    if (output.empty())
      output = outputOfCommand(*entry);
    units.push_back(
        {absolute(directory, *file), output.empty() ? "" : absolute(directory, output)});
  }
  return units;
}

} // namespace lockvet::command
