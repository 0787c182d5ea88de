// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of `lockvet`: parses arguments and runs one subcommand.

#include "analyzer/cli/commands.h"
#include "llvm/ADT/StringExtras.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <map>

using namespace lockvet;

namespace {

/// The words of an option and what they stand for.
template <typename Value> using Words = std::map<std::string, Value>;

const Words<index::ProgressMode> kProgressModes = {{"auto", index::ProgressMode::Auto},
                                                   {"plain", index::ProgressMode::Plain},
                                                   {"none", index::ProgressMode::None}};
const Words<report::Format> kFormats = {{"text", report::Format::Text},
                                        {"json", report::Format::Json},
                                        {"sarif", report::Format::Sarif},
                                        {"github", report::Format::GitHub}};
const Words<report::Colour> kColours = {{"auto", report::Colour::Auto},
                                        {"always", report::Colour::Always},
                                        {"never", report::Colour::Never}};

const std::vector<std::string> kMarkerWords = {
    "coroutine_fn", "coroutine_mixed_fn", "no_coroutine_fn", "main_loop", "io_or_gs",
    "io",           "requires",           "requires_shared", "excludes",  "all"};

template <typename Value> std::vector<std::string> namesOf(const Words<Value>& words) {
  std::vector<std::string> names;
  for (const auto& [name, value] : words)
    names.push_back(name);
  return names;
}

CLI::Validator moreThanNothing() {
  return CLI::Validator(
      [](const std::string& text) {
        double value = 0;
        return CLI::detail::lexical_cast(text, value) && value > 0
                   ? std::string()
                   : "'" + text + "' is not a number above 0";
      },
      "NUMBER");
}

/// Options of all commands that read a configuration.
void addConfig(CLI::App* command, std::string& config, std::string& profile) {
  command->add_option("--config", config,
                      "Configuration file; without it the nearest .lockvet.yaml");
  command->add_option("--profile", profile,
                      "What to know beforehand, instead of the configuration's profile; see "
                      "`lockvet profiles`");
}

/// Options of all commands that report findings.
void addWhatIsFound(CLI::App* command, cli::CheckOptions& options) {
  addConfig(command, options.config, options.profile);
  command->add_option("--rule", options.rules, "Only this rule; may be given several times")
      ->allow_extra_args(false);
  command->add_flag(
      "--guesses", options.with_guesses,
      "Also what rests on a guess: a pointer's type, or what it holds in which context");
}

void addIndex(CLI::App& app, index::IndexOptions& options, std::string& progress, double& seconds,
              uint64_t& megabytes) {
  CLI::App* command = app.add_subcommand(
      "index", "Bring a store up to date with a compilation database (compile_commands.json)");
  options.compilation_database = ".";
  command
      ->add_option("-p,database,--compile-commands", options.compilation_database,
                   "compile_commands.json, or the build directory that has it")
      ->capture_default_str();
  command->add_option("--db", options.store, "The store to write")->capture_default_str();
  command->add_option("-j,--jobs", options.jobs, "Worker processes; 0: one a processor")
      ->capture_default_str();
  command->add_option("--filter", options.filter,
                      "Only units whose file matches this extended regular expression");
  command->add_option("--progress", progress, "How to say how far it is")
      ->check(CLI::IsMember(namesOf(kProgressModes)))
      ->option_text("{auto,plain,none}")
      ->capture_default_str();
  command->add_option("--time-limit", seconds, "Seconds of processor time for one unit")
      ->check(moreThanNothing())
      ->capture_default_str();
  command->add_option("--memory-limit", megabytes, "Megabytes for one worker")
      ->check(moreThanNothing())
      ->capture_default_str();
  command->add_flag("--retry-failed", options.retry_failed,
                    "Parse failed units again although nothing changed");
}

/// Words of `check` that are turned into values after parsing.
struct CheckNames {
  std::string format = "text";
  std::string colour = "auto";
};

void addCheck(CLI::App& app, cli::CheckOptions& options, CheckNames& names,
              std::string& explained) {
  CLI::App* command = app.add_subcommand("check", "Report broken discipline in an indexed tree");
  command->add_option("--db", options.database, "The store to read")->capture_default_str();
  addWhatIsFound(command, options);
  command->add_option("--format", names.format, "How to print findings")
      ->check(CLI::IsMember(namesOf(kFormats)))
      ->option_text("{text,json,sarif,github}")
      ->capture_default_str();
  command->add_option("--color", names.colour, "Whether to colour text")
      ->check(CLI::IsMember(namesOf(kColours)))
      ->option_text("{auto,always,never}")
      ->capture_default_str();
  CLI::Option* baseline =
      command->add_option("--baseline", options.baseline, "Report only what is not in this file");
  command
      ->add_option("--write-baseline", options.write_baseline,
                   "Write all findings to this file, and report none")
      ->excludes(baseline);
  command->add_option("--explain", explained, "Say what a rule is about, and check nothing");
}

void addWatch(CLI::App& app, cli::WatchOptions& options, std::string& colour) {
  CLI::App* command = app.add_subcommand(
      "watch", "Check, and again whenever a file is saved; tell what is new and what is gone");
  options.index.compilation_database = ".";
  options.index.progress = index::ProgressMode::None;
  command
      ->add_option("-p,database,--compile-commands", options.index.compilation_database,
                   "compile_commands.json, or the build directory that has it")
      ->capture_default_str();
  command->add_option("--db", options.check.database, "The store to keep up to date, and to read")
      ->capture_default_str();
  command->add_option("-j,--jobs", options.index.jobs, "Worker processes; 0: one a processor")
      ->capture_default_str();
  addWhatIsFound(command, options.check);
  command->add_option("--color", colour, "Whether to colour text")
      ->check(CLI::IsMember(namesOf(kColours)))
      ->option_text("{auto,always,never}")
      ->capture_default_str();
}

/// Words of `infer` that are turned into values after parsing.
struct InferNames {
  std::string format = "text";
  std::string colour = "auto";
  std::vector<std::string> markers;
};

void addInfer(CLI::App& app, cli::InferOptions& options, InferNames& names) {
  CLI::App* command = app.add_subcommand(
      "infer", "Tell which markers are missing in an indexed tree, and write them");
  command->add_option("paths", options.paths,
                      "Only markers in these folders, files or globs; without any the whole tree");
  command->add_option("--db", options.database, "The store to read")->capture_default_str();
  addConfig(command, options.config, options.profile);
  command
      ->add_option("--marker", names.markers,
                   "Only this marker; may be given several times. Without it those that the tree "
                   "is inconsistent without: coroutine_fn, requires and requires_shared")
      ->check(CLI::IsMember(kMarkerWords))
      ->option_text("{" + llvm::join(kMarkerWords, ",") + "}")
      ->allow_extra_args(false);
  CLI::Option* fix = command->add_flag("--fix", options.fix, "Write the markers into the files");
  command->add_flag("--diff", options.diff, "Print what --fix would change as a unified diff")
      ->excludes(fix);
  command->add_option("--format", names.format, "How to print what is found")
      ->check(CLI::IsMember(namesOf(kFormats)))
      ->option_text("{text,json,sarif,github}")
      ->capture_default_str();
  command->add_option("--color", names.colour, "Whether to colour text")
      ->check(CLI::IsMember(namesOf(kColours)))
      ->option_text("{auto,always,never}")
      ->capture_default_str();
}

void addCoverage(CLI::App& app, cli::CoverageOptions& options, std::string& format) {
  CLI::App* command = app.add_subcommand(
      "coverage", "Tell how much of an indexed tree says what it needs, folder by folder");
  command->add_option(
      "paths", options.paths,
      "Only functions in these folders, files or globs; without any the whole tree");
  command->add_option("--db", options.database, "The store to read")->capture_default_str();
  addConfig(command, options.config, options.profile);
  command->add_option("--depth", options.depth, "Count folders deeper than this in those above")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--format", format, "How to print it")
      ->check(CLI::IsMember({"text", "json"}))
      ->option_text("{text,json}")
      ->capture_default_str();
  command->add_option("--save", options.save, "Write it to this file, too, for --against");
  command->add_option("--against", options.against, "Tell what has changed since this file");
}

infer::MarkerKinds kindsNamed(const std::vector<std::string>& words) {
  infer::MarkerKinds kinds;
  for (const std::string& word : kMarkerWords)
    if (std::optional<infer::MarkerKind> kind = infer::markerNamed(word))
      if (llvm::is_contained(words, word) || llvm::is_contained(words, "all"))
        kinds.insert(*kind);
  return kinds;
}

void addQuery(CLI::App& app, cli::QueryOptions& options, std::string& format) {
  CLI::App* command = app.add_subcommand(
      "query", "Ask the call graph of an indexed tree; see `lockvet query help`");
  command->add_option("--db", options.database, "The store to read")->capture_default_str();
  addConfig(command, options.config, options.profile);
  command->add_option("--format", format, "How to print answers")
      ->check(CLI::IsMember(command::formWords()))
      ->option_text("{" + llvm::join(command::formWords(), ",") + "}")
      ->capture_default_str();
  command->add_option("command", options.commands, "Commands of vrc, each one argument")
      ->required();
}

void addProfiles(CLI::App& app, std::string& name) {
  CLI::App* command = app.add_subcommand(
      "profiles", "List the configurations that come with lockvet, or print one");
  command->add_option("name", name, "The profile to print");
}

} // namespace

