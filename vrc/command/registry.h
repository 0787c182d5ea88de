// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The commands of `vrc`: one table, from which help, completion and running come. To add one, write
// a function beside those it resembles, declare it below and list it in registry.cpp.

#pragma once

#include "vrc/command/arguments.h"
#include "vrc/command/result.h"
#include "vrc/query/syntax.h"

namespace lockvet::command {

class Session;

struct Command {
  llvm::StringLiteral name;
  llvm::StringLiteral operands; ///< for help: "SPEC..."
  llvm::StringLiteral summary;  ///< one sentence
  llvm::ArrayRef<Option> options;
  llvm::Expected<Result> (*run)(Session& session, const Arguments& arguments);
};

llvm::ArrayRef<Command> allCommands();
const Command* commandNamed(llvm::StringRef name);
/// "; did you mean 'callers'?" or nothing.
std::string similarCommand(llvm::StringRef name);

/// An error unless the command has operands, naming what is missing.
llvm::Error needOperands(const Arguments& arguments, llvm::StringRef what);
/// The kinds of edges that --edges, --include-ref and --include-external ask for.
llvm::Expected<graph::EdgeKinds> edgesOf(const Arguments& arguments);
/// `FROM ... TO` of the two specs that are the operands; an error unless there are two.
llvm::Expected<query::PathExpression> pathBetween(const Arguments& arguments);

/// Writes beside the file and renames, so that a failure leaves the old one.
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef text);

// graph_commands.cpp
llvm::Expected<Result> callers(Session& session, const Arguments& arguments);
llvm::Expected<Result> callees(Session& session, const Arguments& arguments);
llvm::Expected<Result> functions(Session& session, const Arguments& arguments);
llvm::Expected<Result> stronglyConnected(Session& session, const Arguments& arguments);

// edit_commands.cpp
llvm::Expected<Result> node(Session& session, const Arguments& arguments);
llvm::Expected<Result> edge(Session& session, const Arguments& arguments);
llvm::Expected<Result> label(Session& session, const Arguments& arguments);

// label_commands.cpp
llvm::Expected<Result> labels(Session& session, const Arguments& arguments);

// path_commands.cpp
llvm::Expected<Result> paths(Session& session, const Arguments& arguments);
llvm::Expected<Result> path(Session& session, const Arguments& arguments);

// filter_commands.cpp
llvm::Expected<Result> omit(Session& session, const Arguments& arguments);
llvm::Expected<Result> keep(Session& session, const Arguments& arguments);
llvm::Expected<Result> only(Session& session, const Arguments& arguments);
llvm::Expected<Result> reset(Session& session, const Arguments& arguments);

// output_commands.cpp
llvm::Expected<Result> output(Session& session, const Arguments& arguments);
llvm::Expected<Result> dotty(Session& session, const Arguments& arguments);
llvm::Expected<Result> xdot(Session& session, const Arguments& arguments);

// unit_commands.cpp
llvm::Expected<Result> compilationDatabase(Session& session, const Arguments& arguments);
llvm::Expected<Result> load(Session& session, const Arguments& arguments);

// session_commands.cpp
llvm::Expected<Result> open(Session& session, const Arguments& arguments);
llvm::Expected<Result> save(Session& session, const Arguments& arguments);
llvm::Expected<Result> source(Session& session, const Arguments& arguments);
llvm::Expected<Result> changeDirectory(Session& session, const Arguments& arguments);
llvm::Expected<Result> printDirectory(Session& session, const Arguments& arguments);
llvm::Expected<Result> history(Session& session, const Arguments& arguments);
llvm::Expected<Result> enable(Session& session, const Arguments& arguments);
llvm::Expected<Result> disable(Session& session, const Arguments& arguments);
llvm::Expected<Result> quit(Session& session, const Arguments& arguments);

// dominators_command.cpp
llvm::Expected<Result> dominators(Session& session, const Arguments& arguments);

// diff_command.cpp
llvm::Expected<Result> diff(Session& session, const Arguments& arguments);

// analysis_commands.cpp
llvm::Expected<Result> show(Session& session, const Arguments& arguments);
llvm::Expected<Result> why(Session& session, const Arguments& arguments);
llvm::Expected<Result> check(Session& session, const Arguments& arguments);
llvm::Expected<Result> whatIf(Session& session, const Arguments& arguments);

// store_commands.cpp
llvm::Expected<Result> sql(Session& session, const Arguments& arguments);
llvm::Expected<Result> findings(Session& session, const Arguments& arguments);
llvm::Expected<Result> unresolved(Session& session, const Arguments& arguments);
llvm::Expected<Result> slots(Session& session, const Arguments& arguments);

// help.cpp
llvm::Expected<Result> help(Session& session, const Arguments& arguments);

} // namespace lockvet::command
