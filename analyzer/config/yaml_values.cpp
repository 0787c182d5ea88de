// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/config/yaml_values.h"

#include "analyzer/config/config.h"
#include "analyzer/config/did_you_mean.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace lockvet::config {

namespace {

/// No function has more parameters than compilers promise to support.
constexpr uint32_t kMostArguments = 256;

} // namespace

llvm::Expected<bool> readBoolean(YamlReader& reader, const YamlValue& value) {
  auto text = reader.string(value);
  if (!text)
    return text.takeError();
  if (*text != "true" && *text != "false")
    return reader.error(value.where, llvm::formatv("{0} must be true or false, not '{1}'",
                                                   value.what, shown(*text)));
  return *text == "true";
}

llvm::Expected<uint32_t> readIndex(YamlReader& reader, const YamlValue& value) {
  auto text = reader.string(value);
  if (!text)
    return text.takeError();
  uint32_t index = 0;
  if (llvm::StringRef(*text).getAsInteger(10, index) || index >= kMostArguments)
    return reader.error(
        value.where,
        llvm::formatv("{0} must be the index of an argument, counted from 0, not '{1}'", value.what,
                      shown(*text)));
  return index;
}

llvm::Expected<uint32_t> readObject(YamlReader& reader, const YamlValue& value) {
  auto text = reader.string(value);
  if (!text)
    return text.takeError();
  return *text == "this" ? LockType::kThis : readIndex(reader, value);
}

llvm::Expected<size_t> readChoice(YamlReader& reader, const YamlValue& value, llvm::StringRef kind,
                                  llvm::ArrayRef<llvm::StringRef> words) {
  auto text = reader.string(value);
  if (!text)
    return text.takeError();
  const auto* found = llvm::find(words, *text);
  if (found == words.end())
    return reader.error(value.where,
                        llvm::formatv("'{0}' is no {1}{2}; allowed: {3}", shown(*text), kind,
                                      didYouMean(*text, words), llvm::join(words, ", ")));
  return found - words.begin();
}

llvm::Error readNames(YamlReader& reader, const YamlValue& value, llvm::StringRef key,
                      std::vector<std::string>& into,
                      llvm::function_ref<std::string(llvm::StringRef)> wrong) {
  const size_t before = into.size();
  return reader.list(value, key, [&](const YamlValue& item) -> llvm::Error {
    auto name = reader.string(item);
    if (!name)
      return name.takeError();
    if (llvm::is_contained(llvm::ArrayRef(into).drop_front(before), *name))
      return reader.error(item.where, llvm::formatv("'{0}' is listed twice", *name));
    if (const std::string why = wrong ? wrong(*name) : ""; !why.empty())
      return reader.error(item.where, why);
    // Naming what is built in is no mistake.
    if (!llvm::is_contained(into, *name))
      into.push_back(std::move(*name));
    return llvm::Error::success();
  });
}

} // namespace lockvet::config
