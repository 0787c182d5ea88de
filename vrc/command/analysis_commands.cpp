// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/witness.h"
#include "vrc/command/analysis.h"
#include "vrc/command/registry.h"
#include "vrc/command/session.h"
#include "vrc/query/error.h"

#include <map>

namespace lockvet::command {

namespace {

using program::Context;
using program::Id;

constexpr std::pair<Context, llvm::StringLiteral> kContexts[] = {
    {program::kInside, "in a coroutine"}, {program::kOutside, "outside coroutines"}};

/// The functions of that name; an error if there is none.
llvm::Expected<llvm::ArrayRef<Id>> named(const Analysis& analysis, const Arguments& arguments,
                                         const std::string& name) {
  const llvm::ArrayRef<Id> ids = analysis.program().named(name);
  if (ids.empty())
    return query::errorAt(arguments.operands().find(name), "there is no function '" + name + "'");
  return ids;
}

Explanation::Step toStep(const rules::Step& step) {
  return {step.function, step.file, step.line, step.reason};
}

void addSteps(Explanation::Part& part, const std::vector<rules::Step>& steps) {
  for (const rules::Step& step : steps)
    part.steps.push_back(toStep(step));
}

Explanation::Part wayPart(const Analysis& analysis, const program::Way& way, Id function,
                          Context context, llvm::StringRef words) {
  Explanation::Part part;
  part.title = "can run " + words.str() + (way.is_ambiguous ? ", perhaps" : "");
  addSteps(part, rules::waySteps(analysis.input(), way, function, context));
  return part;
}

Explanation::Part markers(const program::Program& program, Id function, llvm::StringRef label) {
  Explanation::Part part;
  for (const program::Marker& marker : program.markersOf(function))
    if (label.empty() || marker.label == label) {
      const std::string file =
          marker.place.file == program::kNoId ? "" : program.file(marker.place.file).str();
      part.steps.push_back({program.function(function).qualified_name.str(), file,
                            marker.place.line, "is marked " + marker.label.str()});
    }
  if (!part.steps.empty())
    part.title = "markers";
  return part;
}

} // namespace

llvm::Expected<Result> show(Session& session, const Arguments& arguments) {
  if (llvm::Error error = needOperands(arguments, "a function"))
    return std::move(error);
  llvm::Expected<const Analysis*> analysis = session.analysis();
  if (!analysis)
    return analysis.takeError();
  const program::Program& program = (*analysis)->program();
  Explanation result;
  for (const std::string& name : arguments.words()) {
    llvm::Expected<llvm::ArrayRef<Id>> ids = named(**analysis, arguments, name);
    if (!ids)
      return ids.takeError();
    for (Id id : *ids) {
      const program::Function& function = program.function(id);
      Explanation::Part part;
      part.title = function.qualified_name.str();
      const bool has_place = function.place.file != program::kNoId;
      part.steps.push_back({function.qualified_name.str(),
                            has_place ? program.file(function.place.file).str() : "",
                            has_place ? function.place.line : 0,
                            function.is_defined ? "is defined here" : "is declared here"});
      result.parts.push_back(std::move(part));
      if (Explanation::Part part = markers(program, id, ""); !part.steps.empty())
        result.parts.push_back(std::move(part));
      for (const auto& [context, words] : kContexts)
        if (std::optional<program::Way> way = (*analysis)->input().contexts.wayInto(id, context))
          result.parts.push_back(wayPart(**analysis, *way, id, context, words));
    }
  }
  return result;
}

llvm::Expected<Result> why(Session& session, const Arguments& arguments) {
  const std::vector<std::string> words = arguments.words();
  if (words.empty() || words.size() > 2)
    return query::errorAt(arguments.operands().size(), "expected a function and perhaps a label");
  llvm::Expected<const Analysis*> analysis = session.analysis();
  if (!analysis)
    return analysis.takeError();
  llvm::Expected<llvm::ArrayRef<Id>> ids = named(**analysis, arguments, words[0]);
  if (!ids)
    return ids.takeError();
  const std::string label = words.size() == 2 ? words[1] : "coroutine_fn";
  Explanation result;
  for (Id id : *ids) {
    Explanation::Part part = markers((*analysis)->program(), id, label);
    if (!part.steps.empty())
      result.parts.push_back(std::move(part));
    for (const auto& [context, words] : kContexts) {
      const bool is_asked = label == "coroutine_mixed_fn" ||
                            (label == "coroutine_fn") == (context == program::kInside);
      if (std::optional<program::Way> way = (*analysis)->input().contexts.wayInto(id, context);
          way && is_asked && llvm::StringRef(label).ends_with("_fn"))
        result.parts.push_back(wayPart(**analysis, *way, id, context, words));
    }
  }
  if (result.parts.empty())
    return llvm::createStringError("nothing makes " + words[0] + " " + label);
  return result;
}

namespace {

Explanation::Part findingPart(const rules::Finding& finding, llvm::StringRef before) {
  Explanation::Part part;
  part.title = (before + finding.file + ":" + llvm::Twine(finding.line) + ": " + finding.message +
                " [" + finding.rule + "]")
                   .str();
  addSteps(part, finding.witness);
  return part;
}

} // namespace

llvm::Expected<Result> check(Session& session, const Arguments& arguments) {
  llvm::Expected<const Analysis*> analysis = session.analysis();
  if (!analysis)
    return analysis.takeError();
  llvm::Expected<rules::Findings> findings = (*analysis)->run(arguments.words());
  if (!findings)
    return findings.takeError();
  Explanation result;
  for (const rules::Finding& finding : *findings)
    result.parts.push_back(findingPart(finding, ""));
  return result;
}

llvm::Expected<Result> whatIf(Session& session, const Arguments& arguments) {
  const std::vector<std::string> words = arguments.words();
  if (words.size() != 3 || words[0] != "label")
    return query::errorAt(arguments.operands().find_first_not_of(' '),
                          "expected `label FUNCTION LABEL`");
  llvm::Expected<const Analysis*> now = session.analysis();
  if (!now)
    return now.takeError();
  llvm::Expected<llvm::ArrayRef<Id>> ids = named(**now, arguments, words[1]);
  if (!ids)
    return ids.takeError();
  config::Config config = session.config();
  config.labels.push_back({.label = words[2], .name = words[1], .regex = {}, .macro = {}});
  llvm::Expected<std::unique_ptr<Analysis>> then = Analysis::load(session.database(), config);
  if (!then)
    return then.takeError();
  llvm::Expected<rules::Findings> before = (*now)->run({});
  if (!before)
    return before.takeError();
  llvm::Expected<rules::Findings> after = (*then)->run({});
  if (!after)
    return after.takeError();
  Explanation result;
  auto addMissing = [&](const rules::Findings& from, const rules::Findings& in,
                        llvm::StringRef words) {
    std::map<std::string, size_t> known;
    for (const rules::Finding& finding : in)
      ++known[finding.fingerprint];
    for (const rules::Finding& finding : from)
      if (size_t& count = known[finding.fingerprint]; count != 0)
        --count;
      else
        result.parts.push_back(findingPart(finding, words));
  };
  addMissing(*before, *after, "goes: ");
  addMissing(*after, *before, "comes: ");
  if (result.parts.empty())
    return Text{"no finding would come or go"};
  return result;
}

} // namespace lockvet::command
