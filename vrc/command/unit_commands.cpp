// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The older `vrc` read a compilation database, and then the units that it was told to load. Here
// `lockvet index` has read them all, so these commands open its store, and tell what is not in it.

#include "analyzer/config/path_glob.h"
#include "analyzer/store/sql_query.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "vrc/command/registry.h"
#include "vrc/command/session.h"
#include "vrc/query/error.h"

namespace lockvet::command {

namespace {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

constexpr llvm::StringLiteral kUsualName = "compile_commands.json";
constexpr llvm::StringLiteral kSqliteMagic = "SQLite format 3";

/// Reads a database, or that of a directory, and opens the store of its units unless one is open:
/// the one here or the one beside the database.
llvm::Error useCompilationDatabase(Session& session, const std::string& name) {
  llvm::SmallString<256> file(name);
  if (fs::is_directory(file))
    path::append(file, kUsualName);
  if (std::error_code error = fs::make_absolute(file))
    return llvm::createStringError(error, "the current directory cannot be told");
  llvm::Expected<std::vector<Unit>> units = readCompilationDatabase(file.str().str());
  if (!units)
    return units.takeError();
  const llvm::StringRef folder = path::parent_path(file);
  if (session.database().empty()) {
    std::string store = "lockvet.db";
    if (!fs::exists(store))
      store = (folder + "/lockvet.db").str();
    if (!fs::exists(store))
      return llvm::createStringError("these units have no store yet: run `lockvet index -p " +
                                     folder + "` first");
    if (llvm::Error error = session.open(store))
      return error;
  }
  session.units = std::move(*units);
  session.compilation_database = file.str().str();
  return llvm::Error::success();
}

/// The sources in the open store.
llvm::Expected<llvm::StringSet<>> indexedSources(const Session& session) {
  llvm::Expected<store::SqlTable> table =
      store::runSql(session.database(), "SELECT file FROM unit", {}, &session.stopFlag());
  if (!table)
    return table.takeError();
  llvm::StringSet<> sources;
  for (const std::vector<std::string>& row : table->rows)
    sources.insert(row.front());
  return sources;
}

bool isStore(const std::string& file) {
  auto buffer = llvm::MemoryBuffer::getFileSlice(file, kSqliteMagic.size(), 0);
  return buffer && (*buffer)->getBuffer() == kSqliteMagic;
}

/// Names each of them, if there are any.
void list(std::string& text, llvm::StringRef title, const std::vector<std::string>& units) {
  if (units.empty())
    return;
  text += (title + ":\n").str();
  for (const std::string& unit : units)
    text += "  " + unit + "\n";
}

/// The units that a word names: by the source or the object file, from here or from the database's
/// directory, with `*` and `?`.
llvm::Expected<std::vector<std::string>> sourcesOf(const Session& session, llvm::StringRef word) {
  std::vector<config::PathGlob> globs;
  llvm::SmallString<256> here;
  if (std::error_code error = fs::current_path(here))
    return llvm::createStringError(error, "the current directory cannot be told");
  for (llvm::StringRef folder : {here.str(), path::parent_path(session.compilation_database)}) {
    llvm::SmallString<256> pattern(word);
    path::make_absolute(folder, pattern);
    path::remove_dots(pattern, /*remove_dot_dot=*/true);
    llvm::Expected<config::PathGlob> glob = config::PathGlob::create(pattern);
    if (!glob)
      return glob.takeError();
    globs.push_back(std::move(*glob));
  }
  std::vector<std::string> sources;
  for (const Unit& unit : session.units)
    if (llvm::any_of(globs, [&](const config::PathGlob& glob) {
          return glob.matches(unit.source) || glob.matches(unit.object);
        }))
      sources.push_back(unit.source);
  return sources;
}

} // namespace

llvm::Expected<Result> compilationDatabase(Session& session, const Arguments& arguments) {
  const std::vector<std::string> words = arguments.words();
  if (words.size() != 1)
    return query::errorAt(arguments.operands().size(), "expected one compile_commands.json");
  if (llvm::Error error = useCompilationDatabase(session, words[0]))
    return std::move(error);
  llvm::Expected<llvm::StringSet<>> indexed = indexedSources(session);
  if (!indexed)
    return indexed.takeError();
  std::vector<std::string> missing;
  for (const Unit& unit : session.units)
    if (!indexed->contains(unit.source))
      missing.push_back(unit.source);
  std::string text =
      llvm::formatv("{0}: {1} units, {2} of them indexed in {3}\n", words[0], session.units.size(),
                    session.units.size() - missing.size(), session.database());
  if (arguments.has("--verbose"))
    list(text, "not indexed", missing);
  return Text{text};
}

llvm::Expected<Result> load(Session& session, const Arguments& arguments) {
  const std::vector<std::string> words = arguments.words();
  if (words.empty() || (words.size() == 1 && isStore(words[0])))
    return open(session, arguments);
  if (session.units.empty())
    if (llvm::Error error = useCompilationDatabase(session, kUsualName.str()))
      return std::move(error);
  llvm::Expected<llvm::StringSet<>> indexed = indexedSources(session);
  if (!indexed)
    return indexed.takeError();
  std::vector<std::string> loaded;
  for (size_t index = 0; index < words.size(); ++index) {
    llvm::Expected<std::vector<std::string>> sources = sourcesOf(session, words[index]);
    if (!sources)
      return sources.takeError();
    if (sources->empty())
      return query::errorAt(arguments.wordOffset(index),
                            "there is no store and no unit '" + words[index] + "'");
    for (const std::string& source : *sources)
      if (!indexed->contains(source))
        return query::errorAt(arguments.wordOffset(index),
                              source + " is not indexed: run `lockvet index`");
    loaded.insert(loaded.end(), sources->begin(), sources->end());
  }
  std::string text = llvm::formatv("{0} of {1} units; the graph has all that are in {2}\n",
                                   loaded.size(), session.units.size(), session.database());
  if (arguments.has("--verbose"))
    list(text, "loaded", loaded);
  return Text{text};
}

} // namespace lockvet::command
