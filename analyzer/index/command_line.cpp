// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/command_line.h"

#include "analyzer/index/gcc_flags.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"

#include <optional>

namespace lockvet::index {
namespace {

/// Nesting of response files beyond which one of them contains itself.
constexpr int kMaxResponseFileDepth = 20;

llvm::StringRef programName(llvm::StringRef program) {
  return llvm::sys::path::filename(program);
}

bool isWrapper(llvm::StringRef program) {
  return llvm::StringSwitch<bool>(programName(program))
      .Cases({"ccache", "sccache", "distcc", "icecc", "gomacc", "buildcache", "recc"}, true)
      .Cases({"env", "nice", "time", "libtool"}, true)
      .Default(false);
}

/// What is before the compiler: wrappers with their options and settings, and CMake's launcher.
size_t compilerIndex(const std::vector<std::string>& arguments) {
  size_t index = 0;
  if (!arguments.empty() && programName(arguments[0]) == "cmake") {
    const auto separator = llvm::find(arguments, "--");
    return separator == arguments.end() ? arguments.size() : separator - arguments.begin() + 1;
  }
  while (index < arguments.size() && isWrapper(arguments[index])) {
    ++index;
    while (index < arguments.size() &&
           (arguments[index].starts_with('-') || llvm::StringRef(arguments[index]).contains('=')))
      ++index;
  }
  return index;
}

struct Compiler {
  bool is_clang = false;
  bool is_cxx = false;
  std::string target; ///< of a cross compiler, by its name
};

/// Reads "aarch64-linux-gnu-g++-12", "clang-22", "c++".
Compiler readCompiler(llvm::StringRef program) {
  llvm::StringRef name = programName(program);
  name.consume_back(".exe");
  // The version: digits and dots after the last dash.
  if (const auto [base, version] = name.rsplit('-');
      !version.empty() && version.find_first_not_of("0123456789.") == llvm::StringRef::npos)
    name = base;
  Compiler compiler;
  const auto [prefix, last] = name.rsplit('-');
  const llvm::StringRef driver = last.empty() ? name : last;
  compiler.is_clang = driver.starts_with("clang");
  compiler.is_cxx = driver.ends_with("++");
  if (!last.empty() && !compiler.is_clang && prefix.contains('-'))
    compiler.target = prefix.str();
  return compiler;
}

/// Options about files to write and phases to run. With `-o` alone, the next word is its value.
bool isOutputOption(llvm::StringRef argument, bool& takes_next) {
  takes_next = llvm::is_contained({"-o", "-MF", "-MT", "-MQ", "-MJ", "-dumpbase", "-dumpdir",
                                   "-dumpbase-ext", "-aux-info", "--serialize-diagnostics",
                                   "-serialize-diagnostics", "-index-store-path", "--output"},
                                  argument);
  if (takes_next)
    return true;
  if (llvm::is_contained({"-c", "-S", "-E", "-M", "-MM", "-MD", "-MMD", "-MP", "-MG", "-MV",
                          "-pipe", "-fsyntax-only", "-save-temps", "--compile"},
                         argument))
    return true;
  for (llvm::StringRef prefix : {"-MF", "-MT", "-MQ", "-MJ", "-save-temps=", "-Wp,-M", "-Wa,",
                                 "-Wl,", "--output=", "-fdiagnostics-color"})
    if (argument.starts_with(prefix))
      return true;
  // -oFILE, but not Objective-C's and others' words that begin so.
  return argument.starts_with("-o") && !argument.starts_with("-objc");
}

/// Options whose next word is theirs, so that it is not mistaken for another option.
bool takesNext(llvm::StringRef argument) {
  return llvm::is_contained(
      {"-I",      "-D",         "-U",          "-include",       "-imacros",  "-isystem",
       "-iquote", "-idirafter", "-iprefix",    "-iwithprefix",   "-isysroot", "-x",
       "-arch",   "-target",    "-Xclang",     "-Xpreprocessor", "-mllvm",    "-L",
       "-l",      "-F",         "-iframework", "-std",           "-B"},
      argument);
}

llvm::Error expandInto(std::vector<std::string>& out, std::vector<std::string> arguments,
                       llvm::StringRef directory, int depth) {
  for (std::string& argument : arguments) {
    if (!llvm::StringRef(argument).starts_with("@") || argument.size() == 1) {
      out.push_back(std::move(argument));
      continue;
    }
    llvm::SmallString<128> path(llvm::StringRef(argument).drop_front());
    if (llvm::sys::path::is_relative(path)) {
      path = directory;
      llvm::sys::path::append(path, llvm::StringRef(argument).drop_front());
    }
    auto buffer = llvm::MemoryBuffer::getFile(path);
    if (!buffer)
      return llvm::createStringError("the response file '" + path.str() +
                                     "' cannot be read: " + buffer.getError().message());
    if (depth == kMaxResponseFileDepth)
      return llvm::createStringError("the response file '" + path.str() + "' includes itself");
    if (llvm::Error error =
            expandInto(out, splitCommand((*buffer)->getBuffer()), directory, depth + 1))
      return error;
  }
  return llvm::Error::success();
}

} // namespace

std::vector<std::string> splitCommand(llvm::StringRef command) {
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  llvm::SmallVector<const char*, 128> words;
  llvm::cl::TokenizeGNUCommandLine(command, saver, words);
  return {words.begin(), words.end()};
}

llvm::Expected<std::vector<std::string>> expandResponseFiles(std::vector<std::string> arguments,
                                                             llvm::StringRef directory) {
  std::vector<std::string> out;
  out.reserve(arguments.size());
  if (llvm::Error error = expandInto(out, std::move(arguments), directory, 0))
    return error;
  return out;
}

std::vector<std::string> toClangCommand(const std::vector<std::string>& arguments) {
  size_t index = compilerIndex(arguments);
  if (index >= arguments.size())
    return {};
  const Compiler compiler = readCompiler(arguments[index]);
  std::vector<std::string> command;
  command.reserve(arguments.size());
  // A real clang keeps its path: it may find its own C++ library beside itself.
  command.push_back(compiler.is_clang ? arguments[index] : compiler.is_cxx ? "clang++" : "clang");
  if (!compiler.target.empty())
    command.push_back("--target=" + compiler.target);
  bool only_files = false; // after "--"
  for (++index; index < arguments.size(); ++index) {
    const std::string& argument = arguments[index];
    bool takes_next = false;
    only_files |= argument == "--";
    if (!only_files &&
        (isOutputOption(argument, takes_next) || isForeignFlag(argument, takes_next))) {
      index += takes_next ? 1 : 0;
      continue;
    }
    command.push_back(argument);
    if (!only_files && takesNext(argument) && index + 1 < arguments.size())
      command.push_back(arguments[++index]);
  }
  return command;
}

bool isCOrCxx(llvm::StringRef file, const std::vector<std::string>& arguments) {
  std::optional<llvm::StringRef> language;
  for (size_t index = 0; index != arguments.size(); ++index) {
    llvm::StringRef argument = arguments[index];
    if (argument == "-x" && index + 1 != arguments.size())
      language = arguments[++index];
    else if ((argument.consume_front("-x") && !argument.empty()) ||
             argument.consume_front("--language="))
      language = argument;
  }
  if (language && *language != "none")
    return llvm::is_contained(
        {"c", "c++", "c-header", "c++-header", "cpp-output", "c++-cpp-output"}, *language);
  return llvm::is_contained({".c", ".C", ".cc", ".cp", ".cpp", ".CPP", ".cxx", ".CXX", ".c++",
                             ".C++", ".i", ".ii", ".h", ".hh", ".hpp", ".hxx", ".inc", ".inl"},
                            llvm::sys::path::extension(file));
}

} // namespace lockvet::index