int main(int argc, char** argv) {
  // Not for people: the indexer starts itself as a worker.
  if (argc > 1 && llvm::StringRef(argv[1]) == "index-worker")
    return cli::runIndexWorker();

  CLI::App app("lockvet finds broken lock and coroutine discipline in large C and C++ trees.",
               "lockvet");
  app.set_version_flag("--version", "lockvet " LOCKVET_VERSION);
  app.require_subcommand(0, 1);
  app.footer("Exit status: 0 nothing found, 1 findings, 2 could not run.");
  index::IndexOptions index_options;
  double seconds = index_options.limits.seconds;
  uint64_t megabytes = index_options.limits.memory_bytes >> 20;
  std::string progress = "auto";
  addIndex(app, index_options, progress, seconds, megabytes);
  cli::CheckOptions check_options;
  CheckNames names;
  std::string explained;
  addCheck(app, check_options, names, explained);
  cli::WatchOptions watch_options;
  std::string watch_colour = "auto";
  addWatch(app, watch_options, watch_colour);
  cli::InferOptions infer_options;
  InferNames infer_names;
  addInfer(app, infer_options, infer_names);
  cli::CoverageOptions coverage_options;
  std::string coverage_format = "text";
  addCoverage(app, coverage_options, coverage_format);
  cli::QueryOptions query_options;
  std::string query_format = "text";
  addQuery(app, query_options, query_format);
  std::string profile;
  addProfiles(app, profile);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, std::cout, std::cerr) == 0 ? cli::kClean : cli::kFailed;
  }
  if (app.got_subcommand("index")) {
    index_options.progress = kProgressModes.at(progress);
    index_options.limits.seconds = seconds;
    index_options.limits.memory_bytes = megabytes << 20;
    return cli::runIndex(index_options);
  }
  if (app.got_subcommand("watch")) {
    watch_options.index.store = watch_options.check.database;
    watch_options.check.colour = kColours.at(watch_colour);
    return cli::runWatch(watch_options);
  }
  if (app.got_subcommand("infer")) {
    infer_options.format = kFormats.at(infer_names.format);
    infer_options.colour = kColours.at(infer_names.colour);
    if (!infer_names.markers.empty())
      infer_options.kinds = kindsNamed(infer_names.markers);
    return cli::runInfer(infer_options);
  }
  if (app.got_subcommand("coverage")) {
    coverage_options.as_json = coverage_format == "json";
    return cli::runCoverage(coverage_options);
  }
  if (app.got_subcommand("query")) {
    query_options.form = *command::formNamed(query_format);
    return cli::runQuery(query_options);
  }
  if (app.got_subcommand("profiles"))
    return cli::showProfiles(profile);
  if (!app.got_subcommand("check")) {
    std::cerr << "lockvet: error: a subcommand is required: index, check, watch, infer, coverage, "
                 "query or profiles; --help shows more\n";
    return cli::kFailed;
  }
  check_options.format = kFormats.at(names.format);
  check_options.colour = kColours.at(names.colour);
  return explained.empty() ? cli::runCheck(check_options) : cli::explainRule(explained);
}
