// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/cli/commands.h"
#include "analyzer/extract/extractor.h"
#include "analyzer/index/worker.h"
#include "analyzer/program/linker.h"
#include "llvm/Support/raw_ostream.h"

namespace lockvet::cli {

llvm::Error findHeaders() {
  if (extract::findResourceDirectory().empty())
    return llvm::createStringError(
        "Clang's own headers (stddef.h and others) are not on this machine; install the package "
        "libclang-common-22-dev");
  return llvm::Error::success();
}

int runIndex(const index::IndexOptions& options) {
  if (llvm::Error error = findHeaders())
    return fail(std::move(error));
  llvm::Expected<index::IndexSummary> summary =
      index::runIndex(options, program::link, llvm::errs());
  if (!summary)
    return fail(summary.takeError());
  index::printSummary(*summary, llvm::errs());
  return summary->was_interrupted ? kInterrupted : kClean;
}

int runIndexWorker() {
  extract::Extractor extractor("");
  return index::runWorker(index::kWorkerSocket, [&](const index::Job& job) {
    return extractor.extract(job.directory, job.file, job.arguments);
  });
}

} // namespace lockvet::cli
