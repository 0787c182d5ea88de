// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "vrc/command/registry.h"
#include "vrc/command/session.h"
#include "vrc/query/error.h"

namespace lockvet::command {

namespace {

constexpr int kMaxSourceDepth = 50;

/// As one word of a command line.
std::string quoted(llvm::StringRef word) {
  std::string result = "\"";
  for (char c : word) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += c;
  }
  return result + '"';
}

llvm::Error runLines(Session& session, llvm::StringRef file, llvm::StringRef text) {
  unsigned number = 0;
  while (!text.empty() && !session.wantsToQuit()) {
    if (session.view().isStopped())
      return query::stopped();
    auto [line, rest] = text.split('\n');
    text = rest;
    ++number;
    llvm::Expected<Answer> answer = session.answer(line.rtrim('\r'));
    if (!answer)
      return llvm::createStringError(file + ":" + llvm::Twine(number) + ": " +
                                     llvm::toString(answer.takeError()));
    if (session.on_answer && !std::holds_alternative<Done>(answer->result))
      session.on_answer(*answer);
  }
  return llvm::Error::success();
}

} // namespace

llvm::Expected<Result> open(Session& session, const Arguments& arguments) {
  const std::vector<std::string> words = arguments.words();
  if (words.size() > 1)
    return llvm::createStringError("expected one store; `lockvet index` makes it");
  const std::string database = words.empty() ? "lockvet.db" : words.front();
  if (llvm::Error error = session.open(database))
    return std::move(error);
  return Text{llvm::formatv("{0}: {1} functions and pointers, {2} edges", database,
                            session.graph().size(), session.graph().edges())
                  .str()};
}

llvm::Expected<Result> save(Session& session, const Arguments& arguments) {
  const std::vector<std::string> words = arguments.words();
  if (words.size() > 1)
    return llvm::createStringError("expected one file");
  std::string all;
  if (!session.database().empty())
    all += "open " + quoted(session.database()) + "\n";
  for (const Session::Change& change : session.changes)
    all += change.line + "\n";
  if (words.empty())
    return Text{all};
  // Written beside and renamed, so that a failure leaves the old file.
  llvm::Error error = llvm::writeToOutput(words[0], [&](llvm::raw_ostream& out) {
    out << all;
    return llvm::Error::success();
  });
  if (error)
    return llvm::createStringError(words[0] + ": " + llvm::toString(std::move(error)));
  return Done();
}

llvm::Expected<Result> source(Session& session, const Arguments& arguments) {
  if (llvm::Error error = needOperands(arguments, "a file"))
    return std::move(error);
  if (session.source_depth >= kMaxSourceDepth)
    return llvm::createStringError("files source each other without end");
  for (const std::string& file : arguments.words()) {
    auto buffer = llvm::MemoryBuffer::getFile(file);
    if (!buffer)
      return llvm::createStringError(file + ": " + buffer.getError().message());
    ++session.source_depth;
    llvm::Error error = runLines(session, file, (*buffer)->getBuffer());
    --session.source_depth;
    if (error)
      return std::move(error);
  }
  return Done();
}

llvm::Expected<Result> changeDirectory(Session&, const Arguments& arguments) {
  const std::vector<std::string> words = arguments.words();
  if (words.size() != 1)
    return llvm::createStringError("expected one directory");
  if (std::error_code error = llvm::sys::fs::set_current_path(words[0]))
    return llvm::createStringError(words[0] + ": " + error.message());
  return Done();
}

llvm::Expected<Result> printDirectory(Session&, const Arguments&) {
  llvm::SmallString<256> path;
  if (std::error_code error = llvm::sys::fs::current_path(path))
    return llvm::createStringError(error, "the current directory cannot be told");
  return Text{path.str().str()};
}

llvm::Expected<Result> quit(Session& session, const Arguments&) {
  session.quit();
  return Done();
}

} // namespace lockvet::command
