// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of `vrc`: what to open, and where the commands come from.

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"
#include "vrc/shell/editor.h"
#include "vrc/shell/run.h"

#include <CLI/CLI.hpp>
#include <iostream>

using namespace lockvet;

namespace {

constexpr int kFailed = 2;

int fail(const std::string& message) {
  llvm::errs() << "vrc: error: " << message << '\n';
  return kFailed;
}

/// Commands from a file, or from standard input for "-".
bool runFile(command::Session& session, const std::string& file, const shell::Streams& streams) {
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(file, /*IsText=*/true);
  if (!buffer) {
    fail(file + ": " + buffer.getError().message());
    return false;
  }
  return shell::runText(session, file == "-" ? "<stdin>" : file, (*buffer)->getBuffer(), streams);
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app("vrc answers questions about the call graph of an indexed tree.", "vrc");
  app.set_version_flag("--version", "vrc (lockvet) " LOCKVET_VERSION);
  std::string database, directory, configuration, profile, format = "text";
  std::vector<std::string> commands, scripts;
  app.add_option("-C", directory, "Go to this directory first");
  app.add_option("--db", database, "The store to open; without it lockvet.db if there is one");
  app.add_option("--config", configuration,
                 "Configuration file; without it the nearest .lockvet.yaml");
  app.add_option("--profile", profile,
                 "What to know beforehand, instead of the configuration's profile; see `lockvet "
                 "profiles`");
  app.add_option("-c,--command", commands, "Run this command; may be given several times")
      ->allow_extra_args(false);
  app.add_option("--format", format, "How to print answers")
      ->check(CLI::IsMember(command::formWords()))
      ->option_text("{" + llvm::join(command::formWords(), ",") + "}")
      ->capture_default_str();
  bool is_plain = false;
  app.add_flag("--plain", is_plain, "At a terminal, read lines without editing and completion");
  app.add_option("script", scripts, "Files of commands; without -c or files, standard input");
  app.footer("Exit status: 0 every command was run, 2 one was not. `vrc -c help` lists commands.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, std::cout, std::cerr) == 0 ? 0 : kFailed;
  }
  const bool is_interactive = commands.empty() && scripts.empty() &&
                              llvm::sys::Process::StandardInIsUserInput() &&
                              llvm::sys::Process::StandardOutIsDisplayed();
  if (is_interactive && !is_plain)
    shell::becomeEditor(argv); // comes back if it cannot
  if (!directory.empty())
    if (std::error_code error = llvm::sys::fs::set_current_path(directory))
      return fail(directory + ": " + error.message());
  llvm::SmallString<256> start;
  if (llvm::sys::fs::current_path(start))
    start = ".";
  llvm::Expected<config::Config> config = config::load(configuration, start, profile);
  if (!config)
    return fail(llvm::toString(config.takeError()));
  command::Session session(std::move(*config));
  if (database.empty() && llvm::sys::fs::exists("lockvet.db"))
    database = "lockvet.db";
  if (!database.empty())
    if (llvm::Error error = session.open(database))
      return fail(llvm::toString(std::move(error)));
  const shell::Streams streams{llvm::outs(), llvm::errs(), *command::formNamed(format)};
  for (const std::string& line : commands)
    if (!session.wantsToQuit() && !shell::runLine(session, line, streams))
      return kFailed;
  if (is_interactive) {
    shell::converse(session, std::cin, streams);
    return 0;
  }
  if (commands.empty() && scripts.empty())
    scripts.push_back("-");
  for (const std::string& script : scripts)
    if (!session.wantsToQuit() && !runFile(session, script, streams))
      return kFailed;
  return 0;
}
