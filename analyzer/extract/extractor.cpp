// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/extractor.h"

#include "analyzer/extract/diagnostics.h"
#include "analyzer/extract/macro_uses.h"
#include "analyzer/extract/unit_walker.h"
#include "analyzer/facts/serialize.h"
#include "clang/Basic/Version.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <sys/resource.h>

namespace lockvet::extract {

using namespace clang;

namespace {

/// How often a command is tried again without the arguments that the driver called unknown.
constexpr int kMaxTries = 8;
/// More working directories than this and the file managers' caches are not worth their memory.
constexpr size_t kMaxFileManagers = 8;

double cpuSeconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// What one parse leaves behind.
struct Parse {
  facts::UnitFacts& unit;
  InputFiles& input_files;
  DiagnosticCollector& diagnostics;
  bool reached_the_end = false;
};

class FactsConsumer : public ASTConsumer {
public:
  FactsConsumer(CompilerInstance& compiler, std::shared_ptr<MacroUses> macros, Parse& parse)
      : compiler_(compiler), macros_(std::move(macros)), parse_(parse) {}

  void HandleTranslationUnit(ASTContext& context) override {
    const bool has_errors = compiler_.getDiagnostics().hasUncompilableErrorOccurred();
    Naming naming(context);
    UnitWalker walker(context, naming, *macros_, has_errors,
                      [&](facts::Fragment&& fragment) { add(fragment); });
    walker.walk();
    for (const DiagnosticCollector::Warning& warning : parse_.diagnostics.warnings())
      addDiagnostic(warning, walker);
    parse_.unit.inputs = parse_.input_files.collect(context.getSourceManager());
    parse_.reached_the_end = true;
  }

private:
  void add(const facts::Fragment& fragment) {
    facts::UnitFacts::FragmentReference reference;
    reference.bytes = facts::serialize(fragment);
    reference.hash = facts::hashOf(reference.bytes);
    parse_.unit.fragments.push_back(std::move(reference));
  }

  void addDiagnostic(const DiagnosticCollector::Warning& warning, UnitWalker& walker) {
    FragmentBuilder builder = walker.newBuilder();
    facts::Diagnostic diagnostic;
    diagnostic.group = warning.group;
    diagnostic.message = warning.message;
    diagnostic.location = builder.locate(warning.location);
    if (const FunctionDecl* function = walker.functionAt(warning.location))
      diagnostic.function = builder.function(function);
    for (const DiagnosticCollector::Note& note : warning.notes)
      diagnostic.notes.push_back({note.message, builder.locate(note.location)});
    builder.fragment().diagnostics.push_back(std::move(diagnostic));
    add(builder.fragment());
  }

  CompilerInstance& compiler_;
  std::shared_ptr<MacroUses> macros_;
  Parse& parse_;
};

class FactsAction : public ASTFrontendAction {
public:
  explicit FactsAction(Parse& parse) : parse_(parse) {}

protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance& compiler,
                                                 llvm::StringRef) override {
    auto macros = std::make_shared<MacroUses>();
    compiler.getPreprocessor().addPPCallbacks(macros->callbacks(compiler.getSourceManager()));
    return std::make_unique<FactsConsumer>(compiler, std::move(macros), parse_);
  }

private:
  Parse& parse_;
};

/// The invocation that the user's command asks for, changed to what extraction wants of it.
void adjust(CompilerInvocation& invocation) {
  invocation.getFrontendOpts().ProgramAction = frontend::ParseSyntaxOnly;
  invocation.getFrontendOpts().DisableFree = false;
  invocation.getFrontendOpts().Plugins.clear();
  invocation.getFrontendOpts().AddPluginActions.clear();
  invocation.getFrontendOpts().OutputFile.clear();
  // Never write dependency files into somebody's build tree.
  invocation.getDependencyOutputOpts() = DependencyOutputOptions();
  invocation.getPreprocessorOpts().addMacroDef("__LOCKVET__=1");
  DiagnosticOptions& diagnostics = invocation.getDiagnosticOpts();
  // The tree's own choice among the thread-safety groups stays, nothing else does.
  std::vector<std::string> warnings = {"no-everything", "thread-safety"};
  for (const std::string& warning : diagnostics.Warnings)
    if (llvm::StringRef(warning).starts_with("thread-safety-"))
      warnings.push_back(warning);
  diagnostics.Warnings = std::move(warnings);
  diagnostics.IgnoreWarnings = 0;
  diagnostics.ErrorLimit = 0;
  diagnostics.DiagnosticSerializationFile.clear();
}

class FactsToolAction : public tooling::ToolAction {
public:
  explicit FactsToolAction(Parse& parse) : parse_(parse) {}

