// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes as a .lockvet.yaml: a configuration, or an error of one line that names a place.

#include "analyzer/config/config.h"
#include "analyzer/config/path_glob.h"
#include "holds.h"

using lockvet::fuzz::holds;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const llvm::StringRef text(reinterpret_cast<const char*>(data), size);
  auto config = lockvet::config::parse(text, "x.yaml");
  if (!config) {
    const std::string error = llvm::toString(config.takeError());
    holds(llvm::StringRef(error).starts_with("x.yaml:"), "an error names its place");
    holds(error.find('\n') == std::string::npos, "an error is one line");
  } else {
    for (const auto& suppression : config->suppressions) {
      holds(!suppression.reason.empty(), "a suppression has a reason");
      auto glob = lockvet::config::PathGlob::create(suppression.path);
      holds(bool(glob), "the pattern of an accepted suppression is valid");
      (void)glob->matches(text);
    }
    for (const auto& rule : config->labels)
      holds(!rule.label.empty() &&
                !rule.name.empty() + !rule.regex.empty() + !rule.macro.empty() == 1,
            "a label rule has a label and one target");
  }
  return 0;
}
