// RUN: %clang -x c -std=c11 -I%annotations -Wall -Wextra -Weverything -Wno-pre-c11-compat -Werror \
// RUN:   -fsyntax-only %s
// RUN: not %clang -x c -std=c11 -I%annotations -fsyntax-only -DNOT_A_LITERAL %s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=LITERAL
// RUN: not %clangxx -x c++ -std=c++17 -I%annotations -fsyntax-only -DNOT_A_LITERAL %s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=LITERAL
// RUN: not %clang -x c -std=c11 -I%annotations -fsyntax-only -DNO_REASON %s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=NONE
// RUN: not %gcc -x c -std=c11 -I%annotations -fsyntax-only -DNO_REASON %s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=NONE
// RUN: %clang -x c -std=c11 -I%annotations -D__LOCKVET__ -fsyntax-only -Xclang -ast-dump %s \
// RUN:   | FileCheck %s --check-prefix=AST
// RUN: %clangxx -x c++ -std=c++17 -I%annotations -D__LOCKVET__ -fsyntax-only -Xclang -ast-dump %s \
// RUN:   | FileCheck %s --check-prefix=AST

// The reason is a string literal, is always there, and reaches the analyzer.

#include <lockvet/thread_safety.h>

// AST-LABEL: FunctionDecl {{.*}} with_a_reason
// AST: NoThreadSafetyAnalysisAttr
// AST: AnnotateAttr {{.*}} "no_thread_safety_analysis:runs before any other thread"
void LV_NO_THREAD_SAFETY_ANALYSIS("runs before any other thread") with_a_reason(void);

#if defined(NOT_A_LITERAL)
extern const char* because;
// LITERAL: [[@LINE+1]]:{{.*}} error:
void LV_NO_THREAD_SAFETY_ANALYSIS(because) without_a_literal(void);
#endif

#if defined(NO_REASON)
// NONE: [[@LINE+1]]:{{.*}} error:
void LV_NO_THREAD_SAFETY_ANALYSIS without_a_reason(void);
#endif
