// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/shell/editor.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <string>
#include <unistd.h>
#include <vector>

namespace lockvet::shell {

namespace {

namespace path = llvm::sys::path;

/// The folder to import the package from: beside this program in an installation or in a build.
std::string packageFolder(llvm::StringRef program) {
  for (const char* relative : {"../" LOCKVET_PYTHON_DIR, "../python"}) {
    llvm::SmallString<256> folder = path::parent_path(program);
    path::append(folder, relative);
    if (llvm::sys::fs::exists(folder + "/vrc/__main__.py"))
      return folder.str().str();
  }
  return "";
}

} // namespace

void becomeEditor(char** argv) {
  const std::string program =
      llvm::sys::fs::getMainExecutable(argv[0], reinterpret_cast<void*>(&becomeEditor));
  const std::string folder = packageFolder(program);
  if (folder.empty()) {
    llvm::errs() << "vrc: the Python package vrc is not installed beside " << program
                 << ", so there is no line editing\n";
    return;
  }
  std::string search_path = folder;
  if (const char* before = getenv("PYTHONPATH"); before && *before)
    search_path += std::string(":") + before;
  setenv("PYTHONPATH", search_path.c_str(), 1);
  // A folder or file `vrc` where the user happens to be is not meant.
  setenv("PYTHONSAFEPATH", "1", 1);
  setenv("LOCKVET_VRC", program.c_str(), 1);
  std::string words[] = {LOCKVET_PYTHON, "-m", "vrc"};
  std::vector<char*> arguments;
  for (std::string& word : words)
    arguments.push_back(word.data());
  for (char** argument = argv + 1; *argument; ++argument)
    arguments.push_back(*argument);
  arguments.push_back(nullptr);
  execv(LOCKVET_PYTHON, arguments.data());
  llvm::errs() << "vrc: " LOCKVET_PYTHON " cannot be started, so there is no line editing\n";
}

void converse(command::Session& session, std::istream& in, const Streams& streams) {
  std::string line;
  while (!session.wantsToQuit()) {
    streams.out << "(vrc) ";
    streams.out.flush();
    if (!std::getline(in, line))
      break;
    runLine(session, line, streams);
  }
  streams.out << '\n';
}

} // namespace lockvet::shell
