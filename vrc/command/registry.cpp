// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/registry.h"

#include "analyzer/config/did_you_mean.h"
#include "llvm/ADT/STLExtras.h"
#include "vrc/query/error.h"

namespace lockvet::command {

namespace {

constexpr Option kEdges = {
    "--edges", "KINDS",
    "what counts: some of direct, implicit, virtual, flow, type, ref, joined by commas; or all"};
constexpr Option kIncludeRef = {"--include-ref", "", "count mentions of a function as edges"};
constexpr Option kIncludeExternal = {"--include-external", "",
                                     "accepted for older scripts; external functions always count"};

constexpr Option kEdgeOptions[] = {kEdges, kIncludeRef, kIncludeExternal};
constexpr Option kPathsOptions[] = {
    kEdges,
    kIncludeRef,
    kIncludeExternal,
    {"--limit", "N", "at most so many paths; 0: all (without it 20)"},
    {"--all", "", "every path without a repeated node, shortest first, not one for each pair"},
    {"--count", "", "only how many pairs of ends there are"},
    {"--through", "SPEC", "only paths that touch one of these"},
    {"--avoid", "SPEC", "only paths that touch none of these"}};
constexpr Option kFilterOptions[] = {{"--callers", "", "and all that can call them"},
                                     {"--callees", "", "and all that they can call"}};
constexpr Option kResetOptions[] = {
    {"--filters", "", "show everything again"},
    {"--labels", "", "take back what `label` gave"},
    {"--graph", "", "take back labels, and what `node` and `edge` added"}};
constexpr Option kNodeOptions[] = {{"--external", "", "declared only"}};
constexpr Option kSccOptions[] = {kEdges};
constexpr Option kOutputOptions[] = {
    {"--files", "", "a frame around the functions of each file"},
    {"--include-ref", "", "draw mentions of a function as well"},
    {"--include-external", "", "draw functions that are only declared as well"}};
constexpr Option kVerbose = {"--verbose", "", "name the units"};
constexpr Option kCompdbOptions[] = {kVerbose};
constexpr Option kLoadOptions[] = {
    kVerbose,
    {"--force", "", "accepted for older scripts"},
    {"--loader", "NAME", "accepted for older scripts; Lockvet's own index is what is loaded"}};
constexpr Option kTimingOptions[] = {{"--timing", "", "how long each command takes"}};

// Sorted by name, which is how help shows them.
constexpr Command kCommands[] = {
    {".", "FILE...", "Run the commands in files.", {}, source},
    {"callees", "SPEC...", "What these functions call, and where.", kEdgeOptions, callees},
    {"callers", "SPEC...", "Who calls these functions, and where.", kEdgeOptions, callers},
    {"cd", "DIR", "Change the directory.", {}, changeDirectory},
    {"check", "[RULE...]", "Run the rules, as `lockvet check` does.", {}, check},
    {"compdb", "FILE", "Open the store of a compile_commands.json, and tell what it lacks.",
     kCompdbOptions, compilationDatabase},
    {"diff",
     "OLD_STORE",
     "Functions, edges and labels that an older store has or lacks.",
     {},
     diff},
    {"disable", "", "Stop showing what `enable` began to show.", kTimingOptions, disable},
    {"dominators", "FROM TO", "What every path from one function to another passes.", kSccOptions,
     dominators},
    {"dotty", "", "Show the graph in the viewer dotty.", kOutputOptions, dotty},
    {"edge", "CALLER CALLEE [call|ref]", "Add an edge by hand.", {}, edge},
    {"enable", "", "Show more with each answer.", kTimingOptions, enable},
    {"findings", "[RULE]", "What the last `lockvet check` found.", {}, findings},
    {"functions", "SPEC...", "The functions and pointers that a spec stands for.", {}, functions},
    {"help", "[COMMAND | specs]", "This list, a command, or the query language.", {}, help},
    {"history", "", "The commands that were given so far.", {}, history},
    {"keep", "SPEC...", "Show these even where they were omitted.", kFilterOptions, keep},
    {"label", "LABEL [SPEC...]", "Give functions a label; or list those that have it.", {}, label},
    {"labels", "[SPEC...]", "The labels of functions; or all labels there are.", {}, labels},
    {"load", "[STORE | UNIT...]", "Open a store; or see that the store of some units is open.",
     kLoadOptions, load},
    {"node", "NAME [FILE]", "Add a function by hand.", kNodeOptions, node},
    {"omit", "SPEC...", "Hide these from all that follows.", kFilterOptions, omit},
    {"only", "SPEC...", "Hide all but these.", kFilterOptions, only},
    {"open", "[STORE]", "Open the store of an indexed tree.", {}, open},
    {"output", "[FILE]", "The graph in DOT, as far as it is not hidden.", kOutputOptions, output},
    {"path", "FROM TO", "The best path from one function to another.", kPathsOptions, path},
    {"paths", "EXPRESSION", "Paths of calls that match, one for each pair of ends.", kPathsOptions,
     paths},
    {"pwd", "", "Print the directory.", {}, printDirectory},
    {"q", "", "Leave.", {}, quit},
    {"quit", "", "Leave.", {}, quit},
    {"reset", "", "Undo filters and labels given by hand; with options what they say.",
     kResetOptions, reset},
    {"save", "[FILE]", "Write down what was added and hidden, as commands.", {}, save},
    {"scc", "[SPEC...]", "Groups of functions that can call each other in a circle.", kSccOptions,
     stronglyConnected},
    {"show",
     "FUNCTION...",
     "A function: its place, markers, and contexts with the ways there.",
     {},
     show},
    {"slots",
     "FUNCTION | POINTER",
     "Where a function's address is put; what is in a pointer.",
     {},
     slots},
    {"source", "FILE...", "Run the commands in files.", {}, source},
    {"sql", "SELECT ...", "Ask the store in SQL; docs/schema.md has its views.", {}, sql},
    {"unresolved",
     "[FUNCTION]",
     "Calls through pointers that nothing is known to flow to.",
     {},
     unresolved},
    {"what-if", "label FUNCTION LABEL", "Which findings would come and go.", {}, whatIf},
    {"why", "FUNCTION [LABEL]", "What makes a function coroutine_fn, or what LABEL says.", {}, why},
    {"xdot", "", "Show the graph in the viewer xdot.", kOutputOptions, xdot},
};

} // namespace

llvm::ArrayRef<Command> allCommands() {
  return kCommands;
}

const Command* commandNamed(llvm::StringRef name) {
  const Command* found =
      llvm::find_if(kCommands, [&](const Command& command) { return command.name == name; });
  return found == std::end(kCommands) ? nullptr : found;
}

std::string similarCommand(llvm::StringRef name) {
  std::vector<llvm::StringRef> names;
  for (const Command& command : kCommands)
    names.push_back(command.name);
  return config::didYouMean(name, names);
}

llvm::Error needOperands(const Arguments& arguments, llvm::StringRef what) {
  if (arguments.hasOperands())
    return llvm::Error::success();
  return query::errorAt(arguments.operands().size(), "expected " + what.str());
}

llvm::Expected<graph::EdgeKinds> edgesOf(const Arguments& arguments) {
  graph::EdgeKinds kinds = graph::kUsualEdges;
  if (arguments.has("--edges")) {
    kinds = 0;
    llvm::SmallVector<llvm::StringRef, 6> words;
    arguments.value("--edges").split(words, ',');
    for (llvm::StringRef word : words) {
      const graph::EdgeKinds before = kinds;
      for (size_t kind = 0; kind < graph::kEdgeKinds; ++kind)
        if (word == "all" || word == graph::wordFor(static_cast<graph::EdgeKind>(kind)))
          kinds |= graph::bit(static_cast<graph::EdgeKind>(kind));
      if (kinds == before)
        return query::errorAt(arguments.offset("--edges"),
                              "'" + word.str() +
                                  "' is no kind of edge; there are direct, implicit, virtual, "
                                  "flow, type, ref, and all");
    }
  }
  if (arguments.has("--include-ref"))
    kinds |= graph::bit(graph::EdgeKind::Reference);
  return kinds;
}

} // namespace lockvet::command
