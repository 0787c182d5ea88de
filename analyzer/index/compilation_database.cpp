// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/compilation_database.h"

#include "analyzer/facts/serialize.h"
#include "analyzer/index/command_line.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <utility>

namespace lockvet::index {
namespace {

namespace json = llvm::json;
namespace path = llvm::sys::path;

std::string normalize(llvm::StringRef name, llvm::StringRef directory) {
  llvm::SmallString<256> full;
  if (path::is_relative(name))
    full = directory;
  path::append(full, name);
  path::remove_dots(full, /*remove_dot_dot=*/true);
  return full.str().str();
}

/// Deeper than any entry is; the JSON parser recurses, and garbage must not exhaust the stack.
constexpr int kMaxNesting = 32;

bool isTooDeep(llvm::StringRef text) {
  int depth = 0;
  bool in_string = false;
  for (size_t index = 0; index < text.size(); ++index) {
    const char c = text[index];
    if (in_string) {
      in_string = c != '"';
      index += c == '\\' ? 1 : 0;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxNesting)
        return true;
    } else if (c == ']' || c == '}') {
      --depth;
    } else {
      in_string = c == '"';
    }
  }
  return false;
}

class DatabaseReader {
public:
  explicit DatabaseReader(llvm::StringRef path) : base_(path::parent_path(path)) {
    database_.path = path.str();
  }

  void readEntry(const json::Value& value, size_t index) {
    std::string problem;
    if (!readInto(value, problem))
      database_.problems.push_back("entry " + std::to_string(index + 1) + " of '" + database_.path +
                                   "' is left out: " + problem);
  }

  CompilationDatabase take() { return std::move(database_); }

private:
  bool readInto(const json::Value& value, std::string& problem) {
    const json::Object* entry = value.getAsObject();
    if (!entry) {
      problem = "it is not an object";
      return false;
    }
    const std::optional<llvm::StringRef> file = entry->getString("file");
    if (!file || file->empty()) {
      problem = "it has no \"file\"";
      return false;
    }
    CompileCommand command;
    command.directory = normalize(entry->getString("directory").value_or("."), base_);
    command.file = normalize(*file, command.directory);
    std::vector<std::string> arguments;
    if (!readArguments(*entry, arguments, problem)) {
      problem = "'" + command.file + "': " + problem;
      return false;
    }
    llvm::Expected<std::vector<std::string>> expanded =
        expandResponseFiles(std::move(arguments), command.directory);
    if (!expanded) {
      problem = "'" + command.file + "': " + llvm::toString(expanded.takeError());
      return false;
    }
    if (!isCOrCxx(command.file, *expanded)) {
      ++database_.other_languages;
      return true;
    }
    command.arguments = toClangCommand(*expanded);
    if (command.arguments.size() < 2) {
      problem = "'" + command.file + "': its command names no compiler, or no file";
      return false;
    }
    add(std::move(command));
    return true;
  }

  static bool readArguments(const json::Object& entry, std::vector<std::string>& arguments,
                            std::string& problem) {
    if (const json::Array* list = entry.getArray("arguments")) {
      for (const json::Value& value : *list) {
        const std::optional<llvm::StringRef> argument = value.getAsString();
        if (!argument) {
          problem = "\"arguments\" holds something that is not a string";
          return false;
        }
        arguments.push_back(argument->str());
      }
      return true;
    }
    const std::optional<llvm::StringRef> text = entry.getString("command");
    if (!text) {
      problem = "it has neither \"command\" nor \"arguments\"";
      return false;
    }
    arguments = splitCommand(*text);
    return true;
  }

  void add(CompileCommand command) {
    std::string all = std::to_string(facts::kFactsVersion);
    for (const std::string* part : {&command.directory, &command.file})
      (all += '\0') += *part;
    for (const std::string& argument : command.arguments)
      (all += '\0') += argument;
    command.identity = facts::hashOf(all);
    if (seen_.insert({command.identity[0], command.identity[1]}).second)
      database_.commands.push_back(std::move(command));
    else
      ++database_.duplicates;
  }

  std::string base_;
  CompilationDatabase database_;
  llvm::DenseSet<std::pair<uint64_t, uint64_t>> seen_;
};

} // namespace

llvm::Expected<CompilationDatabase> parseCompilationDatabase(llvm::StringRef text,
                                                             llvm::StringRef path) {
  const auto fail = [&](const std::string& why) {
    return llvm::createStringError("the compilation database '" + path.str() + "' " + why);
  };
  if (isTooDeep(text))
    return fail("is not JSON of compile commands: it is nested too deeply");
  llvm::Expected<json::Value> value = json::parse(text);
  if (!value)
    return fail("is not JSON: " + llvm::toString(value.takeError()) +
                "; configure the build again to have it written anew");
  const json::Array* entries = value->getAsArray();
  if (!entries)
    return fail("is not an array of compile commands");
  DatabaseReader reader(path);
  for (size_t index = 0; index != entries->size(); ++index)
    reader.readEntry((*entries)[index], index);
  CompilationDatabase database = reader.take();
  if (database.commands.empty() && !database.problems.empty())
    return fail("has no entry that can be used; the first: " + database.problems.front());
  return database;
}

llvm::Expected<CompilationDatabase> readCompilationDatabase(llvm::StringRef path) {
  llvm::SmallString<256> file(path);
  if (std::error_code code = llvm::sys::fs::make_absolute(file))
    return llvm::createStringError("'" + path + "' cannot be made absolute: " + code.message());
  if (llvm::sys::fs::is_directory(file))
    path::append(file, "compile_commands.json");
  path::remove_dots(file, /*remove_dot_dot=*/true);
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer)
    return llvm::createStringError(
        "the compilation database '" + file.str() +
        "' cannot be read: " + buffer.getError().message() +
        "; give the build directory with -p, and have your build system write one there (CMake: "
        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON; Meson does by itself; make: run it under `bear --`)");
  return parseCompilationDatabase((*buffer)->getBuffer(), file);
}

} // namespace lockvet::index
