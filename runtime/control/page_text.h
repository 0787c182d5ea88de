// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The live page, as the files in page/ have it. Constants; they need no lock.

#ifndef LOCKVET_RUNTIME_CONTROL_PAGE_TEXT_H
#define LOCKVET_RUNTIME_CONTROL_PAGE_TEXT_H

namespace lockvet::runtime::control {

extern const char* const page_html;
extern const char* const page_css;
extern const char* const page_script;

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_PAGE_TEXT_H
