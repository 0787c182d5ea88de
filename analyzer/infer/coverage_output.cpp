// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/infer/coverage.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

namespace lockvet::infer {

namespace json = llvm::json;

namespace {

constexpr int64_t kVersion = 1;

struct Column {
  llvm::StringLiteral name;
  size_t Counts::* member;
};
constexpr Column kColumns[] = {{"marked", &Counts::marked},
                               {"inferred", &Counts::inferred},
                               {"contradictory", &Counts::contradictory},
                               {"unknown", &Counts::unknown},
                               {"missing", &Counts::missing}};

Counts countsOf(const Coverage& coverage, const std::string& folder) {
  auto found = coverage.find(folder);
  return found == coverage.end() ? Counts() : found->second;
}

/// "12", or with what was before "12 (+3)".
std::string cell(size_t now, const size_t* before) {
  if (!before || now == *before)
    return std::to_string(now);
  return llvm::formatv("{0} ({1}{2})", now, now > *before ? "+" : "-",
                       now > *before ? now - *before : *before - now)
      .str();
}

void printRow(llvm::StringRef folder, const Counts& counts, const Counts* before,
              size_t folder_width, llvm::raw_ostream& stream) {
  stream << folder;
  stream.indent(static_cast<unsigned>(folder_width - folder.size()));
  const size_t all = counts.all();
  stream << llvm::formatv("{0,+11}{1,+5}%", all, all == 0 ? 0 : 100 * counts.marked / all);
  for (const Column& column : kColumns) {
    const size_t was = before ? before->*column.member : 0;
    stream << llvm::formatv("{0,+16}", cell(counts.*column.member, before ? &was : nullptr));
  }
  stream << '\n';
}

void addCounts(json::OStream& stream, const Counts& counts) {
  stream.attribute("functions", static_cast<int64_t>(counts.all()));
  for (const Column& column : kColumns)
    stream.attribute(column.name, static_cast<int64_t>(counts.*column.member));
}

void addFolders(json::OStream& stream, const Coverage& coverage) {
  stream.attributeObject("total", [&] { addCounts(stream, totalOf(coverage)); });
  stream.attributeObject("folders", [&] {
    for (const auto& [folder, counts] : coverage)
      stream.attributeObject(json::isUTF8(folder) ? folder : json::fixUTF8(folder),
                             [&] { addCounts(stream, counts); });
  });
}

llvm::Error damaged(llvm::StringRef path, const llvm::Twine& what) {
  return llvm::createStringError("'" + path + "' is no coverage of lockvet: " + what +
                                 "; make one with `lockvet coverage --save`");
}

} // namespace

void printCoverage(const Coverage& coverage, const Coverage* before, llvm::raw_ostream& stream) {
  Coverage all = coverage;
  if (before)
    for (const auto& [folder, counts] : *before)
      all.try_emplace(folder);
  constexpr llvm::StringLiteral kTotal = "all";
  size_t width = std::max<size_t>(kTotal.size(), llvm::StringRef("folder").size());
  for (const auto& [folder, counts] : all)
    width = std::max(width, folder.size());
  stream << "folder";
  stream.indent(static_cast<unsigned>(width - llvm::StringRef("folder").size()));
  stream << llvm::formatv("{0,+11}{1,+6}", "functions", "said");
  for (const Column& column : kColumns)
    stream << llvm::formatv("{0,+16}", column.name);
  stream << '\n';
  for (const auto& [folder, counts] : all) {
    const Counts was = before ? countsOf(*before, folder) : Counts();
    printRow(folder, counts, before ? &was : nullptr, width, stream);
  }
  const Counts was = before ? totalOf(*before) : Counts();
  printRow(kTotal, totalOf(coverage), before ? &was : nullptr, width, stream);
}

std::string coverageJson(const Coverage& coverage, const Coverage* before) {
  std::string text;
  llvm::raw_string_ostream out(text);
  json::OStream stream(out, 1);
  stream.object([&] {
    stream.attribute("version", kVersion);
    addFolders(stream, coverage);
    if (before)
      stream.attributeObject("before", [&] { addFolders(stream, *before); });
  });
  out << '\n';
  return text;
}

llvm::Expected<Coverage> parseCoverage(llvm::StringRef text, llvm::StringRef path) {
  llvm::Expected<json::Value> value = json::parse(text);
  if (!value) {
    llvm::consumeError(value.takeError());
    return damaged(path, "it is no JSON");
  }
  const json::Object* object = value->getAsObject();
  const json::Object* folders = object ? object->getObject("folders") : nullptr;
  if (!folders || object->getInteger("version") != kVersion)
    return damaged(path, "it lacks 'folders', or is of another version");
  Coverage coverage;
  for (const auto& [folder, entry] : *folders) {
    const json::Object* counts = entry.getAsObject();
    for (const Column& column : kColumns) {
      std::optional<int64_t> count = counts ? counts->getInteger(column.name) : std::nullopt;
      if (!count || *count < 0)
        return damaged(path, "a folder has no number '" + column.name + "'");
      coverage[folder.str()].*column.member = static_cast<size_t>(*count);
    }
  }
  return coverage;
}

} // namespace lockvet::infer
