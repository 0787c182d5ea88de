// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/cli/commands.h"
#include "analyzer/extract/extractor.h"
#include "analyzer/index/worker.h"
#include "analyzer/program/linker.h"
#include "llvm/Support/raw_ostream.h"

#include <csignal>

namespace lockvet::cli {

namespace {

/// What a shell reports of a program that an interrupt ended.
constexpr int kInterruptedExit = 128 + SIGINT;

} // namespace

int runIndex(const index::IndexOptions& options) {
  if (extract::findResourceDirectory().empty())
    return fail(llvm::createStringError(
        "Clang's own headers (stddef.h and others) are not on this machine; install the package "
        "libclang-common-22-dev"));
  llvm::Expected<index::IndexSummary> summary =
      index::runIndex(options, program::link, llvm::errs());
  if (!summary)
    return fail(summary.takeError());
  index::printSummary(*summary, llvm::errs());
  return summary->was_interrupted ? kInterruptedExit : kClean;
}

int runIndexWorker() {
  extract::Extractor extractor("");
  return index::runWorker(index::kWorkerSocket, [&](const index::Job& job) {
    return extractor.extract(job.directory, job.file, job.arguments);
  });
}

} // namespace lockvet::cli
