// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Single values of a configuration that are more than a string: switches, indices, words of a fixed
// set, lists of names. Free functions over a reader; each answers with the value or with an error
// that says what is allowed.

#pragma once

#include "analyzer/config/yaml_reader.h"

#include <cstdint>
#include <vector>

namespace lockvet::config {

/// `true` or `false`.
llvm::Expected<bool> readBoolean(YamlReader& reader, const YamlValue& value);

/// The index of an argument, from 0.
llvm::Expected<uint32_t> readIndex(YamlReader& reader, const YamlValue& value);

/// The index of an argument, or LockType::kThis for `this`, the object of a method.
llvm::Expected<uint32_t> readObject(YamlReader& reader, const YamlValue& value);

/// Which of `words` it is; `kind` says what they are: "level".
llvm::Expected<size_t> readChoice(YamlReader& reader, const YamlValue& value, llvm::StringRef kind,
                                  llvm::ArrayRef<llvm::StringRef> words);

/// Adds the names of a list to `into`, none of them twice. `wrong` says what is wrong with a name,
/// or nothing. What `into` had before may be named again.
llvm::Error readNames(YamlReader& reader, const YamlValue& value, llvm::StringRef key,
                      std::vector<std::string>& into,
                      llvm::function_ref<std::string(llvm::StringRef)> wrong = nullptr);

} // namespace lockvet::config
