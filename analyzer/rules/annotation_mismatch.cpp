// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/witness.h"
#include "llvm/ADT/StringMap.h"

#include <set>

namespace lockvet::rules {

using namespace program;

namespace {

bool isContract(llvm::StringRef label) {
  return labelNamed(label) & (kCoroutineFn | kMixedFn | kNoCoroutineFn) ||
         label.starts_with("requires:") || label.starts_with("requires_shared:") ||
         label.starts_with("excludes:") || label.starts_with("acquires:") ||
         label.starts_with("acquires_shared:") || label.starts_with("releases:") ||
         label.starts_with("releases_shared:");
}

bool isContextLabel(const std::string& label) {
  return labelNamed(label) != 0;
}

/// What a label asks of whom, without the question: "graph_lock" of "requires:graph_lock"; "" where
/// it is no capability.
llvm::StringRef capabilityOf(llvm::StringRef label) {
  return label.split(':').second;
}

/// Capabilities by the files whose markers name them. One that only the definition's own file names
/// is as a rule static there, and no declaration elsewhere could say it.
class CapabilityFiles {
public:
  explicit CapabilityFiles(const Program& program) {
    for (const Marker& marker : program.markers())
      if (llvm::StringRef capability = capabilityOf(marker.label); !capability.empty())
        files_[capability].insert(marker.place.file);
  }

