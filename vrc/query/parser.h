// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads queries. The language is that of the older `vrc` (docs/vrc.md has it in full):
//
//     spec  = term { blank term }                      union
//     term  = { "!" } atom { ":" step }                ! binds tighter than steps
//     atom  = word | "name" | /regex/ | "[" [ any ] "]"
//     any   = both { "|" both }     both = term { "," term }     where a word is a label
//     path  = run { "|" run }       run  = part { part }
//     part  = ( term | "(" path ")" | "..." ) { "*" | "+" | "?" }
//
// Errors are QueryErrors. Nesting deeper than a few hundred levels is one.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "vrc/query/syntax.h"

namespace lockvet::query {

llvm::Expected<NodeSpec> parseNodeSpec(llvm::StringRef text);
llvm::Expected<PathExpression> parsePath(llvm::StringRef text);

} // namespace lockvet::query
