// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table is of what Linux distributions, the kernel, QEMU and GCC itself use. What it does not
// know, Clang's driver names, and the extractor tries again without it.

#include "analyzer/index/gcc_flags.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace lockvet::index {
namespace {

/// As they are, or followed by "=..." .
constexpr llvm::StringLiteral kFlags[] = {
    "-fallow-store-data-races",
    "-fno-allow-store-data-races",
    "-fanalyzer",
    "-fno-analyzer",
    "-fcanonical-system-headers",
    "-fno-canonical-system-headers",
    "-fconcepts",
    "-fconcepts-diagnostics-depth",
    "-fconserve-stack",
    "-fno-conserve-stack",
    "-fcoroutines",
    "-fdeclone-ctor-dtor",
    "-fdelete-dead-exceptions",
    "-fdirectives-only",
    "-fextern-tls-init",
    "-ffold-simple-inlines",
    "-fharden-compares",
    "-fharden-conditional-branches",
    "-fhardened",
    "-fimplicit-constexpr",
    "-fno-implement-inlines",
    "-finline-stringops",
    "-flifetime-dse",
    "-fno-lifetime-dse",
    "-flinker-output",
    "-flive-patching",
    "-fmin-function-alignment",
    "-fmodules-ts",
    "-fmodule-mapper",
    "-fno-ms-compatibility-version",
    "-fnew-inheriting-ctors",
    "-fno-inline-small-functions",
    "-fno-printf-return-value",
    "-fprintf-return-value",
    "-fno-shrink-wrap",
    "-fno-stack-limit",
    "-fno-store-merging",
    "-fno-toplevel-reorder",
    "-fpermitted-flt-eval-methods",
    "-fplan9-extensions",
    "-freport-bug",
    "-fstack-limit-register",
    "-fstack-reuse",
    "-fno-strict-volatile-bitfields",
    "-fstrict-volatile-bitfields",
    "-fsync-libcalls",
    "-fno-sync-libcalls",
    "-fno-threadsafe-reads",
    "-fuse-linker-plugin",
    "-fno-use-linker-plugin",
    "-fwhole-program",
    "-mabm",
    "-mno-abm",
    "-maccumulate-outgoing-args",
    "-mno-accumulate-outgoing-args",
    "-malign-data",
    "-malign-functions",
    "-malign-jumps",
    "-malign-loops",
    "-mandroid",
    "-masm-hard-reg",
    "-mavx256-split-unaligned-load",
    "-mno-avx256-split-unaligned-load",
    "-mavx256-split-unaligned-store",
    "-mno-avx256-split-unaligned-store",
    "-mbranch-cost",
    "-mfentry-name",
    "-mno-fp-ret-in-387",
    "-mno-fancy-math-387",
    "-mfunction-return",
    "-mgeneral-regs-only-strict",
    "-mharden-sls",
    "-mindirect-branch",
    "-mindirect-branch-cs-prefix",
    "-mindirect-branch-register",
    "-minline-all-stringops",
    "-mmemcpy-strategy",
    "-mno-ieee-fp",
    "-mno-push-args",
    "-mno-sched-prolog",
    "-mno-string",
    "-mpreferred-stack-boundary",
    "-mrecord-mcount",
    "-mno-record-mcount",
    "-mrecord-return",
    "-mskip-rax-setup",
    "-mstringop-strategy",
    "-mthumb-interwork",
    "-mno-thumb-interwork",
    "-mtls-dialect",
    "-mveclibabi",
    "-mwarn-multiple",
};

/// Whatever begins so.
constexpr llvm::StringLiteral kPrefixes[] = {
    "-specs=",         "--specs=",        "-fplugin=",
    "-fplugin-arg-",   "-fpass-plugin=",  "-fdump-",
    "-fopt-info",      "-fipa-",          "-fno-ipa-",
    "-ftree-",         "-fno-tree-",      "-fsched-",
    "-fno-sched-",     "-freorder-",      "-fno-reorder-",
    "-fvar-tracking",  "-fno-var-track",  "-fgcse",
    "-fno-gcse",       "-fira-",          "-fno-ira-",
    "-flra-",          "-fno-lra-",       "-fselective-",
    "-fbranch-",       "-fprofile-",      "-fauto-profile",
    "-fcompare-debug", "-fpartial-",      "-frandom-seed",
    "-fdeps-",         "-fvect-cost-",    "-fsimd-cost-",
    "-fexcess-prec",   "-fipa",           "--param=",
    "-fmodulo-",       "-fno-code-hoist", "-fsanitize-undefined-trap-on-error",
};

/// With their value in the next word.
constexpr llvm::StringLiteral kWithNext[] = {"--param", "-specs", "--specs", "-wrapper"};

} // namespace

bool isForeignFlag(llvm::StringRef flag, bool& takes_next) {
  takes_next = llvm::is_contained(kWithNext, flag);
  if (takes_next)
    return true;
  const llvm::StringRef name = flag.split('=').first;
  return llvm::is_contained(kFlags, name) ||
         llvm::any_of(kPrefixes, [&](llvm::StringRef prefix) { return flag.starts_with(prefix); });
}

} // namespace lockvet::index
