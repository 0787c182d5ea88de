// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/cli/commands.h"
#include "analyzer/cli/path_filter.h"
#include "analyzer/config/config.h"
#include "analyzer/infer/coverage.h"
#include "analyzer/report/paths.h"
#include "analyzer/store/store.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace lockvet::cli {

namespace {

/// A prohibition is true of whole call chains, and no measure of what a tree has yet to say; nor
/// are markers of threads, but what they contradict counts.
llvm::Expected<infer::Coverage> measure(store::Store& store, const config::Config& config,
                                        const PathFilter& filter, llvm::StringRef directory) {
  llvm::Expected<std::unique_ptr<infer::Loaded>> loaded = infer::Loaded::load(store, config);
  if (!loaded)
    return loaded.takeError();
  const infer::Inference inference = infer::infer((*loaded)->input(), infer::kindsOfCoverage());
  return infer::coverageOf((*loaded)->input(), inference,
                           [&](llvm::StringRef file) -> std::optional<std::string> {
                             if (!filter.matches(file))
                               return std::nullopt;
                             const std::string path = report::relativeTo(file, directory);
                             const llvm::StringRef folder = llvm::sys::path::parent_path(path);
                             return folder.empty() ? "." : folder.str();
                           });
}

llvm::Expected<infer::Coverage> read(const std::string& path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return llvm::createStringError("cannot read '" + path + "': " + buffer.getError().message());
  return infer::parseCoverage((*buffer)->getBuffer(), path);
}

} // namespace

int runCoverage(const CoverageOptions& options) {
  const std::string directory = currentDirectory();
  llvm::Expected<config::Config> config = config::load(options.config, directory, options.profile);
  if (!config)
    return fail(config.takeError());
  llvm::Expected<PathFilter> filter = PathFilter::create(options.paths, directory);
  if (!filter)
    return fail(filter.takeError());
  std::optional<infer::Coverage> before;
  if (!options.against.empty()) {
    llvm::Expected<infer::Coverage> stored = read(options.against);
    if (!stored)
      return fail(stored.takeError());
    before = infer::upTo(*stored, options.depth);
  }
  llvm::Expected<store::Store> store = store::Store::openReadOnly(options.database);
  if (!store)
    return fail(store.takeError());
  llvm::Expected<infer::Coverage> coverage = measure(*store, *config, *filter, directory);
  if (!coverage)
    return fail(coverage.takeError());
  if (!options.save.empty())
    if (llvm::Error error =
            llvm::writeToOutput(options.save, [&](llvm::raw_ostream& stream) -> llvm::Error {
              stream << infer::coverageJson(*coverage, nullptr);
              return llvm::Error::success();
            }))
      return fail(std::move(error));
  const infer::Coverage shown = infer::upTo(*coverage, options.depth);
  const infer::Coverage* compared = before ? &*before : nullptr;
  if (options.as_json)
    llvm::outs() << infer::coverageJson(shown, compared);
  else
    infer::printCoverage(shown, compared, llvm::outs());
  llvm::outs().flush();
  return kClean;
}

} // namespace lockvet::cli
