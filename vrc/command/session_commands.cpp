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

/// A path as one types it here: what is below the current directory is named from there.
llvm::StringRef fromHere(llvm::StringRef path) {
  llvm::SmallString<256> here;
  if (!llvm::sys::fs::current_path(here) && path.starts_with((here + "/").str()))
    return path.drop_front(here.size() + 1);
  return path;
}

llvm::Error runLines(Session& session, llvm::StringRef file, llvm::StringRef text) {
  unsigned number = 0;
  while (!text.empty() && !session.wantsToQuit()) {
    if (session.stopFlag().load(std::memory_order_relaxed))
      return query::stopped();
    auto [line, rest] = text.split('\n');
    text = rest;
    ++number;
    llvm::Expected<Answer> answer = session.answer(line.rtrim('\r'));
    if (!answer)
      return llvm::createStringError(file + ":" + llvm::Twine(number) + ": " +
                                     llvm::toString(answer.takeError()));
    if (session.on_answer && (answer->timing || !std::holds_alternative<Done>(answer->result)))
      session.on_answer(*answer);
  }
  return llvm::Error::success();
}

} // namespace

llvm::Error writeFile(llvm::StringRef path, llvm::StringRef text) {
  llvm::Error error = llvm::writeToOutput(path, [&](llvm::raw_ostream& out) {
    out << text;
    return llvm::Error::success();
  });
  if (error)
    return llvm::createStringError(path + ": " + llvm::toString(std::move(error)));
  return llvm::Error::success();
}

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
    all += "open " + quoted(fromHere(session.database())) + "\n";
  for (const Session::Change& change : session.changes)
    all += change.line + "\n";
  if (words.empty())
    return Text{all};
  if (llvm::Error error = writeFile(words[0], all))
    return std::move(error);
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

llvm::Expected<Result> history(Session& session, const Arguments&) {
  std::string all;
  for (size_t index = 0; index < session.history.size(); ++index)
    all += llvm::formatv("{0,5}  {1}\n", index + 1, session.history[index]).str();
  return Text{all};
}

namespace {

llvm::Expected<Result> switchTo(bool on, Session& session, const Arguments& arguments) {
  if (!arguments.has("--timing"))
    return query::errorAt(arguments.operands().size(), "expected what: --timing");
  session.wants_timing = on;
  return Done();
}

} // namespace

llvm::Expected<Result> enable(Session& session, const Arguments& arguments) {
  return switchTo(true, session, arguments);
}

llvm::Expected<Result> disable(Session& session, const Arguments& arguments) {
  return switchTo(false, session, arguments);
}

llvm::Expected<Result> quit(Session& session, const Arguments&) {
  session.quit();
  return Done();
}

} // namespace lockvet::command
