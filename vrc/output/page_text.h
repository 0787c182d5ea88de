// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The files of vrc/output/page, and the library that lays out graphs, as they were at build time.

#pragma once

namespace lockvet::output {

extern const char* const kPageHtml; ///< with {{...}} where the others and the data belong
extern const char* const kPageCss;
extern const char* const kPageScript;
extern const char* const kDagre;

} // namespace lockvet::output
