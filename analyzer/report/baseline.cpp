// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/baseline.h"

#include "analyzer/report/words.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

namespace lockvet::report {

namespace json = llvm::json;

namespace {

constexpr int64_t kVersion = 1;

/// The JSON library descends by recursion, so text that nests deeper than any baseline is refused
/// before it sees it.
bool nestsTooDeep(llvm::StringRef text) {
  constexpr int kDeepest = 8;
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '[' || c == '{') && ++depth > kDeepest)
      return true;
    else if (!quoted && (c == ']' || c == '}'))
      --depth;
  }
  return false;
}

llvm::Error damaged(llvm::StringRef path, const llvm::Twine& why) {
  return llvm::createStringError("the baseline " + path + " is damaged: " + why +
                                 "; restore it, or make a new one with --write-baseline");
}

bool isFingerprint(llvm::StringRef text) {
  return text.size() == 32 &&
         llvm::all_of(text, [](char c) { return llvm::isDigit(c) || (c >= 'a' && c <= 'f'); });
}

} // namespace

Baseline Baseline::of(llvm::ArrayRef<Entry> entries) {
  Baseline baseline;
  for (const Entry& entry : entries) {
    if (entry.suppressed)
      continue;
    Known& known = baseline.known_[entry.finding.fingerprint];
    known.rule = entry.finding.rule;
    known.function = entry.finding.function;
    ++known.count;
  }
  return baseline;
}

llvm::Expected<Baseline> Baseline::parse(llvm::StringRef text, llvm::StringRef path) {
  if (nestsTooDeep(text))
    return damaged(path, "it nests too deep");
  auto value = json::parse(text);
  if (!value)
    return damaged(path, llvm::toString(value.takeError()));
  const json::Object* top = value->getAsObject();
  const json::Array* findings = top ? top->getArray("findings") : nullptr;
  const auto version = top ? top->getInteger("version") : std::nullopt;
  if (!version || !findings)
    return damaged(path, "it lacks 'version' or 'findings'");
  if (*version != kVersion)
    return llvm::createStringError(
        llvm::formatv("the baseline {0} is of version {1}, and this Lockvet reads version {2}; "
                      "make a new one with --write-baseline",
                      path, *version, kVersion)
            .str());
  Baseline baseline;
  for (const auto& [index, item] : llvm::enumerate(*findings)) {
    const std::string which = llvm::formatv("finding {0} of it ", index + 1);
    const json::Object* object = item.getAsObject();
    if (!object)
      return damaged(path, which + "is not an object");
    const auto fingerprint = object->getString("fingerprint");
    if (!fingerprint || !isFingerprint(*fingerprint))
      return damaged(path, which + "has no 'fingerprint' of 32 hexadecimal digits");
    const auto count = object->getInteger("count");
    if (!count || *count < 1 || *count > std::numeric_limits<int32_t>::max())
      return damaged(path, which + "has no positive 'count'");
    const auto [known, inserted] = baseline.known_.try_emplace(fingerprint->str());
    // A merge of two branches that both had it leaves it twice; their sum would hide new ones.
    known->second.count = std::max<size_t>(known->second.count, *count);
    known->second.rule = object->getString("rule").value_or("");
    known->second.function = object->getString("function").value_or("");
  }
  return baseline;
}

std::string Baseline::str() const {
  std::string text = llvm::formatv("{{\n \"version\": {0},\n \"findings\": [", kVersion);
  llvm::raw_string_ostream stream(text);
  // People look for a rule or function, so lines are sorted by those first.
  std::vector<std::pair<const std::string*, const Known*>> lines;
  lines.reserve(known_.size());
  for (const auto& [fingerprint, known] : known_)
    lines.push_back({&fingerprint, &known});
  llvm::sort(lines, [](const auto& left, const auto& right) {
    return std::tie(left.second->rule, left.second->function, *left.first) <
           std::tie(right.second->rule, right.second->function, *right.first);
  });
  llvm::ListSeparator separator(",");
  for (const auto& [fingerprint, known] : lines) {
    stream << llvm::StringRef(separator) << "\n  ";
    json::OStream line(stream);
    line.object([&] {
      line.attribute("fingerprint", utf8(*fingerprint));
      line.attribute("rule", utf8(known->rule));
      line.attribute("function", utf8(known->function));
      line.attribute("count", known->count);
    });
  }
  stream << (known_.empty() ? "]\n}\n" : "\n ]\n}\n");
  return text;
}

llvm::Expected<Baseline> Baseline::read(llvm::StringRef path) {
  if (llvm::sys::fs::is_directory(path))
    return llvm::createStringError("cannot read the baseline " + path + ": it is a folder");
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return llvm::createStringError(buffer.getError(), "cannot read the baseline " + path + ": " +
                                                          buffer.getError().message());
  return parse((*buffer)->getBuffer(), path);
}

llvm::Error Baseline::write(llvm::StringRef path) const {
  return llvm::handleErrors(llvm::writeToOutput(path,
                                                [&](llvm::raw_ostream& stream) {
                                                  stream << str();
                                                  return llvm::Error::success();
                                                }),
                            [&](const llvm::ErrorInfoBase& failed) {
                              return llvm::createStringError("cannot write the baseline " + path +
                                                             ": " + failed.message());
                            });
}

size_t Baseline::mark(std::vector<Entry>& entries) const {
  std::map<std::string, size_t> left;
  size_t gone = 0;
  for (const auto& [fingerprint, known] : known_) {
    left[fingerprint] = known.count;
    gone += known.count;
  }
  for (const Entry* shown : inOrder(entries)) {
    Entry& entry = entries[shown - entries.data()];
    entry.in_baseline = false;
    if (entry.suppressed)
      continue;
    if (const auto found = left.find(entry.finding.fingerprint);
        found != left.end() && found->second > 0) {
      entry.in_baseline = true;
      --found->second;
      --gone;
    }
  }
  return gone;
}

} // namespace lockvet::report
