// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/config/consistency.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Regex.h"

#include <tuple>

namespace lockvet::config {

namespace {

constexpr size_t kLongestRegex = 1000;
/// The library unrolls x{n}; nested, the counts multiply.
constexpr uint64_t kMostRepetitions = 10'000;

/// The product of the counts of all `{n}` and `{n,m}` in it: a bound of what unrolling makes.
uint64_t repetitions(llvm::StringRef regex) {
  uint64_t product = 1;
  for (size_t open = regex.find('{'); open != llvm::StringRef::npos;
       open = regex.find('{', open + 1)) {
    llvm::StringRef body = regex.drop_front(open + 1);
    unsigned from = 0, to = 0;
    if (body.consumeInteger(10, from))
      continue;
    if (body.consume_front(","))
      (void)body.consumeInteger(10, to);
    product *= std::max({1U, from, to});
    if (product > kMostRepetitions)
      break;
  }
  return product;
}

bool isIdentifier(llvm::StringRef word, llvm::StringRef others) {
  return !word.empty() && !llvm::isDigit(word.front()) && word.size() <= 200 &&
         llvm::all_of(word, [&](char c) { return llvm::isAlnum(c) || others.contains(c); });
}

} // namespace

std::string wrongWithRegex(llvm::StringRef regex) {
  if (regex.size() > kLongestRegex)
    return "is longer than 1000 characters";
  if (repetitions(regex) > kMostRepetitions)
    return "repeats more than 10000 times";
  std::string why;
  if (!llvm::Regex(regex).isValid(why))
    return "is not a regular expression: " + why;
  return {};
}

std::string wrongWithLabel(llvm::StringRef label) {
  return isIdentifier(label, "_-.") ? "" : "must be a word of letters, digits, '_', '-' and '.'";
}

std::string wrongWithRule(llvm::StringRef rule) {
  return isIdentifier(rule, "-") && rule == rule.lower()
             ? ""
             : "is not the id of a rule: those are small letters, digits and '-'";
}

std::string wrongWithMacro(llvm::StringRef macro) {
  return isIdentifier(macro, "_") ? "" : "is not the name of a macro";
}

std::string contradiction(const LabelRule& rule, llvm::ArrayRef<LabelRule> before) {
  auto target = [](const LabelRule& r) { return std::tie(r.name, r.regex, r.macro); };
  // A function that may run outside coroutines is no coroutine_fn. no_coroutine_fn together with
  // coroutine_mixed_fn has a meaning: it works in both, but whoever is in a coroutine has a twin.
  auto contrary = [](llvm::StringRef one, llvm::StringRef other) {
    return one == "coroutine_fn" && (other == "no_coroutine_fn" || other == "coroutine_mixed_fn");
  };
  for (const LabelRule& earlier : before) {
    if (target(earlier) != target(rule))
      continue;
    if (earlier.label == rule.label)
      return llvm::formatv("the label '{0}' is given to it twice", rule.label);
    if (contrary(earlier.label, rule.label) || contrary(rule.label, earlier.label))
      return llvm::formatv("the label '{0}' contradicts '{1}', which it is given above", rule.label,
                           earlier.label);
  }
  return {};
}

} // namespace lockvet::config