  bool runInvocation(std::shared_ptr<CompilerInvocation> invocation, FileManager* files,
                     std::shared_ptr<PCHContainerOperations> containers,
                     DiagnosticConsumer* consumer) override {
    adjust(*invocation);
    CompilerInstance compiler(std::move(invocation), std::move(containers));
    compiler.setVirtualFileSystem(files->getVirtualFileSystemPtr());
    compiler.setFileManager(files);
    compiler.createDiagnostics(consumer, /*ShouldOwnClient=*/false);
    if (!compiler.hasDiagnostics())
      return false;
    compiler.createSourceManager();
    FactsAction action(parse_);
    const bool success = compiler.ExecuteAction(action);
    files->clearStatCache();
    return success;
  }

private:
  Parse& parse_;
};

} // namespace

std::string findResourceDirectory() {
  for (const char* candidate :
       {LOCKVET_CLANG_RESOURCE_DIR, "/usr/lib/llvm-22/lib/clang/22", "/usr/lib/clang/22"})
    if (llvm::sys::fs::exists(llvm::Twine(candidate) + "/include/stddef.h"))
      return candidate;
  return {};
}

Extractor::Extractor(std::string resource_directory)
    : resource_directory_(resource_directory.empty() ? findResourceDirectory()
                                                     : std::move(resource_directory)) {}

llvm::IntrusiveRefCntPtr<FileManager> Extractor::fileManager(const std::string& directory) {
  if (auto found = file_managers_.find(directory); found != file_managers_.end())
    return found->second;
  if (file_managers_.size() >= kMaxFileManagers)
    file_managers_.clear();
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> system =
      llvm::vfs::createPhysicalFileSystem().release();
  if (system->setCurrentWorkingDirectory(directory))
    return nullptr;
  FileSystemOptions options;
  options.WorkingDir = directory;
  return file_managers_[directory] =
             llvm::makeIntrusiveRefCnt<FileManager>(options, std::move(system));
}

facts::UnitFacts Extractor::extract(const std::string& directory, const std::string& file,
                                    std::vector<std::string> arguments) {
  const double start = cpuSeconds();
  facts::UnitFacts unit;
  llvm::IntrusiveRefCntPtr<FileManager> files = fileManager(directory);
  if (!files) {
    unit.status = facts::UnitStatus::BadCommand;
    unit.reason = "its directory " + directory + " does not exist";
    return unit;
  }
  if (!resource_directory_.empty() && !arguments.empty())
    arguments.insert(arguments.begin() + 1, {"-resource-dir", resource_directory_});
  for (int attempt = 0; attempt < kMaxTries; ++attempt) {
    unit = facts::UnitFacts();
    DiagnosticCollector diagnostics;
    Parse parse{unit, input_files_, diagnostics};
    FactsToolAction action(parse);
    tooling::ToolInvocation invocation(arguments, &action, files.get(),
                                       std::make_shared<PCHContainerOperations>());
    invocation.setDiagnosticConsumer(&diagnostics);
    const bool success = invocation.run();
    if (!parse.reached_the_end && !diagnostics.unknownArguments().empty()) {
      const size_t before = arguments.size();
      for (const std::string& unknown : diagnostics.unknownArguments())
        std::erase(arguments, unknown);
      if (arguments.size() < before)
        continue;
    }
    unit.reason = diagnostics.firstError();
    if (!parse.reached_the_end) {
      unit.status = facts::UnitStatus::BadCommand;
      if (unit.reason.empty())
        unit.reason = "the command compiles nothing: " + file + " is not what it names";
    } else if (!success || !unit.reason.empty()) {
      unit.status = facts::UnitStatus::ParseErrors;
    }
    break;
  }
  unit.cpu_seconds = cpuSeconds() - start;
  return unit;
}

} // namespace lockvet::extract
