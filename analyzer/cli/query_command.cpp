// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/cli/commands.h"
#include "analyzer/config/config.h"
#include "llvm/Support/raw_ostream.h"
#include "vrc/shell/run.h"

namespace lockvet::cli {

int runQuery(const QueryOptions& options) {
  const std::string directory = currentDirectory();
  llvm::Expected<config::Config> config = config::load(options.config, directory, options.profile);
  if (!config)
    return fail(config.takeError());
  command::Session session(std::move(*config));
  if (llvm::Error error = session.open(options.database))
    return fail(std::move(error));
  for (const std::string& line : options.commands)
    if (!session.wantsToQuit() &&
        !shell::runLine(session, line, {llvm::outs(), llvm::errs(), options.form}))
      return kFailed;
  return kClean;
}

} // namespace lockvet::cli
