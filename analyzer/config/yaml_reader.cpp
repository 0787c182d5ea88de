// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/config/yaml_reader.h"

#include "analyzer/config/did_you_mean.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <algorithm>

namespace lockvet::config {

namespace yaml = llvm::yaml;

namespace {

/// Far above any configuration by hand, far below what the YAML scanner takes long for.
constexpr size_t kLargestText = 256 * 1024;

std::string kindOf(const yaml::Node* node) {
  if (llvm::isa<yaml::NullNode>(node))
    return "nothing";
  if (llvm::isa<yaml::ScalarNode, yaml::BlockScalarNode>(node))
    return "a string";
  if (llvm::isa<yaml::MappingNode>(node))
    return "a mapping";
  if (llvm::isa<yaml::SequenceNode>(node))
    return "a list";
  return "an alias";
}

/// Makes text that quotes the file fit for one line of a terminal.
std::string oneLine(llvm::StringRef text) {
  std::string result;
  for (const char c : text)
    result += llvm::isPrint(c) || (c & 0x80) ? c : '?';
  return llvm::json::fixUTF8(result);
}

/// Where a node starts; for one that has no place of its own, `otherwise`. The library lets a list
/// or mapping in brackets start at what follows its bracket.
llvm::SMLoc startOf(const yaml::Node* node, llvm::SMLoc otherwise, llvm::StringRef text) {
  if (llvm::isa<yaml::NullNode, yaml::AliasNode>(node))
    return otherwise;
  const char* here = node->getSourceRange().Start.getPointer();
  if (!llvm::isa<yaml::SequenceNode, yaml::MappingNode>(node) || here < text.begin() ||
      here > text.end())
    return llvm::SMLoc::getFromPointer(here);
  const llvm::StringRef before = llvm::StringRef(text.data(), here - text.data()).rtrim();
  const bool bracket = before.ends_with("[") || before.ends_with("{");
  return llvm::SMLoc::getFromPointer(bracket ? before.end() - 1 : here);
}

std::string listOf(llvm::ArrayRef<llvm::StringRef> words) {
  return llvm::join(words, ", ");
}

} // namespace

std::string shown(llvm::StringRef word) {
  return (word.take_front(60) + (word.size() > 60 ? "..." : "")).str();
}

YamlReader::YamlReader(llvm::StringRef text, llvm::StringRef path)
    : text_(text.take_front(kLargestText + 1)), path_(path),
      stream_(text_, sources_, /*ShowColors=*/false) {
  sources_.setDiagHandler(
      [](const llvm::SMDiagnostic& diagnostic, void* self) {
        auto* reader = static_cast<YamlReader*>(self);
        if (reader->syntax_error_.empty())
          reader->syntax_error_ =
              llvm::formatv("{0}:{1}:{2}: error: {3}", reader->path_, diagnostic.getLineNo(),
                            diagnostic.getColumnNo() + 1, oneLine(diagnostic.getMessage()));
      },
      this);
}

std::string YamlReader::placeOf(llvm::SMLoc at) const {
  unsigned line = 1, column = 1;
  const char* here = at.getPointer();
  if (here >= text_.data() && here <= text_.data() + text_.size()) {
    const llvm::StringRef before(text_.data(), here - text_.data());
    line += before.count('\n');
    column += before.size() - (before.rfind('\n') + 1);
  }
  return llvm::formatv("{0}:{1}:{2}", path_, line, column).str();
}

llvm::Error YamlReader::error(llvm::SMLoc at, const llvm::Twine& message) const {
  return llvm::createStringError(placeOf(at) + ": error: " + oneLine(message.str()));
}

llvm::Error YamlReader::broken() const {
  if (!syntax_error_.empty())
    return llvm::createStringError(syntax_error_);
  return error({}, "this is not YAML");
}

llvm::Error YamlReader::checkBytes() const {
  auto at = [&](size_t offset) { return llvm::SMLoc::getFromPointer(text_.data() + offset); };
  if (text_.size() > kLargestText)
    return error({}, "the file is larger than 256 KiB");
  size_t offset = 0;
  if (!llvm::json::isUTF8(text_, &offset))
    return error(at(offset), "this byte is not UTF-8");
  // The YAML scanner of LLVM takes a NUL for the end of the input in some places and not in others.
  for (size_t i = 0; i < text_.size(); ++i)
    if (const char c = text_[i];
        (c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
      return error(at(i), "a control character");
  // The library leaves a document by one recursion for each `...` line.
  bool content = false; // whether the document has begun
  for (size_t start = 0; start < text_.size();) {
    const llvm::StringRef line =
        llvm::StringRef(text_).drop_front(start).take_until([](char c) { return c == '\n'; });
    const bool begins = line.starts_with("---");
    if (line.starts_with("...") || (begins && content))
      return error(at(start), "the file must hold one YAML document only");
    const llvm::StringRef words = line.trim();
    content |= begins || !(words.empty() || words.starts_with("#") || line.starts_with("%"));
    start += line.size() + 1;
  }
  return llvm::Error::success();
}

llvm::Error YamlReader::document(llvm::ArrayRef<llvm::StringRef> allowed, ReadEntry read) {
  if (auto failed = checkBytes())
    return failed;
  auto current = stream_.begin();
  yaml::Node* root = current == stream_.end() ? nullptr : current->getRoot();
  if (stream_.failed())
    return broken();
  if (!root || llvm::isa<yaml::NullNode>(root))
    return llvm::Error::success();
  const YamlValue value{root, startOf(root, {}, text_), "the configuration"};
  if (auto failed = mapping(value, allowed, read))
    return failed;
  if (++current != stream_.end() && !stream_.failed()) {
    const yaml::Node* next = current->getRoot();
    return error(next ? next->getSourceRange().Start : llvm::SMLoc(),
                 "the file must hold one mapping only; something follows it");
  }
  return stream_.failed() ? broken() : llvm::Error::success();
}

llvm::Error YamlReader::unknownKey(llvm::StringRef key, llvm::SMLoc at,
                                   llvm::ArrayRef<llvm::StringRef> allowed) const {
  return error(at, llvm::formatv("unknown key '{0}'{1}; allowed here: {2}", shown(key),
                                 didYouMean(key, allowed), listOf(allowed)));
}

llvm::Error YamlReader::entry(yaml::KeyValueNode& pair, llvm::ArrayRef<llvm::StringRef> allowed,
                              ReadEntry read, llvm::StringSet<>& seen) {
  yaml::Node* key_node = pair.getKey();
  if (!key_node || stream_.failed())
    return broken();
  const llvm::SMLoc key_at = startOf(key_node, {}, text_);
  const auto* key_scalar = llvm::dyn_cast<yaml::ScalarNode>(key_node);
  if (!key_scalar)
    return error(key_at, "a key must be a word, not " + kindOf(key_node));
  llvm::SmallString<32> storage;
  const std::string key = key_scalar->getValue(storage).str();
  if (!allowed.empty() && !llvm::is_contained(allowed, llvm::StringRef(key)))
    return unknownKey(key, key_at, allowed);
  if (!seen.insert(key).second)
    return error(key_at, llvm::formatv("the key '{0}' is given twice", shown(key)));
  yaml::Node* node = pair.getValue();
  if (!node || stream_.failed())
    return broken();
  return read(
      key, key_at,
      {node, startOf(node, key_at, text_), llvm::formatv("the value of '{0}'", shown(key))});
}

llvm::Error YamlReader::mapping(const YamlValue& value, llvm::ArrayRef<llvm::StringRef> allowed,
                                ReadEntry read) {
  auto* mapping = llvm::dyn_cast<yaml::MappingNode>(value.node);
  if (!mapping) {
    const std::string keys = allowed.empty() ? "" : " with the keys " + listOf(allowed);
    return error(value.where, llvm::formatv("{0} must be a mapping{1}, not {2}", value.what, keys,
                                            kindOf(value.node)));
  }
  llvm::StringSet<> seen;
  for (yaml::KeyValueNode& pair : *mapping)
    if (auto failed = entry(pair, allowed, read, seen)) {
      // What the scanner stumbled over explains more than what then looked wrong.
      if (!stream_.failed() || syntax_error_.empty())
        return failed;
      llvm::consumeError(std::move(failed));
      return broken();
    }
  return stream_.failed() ? broken() : llvm::Error::success();
}

llvm::Error YamlReader::list(const YamlValue& value, llvm::StringRef name, ReadValue read) {
  if (llvm::isa<yaml::NullNode>(value.node))
    return llvm::Error::success();
  auto* sequence = llvm::dyn_cast<yaml::SequenceNode>(value.node);
  if (!sequence)
    return error(value.where,
                 llvm::formatv("{0} must be a list, not {1}", value.what, kindOf(value.node)));
  for (yaml::Node& item : *sequence) {
    if (stream_.failed())
      return broken();
    if (auto failed = read(
            {&item, startOf(&item, value.where, text_), llvm::formatv("an item of '{0}'", name)}))
      return failed;
  }
  return stream_.failed() ? broken() : llvm::Error::success();
}

llvm::Expected<std::string> YamlReader::string(const YamlValue& value) {
  std::string text;
  llvm::SmallString<64> storage;
  if (const auto* scalar = llvm::dyn_cast<yaml::ScalarNode>(value.node))
    text = scalar->getValue(storage);
  else if (const auto* block = llvm::dyn_cast<yaml::BlockScalarNode>(value.node))
    text = block->getValue();
  else if (!llvm::isa<yaml::NullNode>(value.node))
    return error(value.where,
                 llvm::formatv("{0} must be a string, not {1}", value.what, kindOf(value.node)));
  if (stream_.failed())
    return broken();
  const llvm::StringRef trimmed = llvm::StringRef(text).trim();
  if (trimmed.empty())
    return error(value.where, value.what + " must not be empty");
  if (llvm::any_of(trimmed, [](char c) { return c >= 0 && c < ' '; }))
    return error(value.where, value.what + " must be one line of text");
  return trimmed.str();
}

} // namespace lockvet::config
