"""The lit suites: one configuration for testsuite/{analyzer,annotations,cli,vrc}.

Substitutions beside lit's own (%s, %S, %t, ...):

  %lockvet %vrc       the built commands
  %clang %clangxx     clang-22 and clang++-22
  %gcc %gxx           gcc and g++, where they are installed (feature: gcc)
  %annotations        the folder to give to -I for the annotation headers
  %python             the interpreter that runs the suite
  %check_c %check_cpp testsuite/check_one.py: index and check the sources that follow
  %infer              testsuite/infer_one.py: infer the markers of the tree that follows, write them

Features for REQUIRES and UNSUPPORTED: lockvet, gcc, asan, tsan.
"""

import os
import shutil

import lit.formats

config.name = "lockvet"
config.suffixes = [".c", ".cpp", ".test"]
# Inputs are what tests read, and are no tests.
config.excludes = ["Inputs", "unit", "fuzz", "data", "python", "robustness", "benchmarks"]
config.test_source_root = os.path.join(config.lockvet_source_root, "testsuite")
config.test_exec_root = config.lockvet_test_exec_root
config.test_format = lit.formats.ShTest(execute_external=False)

if config.lockvet_binary:
    config.available_features.add("lockvet")
# CMake writes NAME-NOTFOUND for a program that it did not find.
if not any(path.endswith("-NOTFOUND") for path in (config.lockvet_gcc, config.lockvet_gxx)):
    config.available_features.add("gcc")
if "address" in config.lockvet_sanitize:
    config.available_features.add("asan")
if "thread" in config.lockvet_sanitize:
    config.available_features.add("tsan")

# FileCheck, not, count and split-file must be those of LLVM 22, whatever else is installed.
config.environment["PATH"] = os.pathsep.join(
    [config.lockvet_llvm_tools, config.environment.get("PATH", "")]
)
# A user's choice about colour must not change what a test sees; nor may bytecode litter the tree.
for name in ("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR"):
    config.environment.pop(name, None)
config.environment["PYTHONDONTWRITEBYTECODE"] = "1"
config.environment["TERM"] = "dumb"
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LLVM_SYMBOLIZER_PATH"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

for tool in ("FileCheck", "not", "count", "split-file"):
    if not shutil.which(tool, path=config.lockvet_llvm_tools):
        lit_config.fatal(f"{tool} is missing in {config.lockvet_llvm_tools}: install llvm-22-tools")


def quote(path):
    """The path as one word of a RUN line."""
    return f'"{path}"' if " " in path else path


annotations = os.path.join(config.lockvet_source_root, "annotations", "include")
check_one = " ".join(
    [
        quote(config.lockvet_python),
        quote(os.path.join(config.test_source_root, "check_one.py")),
        f"--lockvet={quote(config.lockvet_binary or 'lockvet-is-not-built')}",
        f"--annotations={quote(annotations)}",
        "--work=%t.check",
    ]
)

infer_one = " ".join(
    [
        quote(config.lockvet_python),
        quote(os.path.join(config.test_source_root, "infer_one.py")),
        f"--lockvet={quote(config.lockvet_binary or 'lockvet-is-not-built')}",
        f"--annotations={quote(annotations)}",
        f"--compiler={quote(config.lockvet_clang)}",
    ]
)

# lit replaces in this order and by plain text, so a name goes before its own prefix.
config.substitutions += [
    ("%check_cpp", f"{check_one} --compiler={quote(config.lockvet_clangxx)} --language=c++"),
    ("%check_c", f"{check_one} --compiler={quote(config.lockvet_clang)} --language=c"),
    ("%infer", infer_one),
    ("%lockvet", quote(config.lockvet_binary or "lockvet-is-not-built")),
    ("%vrc", quote(config.lockvet_vrc_binary or "vrc-is-not-built")),
    ("%clangxx", quote(config.lockvet_clangxx)),
    ("%clang", quote(config.lockvet_clang)),
    ("%gcc", quote(config.lockvet_gcc)),
    ("%gxx", quote(config.lockvet_gxx)),
    ("%annotations", quote(annotations)),
    ("%python", quote(config.lockvet_python)),
]
