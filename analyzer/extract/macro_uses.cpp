// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/macro_uses.h"

#include "clang/Lex/MacroArgs.h"
#include "clang/Lex/MacroInfo.h"
#include "clang/Lex/Token.h"

#include <algorithm>

namespace lockvet::extract {

using namespace clang;

class MacroUses::Recorder : public PPCallbacks {
public:
  Recorder(MacroUses& uses, const SourceManager& sources) : uses_(uses), sources_(sources) {}

  void MacroExpands(const Token& name, const MacroDefinition& definition, SourceRange range,
                    const MacroArgs*) override {
    const MacroInfo* macro = definition.getMacroInfo();
    if (!macro || range.getBegin().isMacroID())
      return;
    // What can be a marker: nothing left of it, or a call without arguments.
    const bool is_empty = macro->getNumTokens() == 0;
    const bool is_statement = macro->isFunctionLike() && macro->getNumParams() == 0;
    if (!is_empty && !is_statement)
      return;
    auto [file, offset] = sources_.getDecomposedLoc(range.getBegin());
    uses_.uses_[file].push_back({offset, name.getIdentifierInfo(), range.getBegin(), is_empty});
  }

private:
  MacroUses& uses_;
  const SourceManager& sources_;
};

std::unique_ptr<PPCallbacks> MacroUses::callbacks(const SourceManager& sources) {
  return std::make_unique<Recorder>(*this, sources);
}

std::vector<MacroUse> MacroUses::within(FileID file, unsigned begin, unsigned end) const {
  auto found = uses_.find(file);
  if (found == uses_.end())
    return {};
  // The preprocessor reads a file from front to back, so its uses are sorted.
  const std::vector<MacroUse>& all = found->second;
  auto by_offset = [](const MacroUse& use, unsigned offset) { return use.offset < offset; };
  auto first = std::lower_bound(all.begin(), all.end(), begin, by_offset);
  auto last = std::lower_bound(first, all.end(), end, by_offset);
  return {first, last};
}

} // namespace lockvet::extract
