// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/reporter.h"

#include "analyzer/report/formats.h"
#include "llvm/ADT/StringSwitch.h"

namespace lockvet::report {

std::optional<Format> formatNamed(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<Format>>(name)
      .Case("text", Format::Text)
      .Case("json", Format::Json)
      .Case("sarif", Format::Sarif)
      .Case("github", Format::GitHub)
      .Default(std::nullopt);
}

void render(llvm::ArrayRef<Entry> entries, const Options& options, SourceCache& sources,
            llvm::raw_ostream& stream) {
  switch (options.format) {
  case Format::Text:
    return renderText(entries, options, sources, stream);
  case Format::Json:
    return renderJson(entries, stream);
  case Format::Sarif:
    return renderSarif(entries, options, sources, stream);
  case Format::GitHub:
    return renderGitHub(entries, options, stream);
  }
}

} // namespace lockvet::report
