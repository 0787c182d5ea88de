// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The formats behind reporter.h, one function and one file each. Private to this room.

#pragma once

#include "analyzer/report/reporter.h"

namespace lockvet::report {

void renderText(llvm::ArrayRef<Entry> entries, const Options& options, SourceCache& sources,
                llvm::raw_ostream& stream);
void renderJson(llvm::ArrayRef<Entry> entries, llvm::raw_ostream& stream);
void renderSarif(llvm::ArrayRef<Entry> entries, const Options& options, SourceCache& sources,
                 llvm::raw_ostream& stream);
void renderGitHub(llvm::ArrayRef<Entry> entries, const Options& options, llvm::raw_ostream& stream);

} // namespace lockvet::report
