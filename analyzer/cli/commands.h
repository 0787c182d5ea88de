// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The subcommands of `lockvet`: each takes options that are parsed already, does its work and gives
// the exit status. Only main.cpp knows the command line's syntax.

#pragma once

#include "analyzer/index/indexer.h"
#include "analyzer/infer/inference.h"
#include "analyzer/report/reporter.h"
#include "vrc/shell/run.h"

#include <string>
#include <vector>

namespace lockvet::cli {

/// 0: done, and nothing found. 1: findings. 2: could not run. 130: what a shell reports of a
/// program that an interrupt ended.
enum ExitStatus : int { kClean = 0, kFindings = 1, kFailed = 2, kInterrupted = 130 };

int runIndex(const index::IndexOptions& options);

/// The hidden subcommand that the indexer starts its workers with.
int runIndexWorker();

struct CheckOptions {
  std::string database = "lockvet.db";
  std::string config;  ///< empty: the nearest .lockvet.yaml
  std::string profile; ///< empty: what the configuration names
  std::vector<std::string> rules;
  bool with_guesses = false;
  report::Format format = report::Format::Text;
  report::Colour colour = report::Colour::Auto;
  std::string baseline;
  std::string write_baseline;
};

int runCheck(const CheckOptions& options);

struct WatchOptions {
  index::IndexOptions index;
  CheckOptions check; ///< of the same store; no baseline
};

/// Ends only where it fails, or is stopped.
int runWatch(const WatchOptions& options);

struct InferOptions {
  std::string database = "lockvet.db";
  std::string config;             ///< empty: the nearest .lockvet.yaml
  std::string profile;            ///< empty: what the configuration names
  std::vector<std::string> paths; ///< only markers in these folders, files or globs; empty: all
  infer::MarkerKinds kinds = infer::defaultKinds();
  bool fix = false;  ///< write the markers into the files
  bool diff = false; ///< print what would be written
  report::Format format = report::Format::Text;
  report::Colour colour = report::Colour::Auto;
};

int runInfer(const InferOptions& options);

struct CoverageOptions {
  std::string database = "lockvet.db";
  std::string config;             ///< empty: the nearest .lockvet.yaml
  std::string profile;            ///< empty: what the configuration names
  std::vector<std::string> paths; ///< only functions in these folders, files or globs; empty: all
  unsigned depth = 1;             ///< folders below are counted in their ancestors
  bool as_json = false;
  std::string save;    ///< write it here, too
  std::string against; ///< compare with what was written there
};

int runCoverage(const CoverageOptions& options);

struct QueryOptions {
  std::string database = "lockvet.db";
  std::string config;                       ///< empty: the nearest .lockvet.yaml
  std::string profile;                      ///< empty: what the configuration names
  std::vector<std::string> commands;        ///< of vrc's language
  command::Form form = command::Form::Text; ///< where a command does not say
};

int runQuery(const QueryOptions& options);

/// Prints the text of a profile, or without a name what there are.
int showProfiles(const std::string& name);

/// Prints what a rule is about.
int explainRule(const std::string& id);

/// An error where Clang's own headers, without which nothing can be parsed, are missing.
llvm::Error findHeaders();

/// Prints an error as a sentence to standard error, and gives kFailed.
int fail(llvm::Error error);

/// "." where it cannot be told.
std::string currentDirectory();

} // namespace lockvet::cli
