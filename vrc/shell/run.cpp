// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/shell/run.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "vrc/output/output.h"
#include "vrc/query/error.h"
#include "vrc/shell/interruption.h"

namespace lockvet::shell {

namespace {

llvm::Error print(const command::Answer& answer, const command::Session& session,
                  const Streams& streams) {
  llvm::SmallString<256> directory;
  if (llvm::sys::fs::current_path(directory))
    directory.clear();
  return output::print(answer, session.settledView(),
                       {.form = streams.form,
                        .directory = directory.str().str(),
                        .store = session.database(),
                        .with_colour = streams.out.has_colors() && streams.out.is_displayed()},
                       streams.out);
}

/// The line, and a caret below what is wrong; tabs stay tabs, so that it stands there.
void printCaret(llvm::StringRef line, size_t offset, llvm::raw_ostream& out) {
  out << "  " << line << "\n  ";
  for (char c : line.take_front(offset))
    out << (c == '\t' ? '\t' : ' ');
  if (offset > line.size())
    out.indent(static_cast<unsigned>(offset - line.size()));
  out << "^\n";
}

bool run(command::Session& session, llvm::StringRef line, const std::string& where,
         const Streams& streams) {
  // Neither a blank line nor a comment has an answer, in no format.
  if (const llvm::StringRef text = line.trim(); text.empty() || text.starts_with("#"))
    return true;
  llvm::Error error = llvm::Error::success();
  session.on_answer = [&](const command::Answer& answer) {
    error = llvm::joinErrors(std::move(error), print(answer, session, streams));
  };
  bool is_first = true;
  if (streams.form == command::Form::Text)
    session.on_path = [&](const query::Path& path) {
      if (!std::exchange(is_first, false))
        streams.out << '\n';
      command::Answer one{command::Paths{.paths = {path}}, "", std::nullopt, std::nullopt};
      error = llvm::joinErrors(std::move(error), print(one, session, streams));
      if (streams.out.is_displayed())
        streams.out.flush();
    };
  llvm::Expected<command::Answer> answer = [&] {
    const Interruption interruption(session);
    return session.answer(line);
  }();
  session.on_answer = nullptr;
  session.on_path = nullptr;
  error = llvm::joinErrors(std::move(error),
                           answer ? print(*answer, session, streams) : answer.takeError());
  streams.out.flush();
  if (!error)
    return true;
  llvm::Error rest = llvm::handleErrors(std::move(error), [&](const query::QueryError& error) {
    streams.errors << where << "error: " << error.text() << '\n';
    printCaret(line, error.offset(), streams.errors);
  });
  if (rest)
    streams.errors << where << "error: " << llvm::toString(std::move(rest)) << '\n';
  return false;
}

} // namespace

bool runLine(command::Session& session, llvm::StringRef line, const Streams& streams) {
  return run(session, line, "", streams);
}

bool runText(command::Session& session, llvm::StringRef name, llvm::StringRef text,
             const Streams& streams) {
  unsigned number = 0;
  while (!text.empty() && !session.wantsToQuit()) {
    auto [line, rest] = text.split('\n');
    text = rest;
    ++number;
    if (!run(session, line.rtrim('\r'), (name + ":" + llvm::Twine(number) + ": ").str(), streams))
      return false;
  }
  return true;
}

} // namespace lockvet::shell
