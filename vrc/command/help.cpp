// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "llvm/Support/FormatVariadic.h"
#include "vrc/command/registry.h"
#include "vrc/query/error.h"

namespace lockvet::command {

namespace {

constexpr llvm::StringLiteral kSpecs =
    R"(A SPEC stands for functions, and for pointers that hold functions:

  bdrv_co_preadv          that name, with or without scopes
  "Record::field"         that name, with any characters
  /^qemu_.*lock/          names in which the regular expression is found
  [coroutine_fn]          what has the label; in brackets a bare word is a label
  [file:block/*.c]        what is defined in such files
  [a,b]  [a|b]            both, either; "name", /regex/ and [nested] stand there too
  []                      everything
  !SPEC                   all but these
  SPEC:callers            who calls them; :callees is what they call
  SPEC:all_callers        they, and all who can call them; :all_callees likewise

Several with blanks between them stand for all together. Labels are the markers of the source, and
capabilities (requires:graph_lock, requires_shared:..., acquires:..., releases:..., excludes:...),
`external` (declared only), `function_pointer`, `blocking`, and what `label` gives.)";

constexpr llvm::StringLiteral kPaths =
    R"(An EXPRESSION is a regular expression over functions, from caller to callee:

  main qemu_init                               a call
  main ... bdrv_co_preadv                      any functions between, also none
  [coroutine_fn] [!no_coroutine_fn]* [coroutine_mixed_fn]
  A B? (C | D)+                                `?` at most once, `+` at least once, `*` any number

The answer is one best path for each pair of ends: the fewest virtual calls and calls through
pointers first, then the shortest. A call through a pointer is two edges, to the pointer and from
there to what it can hold. See also: help specs)";

std::string usage(const Command& command) {
  return command.name.str() + (command.operands.empty() ? "" : " ") + command.operands.str();
}

} // namespace

llvm::Expected<Result> help(Session&, const Arguments& arguments) {
  const std::vector<std::string> words = arguments.words();
  if (words.empty()) {
    std::string text;
    for (const Command& command : allCommands())
      text += llvm::formatv("{0,-36} {1}\n", usage(command), command.summary).str();
    return Text{
        text +
        "\n`help COMMAND` says more; `help specs` and `help paths` explain the query language."
        "\nEvery command takes --text, --json, --dot, --svg or --html: how to show its answer."};
  }
  if (words[0] == "specs")
    return Text{kSpecs.str()};
  const Command* command = commandNamed(words[0]);
  if (!command)
    return query::errorAt(arguments.wordOffset(0),
                          "there is no command '" + words[0] + "'" + similarCommand(words[0]));
  std::string text = usage(*command) + "\n  " + command->summary.str() + "\n";
  for (const Option& option : command->options)
    text +=
        llvm::formatv("  {0,-20} {1}\n",
                      option.name.str() + (option.value.empty() ? "" : " ") + option.value.str(),
                      option.help)
            .str();
  if (words[0] == "paths")
    text += "\n" + kPaths.str();
  return Text{text};
}

} // namespace lockvet::command
