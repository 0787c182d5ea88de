// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The entries of `locks` and `registrars` in a configuration. Free functions over a reader; each
// reads one entry and adds it to those before it, which it must not contradict.

#pragma once

#include "analyzer/config/config.h"
#include "analyzer/config/yaml_reader.h"

namespace lockvet::config {

/// A list of functions in a lock, under its key in the file.
struct LockList {
  llvm::StringRef key;
  std::vector<std::string> LockType::* functions;
};
llvm::ArrayRef<LockList> lockLists();

llvm::Error readLock(YamlReader& reader, const YamlValue& item, std::vector<LockType>& locks);

llvm::Error readRegistrar(YamlReader& reader, const YamlValue& item,
                          std::vector<Registrar>& registrars);

} // namespace lockvet::config
