// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads YAML of a fixed shape and answers everything else with file:line:column, what is wrong and
// what is allowed. Made for one parse of one text on the stack; the first error ends the reading.
//
// It walks LLVM's YAML parser by hand since YAMLTraits cannot say where a value that it has taken
// stood. The library skips a node that nobody reads by recursion, so nothing is skipped here: what
// is not expected is an error at once, and the depth of the input never becomes depth of the stack.

#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

#include <string>

namespace lockvet::config {

/// A value with what to call it and where to point when it is wrong.
struct YamlValue {
  llvm::yaml::Node* node = nullptr;
  llvm::SMLoc where; ///< its start, or its key's where it is left out
  std::string what;  ///< "the value of 'labels'", "an item of 'roots'"
};

/// A word of the file as messages show it: the beginning of one that is long.
std::string shown(llvm::StringRef word);

class YamlReader {
public:
  using ReadValue = llvm::function_ref<llvm::Error(const YamlValue&)>;
  using ReadEntry =
      llvm::function_ref<llvm::Error(llvm::StringRef key, llvm::SMLoc key_at, const YamlValue&)>;

  YamlReader(llvm::StringRef text, llvm::StringRef path);
  YamlReader(const YamlReader&) = delete;
  YamlReader& operator=(const YamlReader&) = delete;

  /// Reads the one document of the text: an empty one, or a mapping.
  llvm::Error document(llvm::ArrayRef<llvm::StringRef> allowed, ReadEntry read);

  /// Reads a mapping whose keys are among `allowed` (any, where that is empty), each at most once.
  llvm::Error mapping(const YamlValue& value, llvm::ArrayRef<llvm::StringRef> allowed,
                      ReadEntry read);

  /// Reads a list; a value that is left out is an empty one. Items are called "an item of `name`".
  llvm::Error list(const YamlValue& value, llvm::StringRef name, ReadValue read);

  /// Reads a string that is not empty.
  llvm::Expected<std::string> string(const YamlValue& value);

  /// "path:line:column"
  std::string placeOf(llvm::SMLoc at) const;

  /// An error "path:line:column: error: message".
  llvm::Error error(llvm::SMLoc at, const llvm::Twine& message) const;

private:
  llvm::Error checkBytes() const;
  llvm::Error broken() const;
  llvm::Error entry(llvm::yaml::KeyValueNode& pair, llvm::ArrayRef<llvm::StringRef> allowed,
                    ReadEntry read, llvm::StringSet<>& seen);
  llvm::Error unknownKey(llvm::StringRef key, llvm::SMLoc at,
                         llvm::ArrayRef<llvm::StringRef> allowed) const;

  std::string text_;
  std::string path_;
  std::string syntax_error_; ///< the first that the library reported, whole
  llvm::SourceMgr sources_;
  llvm::yaml::Stream stream_;
};

} // namespace lockvet::config
