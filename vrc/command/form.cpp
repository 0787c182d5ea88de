// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/form.h"

#include "vrc/query/error.h"

namespace lockvet::command {

namespace {

// In the order of the forms; a word is an option without its dashes.
constexpr Option kForms[] = {
    {"--text", "", "show the answer as text"},
    {"--json", "", "show the answer as JSON, one value on one line"},
    {"--dot", "", "show the answer as a graph for Graphviz"},
    {"--svg", "", "show the answer as a drawing; needs Graphviz"},
    {"--html", "", "show the answer as a page for a browser, to follow it in the sources"}};

llvm::StringRef wordOf(const Option& form) {
  return form.name.drop_front(2);
}

} // namespace

std::vector<std::string> formWords() {
  std::vector<std::string> words;
  for (const Option& form : kForms)
    words.push_back(wordOf(form).str());
  return words;
}

std::optional<Form> formNamed(llvm::StringRef word) {
  for (size_t index = 0; index < std::size(kForms); ++index)
    if (wordOf(kForms[index]) == word)
      return static_cast<Form>(index);
  return std::nullopt;
}

llvm::ArrayRef<Option> formOptions() {
  return kForms;
}

llvm::Expected<std::optional<Form>> formOf(const Arguments& arguments) {
  std::optional<Form> asked;
  for (const Option& form : kForms) {
    if (!arguments.has(form.name))
      continue;
    if (asked)
      return query::errorAt(arguments.offset(form.name) - form.name.size() - 1,
                            "an answer is shown in one form; choose among " +
                                kForms[static_cast<size_t>(*asked)].name.str() + " and " +
                                form.name.str());
    asked = formNamed(wordOf(form));
  }
  return asked;
}

} // namespace lockvet::command