  bool isNamedOutside(Id file, llvm::StringRef label) const {
    llvm::StringRef capability = capabilityOf(label);
    capability.consume_front("!");
    if (capability.empty() || capability.starts_with("$") || capability.starts_with("this"))
      return true;
    auto found = files_.find(capability);
    return found != files_.end() && (found->second.size() > 1 || !found->second.contains(file));
  }

private:
  llvm::StringMap<std::set<Id>> files_;
};

struct Said {
  const Declaration* declaration = nullptr;
  std::set<std::string> labels;
  Place place; ///< of the first marker
};

std::string list(const std::set<std::string>& labels) {
  std::string text;
  for (const std::string& label : labels)
    text += (text.empty() ? "" : ", ") + label;
  return text;
}

std::vector<Said> collect(const Program& program, Id function) {
  std::vector<Said> all;
  for (const Declaration& declaration : program.declarationsOf(function)) {
    Said said{&declaration, {}, declaration.place};
    for (const Marker& marker : program.markersOf(function))
      if (marker.slot == kNoId && marker.fragment == declaration.fragment &&
          isContract(marker.label)) {
        if (said.labels.empty())
          said.place = marker.place;
        said.labels.insert(marker.label.str());
      }
    // One place seen by units with other macros is one declaration: what any of them saw counts.
    bool merged = false;
    for (Said& other : all)
      if (other.declaration->place == declaration.place) {
        other.labels.insert(said.labels.begin(), said.labels.end());
        merged = true;
      }
    if (!merged)
      all.push_back(std::move(said));
  }
  return all;
}

std::set<std::string> contextLabels(const Said& said) {
  std::set<std::string> labels;
  for (const std::string& label : said.labels)
    if (isContextLabel(label))
      labels.insert(label);
  return labels;
}

Finding report(const Program& program, Id function, const Said& here, const Said& there,
               std::string message) {
  Finding finding;
  finding.rule = kAnnotationMismatch.id.str();
  finding.severity = Severity::Warning;
  finding.message = std::move(message);
  finding.function = program.function(function).qualified_name.str();
  finding.file = program.file(here.declaration->place.file).str();
  finding.line = here.declaration->place.line;
  finding.column = here.declaration->place.column;
  finding.identity = {program.function(function).usr.str()};
  finding.witness.push_back(stepAt(program, function, here.declaration->place,
                                   here.labels.empty() ? "this declaration says nothing"
                                                       : "this one says " + list(here.labels)));
  finding.witness.push_back(
      stepAt(program, function, there.place, "this one says " + list(there.labels)));
  return finding;
}

/// The definition says what a declaration in another file does not, or two say different things.
bool checkDeclarations(const Program& program, const CapabilityFiles& capabilities, Id function,
                       Findings& findings) {
  std::vector<Said> all = collect(program, function);
  if (all.size() < 2)
    return false;
  const std::string name = program.function(function).qualified_name.str() + "()";
  for (const Said& one : all) {
    std::set<std::string> labels = contextLabels(one);
    if (labels.empty())
      continue;
    for (const Said& other : all) {
      std::set<std::string> others = contextLabels(other);
      if (others.empty() || others == labels)
        continue;
      findings.push_back(report(program, function, one, other,
                                "two declarations of " + name + " disagree: " + list(labels) +
                                    " and " + list(others)));
      return true;
    }
  }
  for (Said& definition : all) {
    if (!definition.declaration->is_definition || definition.labels.empty())
      continue;
    std::erase_if(definition.labels, [&](const std::string& label) {
      return !capabilities.isNamedOutside(definition.declaration->place.file, label);
    });
    if (definition.labels.empty())
      continue;
    const bool is_declared_with_it = llvm::any_of(all, [&](const Said& other) {
      return !other.declaration->is_definition && !other.labels.empty();
    });
    if (is_declared_with_it)
      continue;
    for (const Said& other : all) {
      if (other.declaration->is_definition || !other.labels.empty() ||
          other.declaration->place.file == kNoId ||
          other.declaration->place.file == definition.declaration->place.file)
        continue;
      Finding finding = report(program, function, other, definition,
                               name + " is " + list(definition.labels) +
                                   " by its definition only: who sees this declaration does not "
                                   "know");
      std::set<std::string> labels = contextLabels(definition);
      if (labels.size() == 1)
        finding.fixes.push_back(
            {finding.file, finding.line, finding.column, *labels.begin() + " "});
      findings.push_back(std::move(finding));
      return true;
    }
  }
  return false;
}

void checkOverrides(const Program& program, Findings& findings) {
  std::set<std::pair<Id, Id>> reported;
  for (const store::OverrideRow& row : program.overrides()) {
    // A caller of the base must find the override to be allowed wherever the base is.
    auto allowed = [&](Id function) -> int {
      if (program.isMixedFn(function) || !program.isMarked(function))
        return kEither;
      return program.isCoroutineFn(function) ? kInside : kOutside;
    };
    const bool surprises = allowed(row.base) & ~allowed(row.method);
    if (!surprises || !reported.insert({row.method, row.base}).second)
      continue;
    const Function& method = program.function(row.method);
    const Function& base = program.function(row.base);
    Finding finding;
    finding.rule = kAnnotationMismatch.id.str();
    finding.message = markerName(method.labels).str() + " " + method.qualified_name.str() +
                      "() overrides " + base.qualified_name.str() + "(), which is " +
                      markerName(base.labels).str();
    finding.function = method.qualified_name.str();
    finding.file = method.place.file == kNoId ? "" : program.file(method.place.file).str();
    finding.line = method.place.line;
    finding.column = method.place.column;
    finding.identity = {method.usr.str(), base.usr.str()};
    finding.witness = {
        markerStep(program, row.method, kCoroutineFn | kMixedFn | kNoCoroutineFn),
        stepAt(program, row.base, base.place,
               "who calls " + base.qualified_name.str() + "() sees this declaration")};
    findings.push_back(std::move(finding));
  }
}

void checkAnnotationMismatch(const RuleInput& input, Findings& findings) {
  const Program& program = input.program;
  const CapabilityFiles capabilities(program);
  for (Id function = 1; function < program.functions().size(); ++function)
    if (!program.markersOf(function).empty())
      checkDeclarations(program, capabilities, function, findings);
  checkOverrides(program, findings);
}

} // namespace

const Rule kAnnotationMismatch = {
    "annotation-mismatch",
    "Declarations of one function, or a method and what it overrides, disagree in their markers.",
    "Callers in other files see the header's declaration only, so that is where the marker "
    "belongs; the definition may repeat it.",
    Severity::Warning, checkAnnotationMismatch};

} // namespace lockvet::rules
