// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Findings and sources that the tests of this room share.

#pragma once

#include "analyzer/report/reporter.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace lockvet::report {

inline constexpr const char* kSource = "void start(void)\n"
                                       "{\n"
                                       "\tread_all(disk);\n"
                                       "}\n";

/// A finding with a witness of two steps and a fix in a header.
inline rules::Finding sampleFinding() {
  rules::Finding finding;
  finding.rule = "coroutine-call";
  finding.severity = rules::Severity::Error;
  finding.confidence = rules::Confidence::Flow;
  finding.message = "'start' calls coroutine_fn 'read_all' outside a coroutine";
  finding.function = "start";
  finding.file = "/tree/block/io.c";
  finding.line = 3;
  finding.column = 2;
  finding.identity = {"c:@F@start", "c:@F@read_all"};
  finding.fingerprint = "0123456789abcdef0123456789abcdef";
  finding.witness = {{"main", "/tree/main.c", 7, 3, "calls start()"},
                     {"start", "/tree/block/io.c", 3, 2, "calls read_all(), a coroutine_fn"}};
  finding.fixes = {{"/tree/include/io.h", 1, 1, "coroutine_fn "}};
  return finding;
}

inline rules::Finding plainFinding(std::string rule, uint32_t line,
                                   std::string fingerprint = std::string(32, 'a')) {
  rules::Finding finding;
  finding.rule = std::move(rule);
  finding.message = "a message";
  finding.function = "f";
  finding.file = "/tree/a.c";
  finding.line = line;
  finding.column = 1;
  finding.fingerprint = std::move(fingerprint);
  return finding;
}

inline SourceCache sampleSources() {
  SourceCache sources;
  sources.add("/tree/block/io.c", kSource);
  sources.add("/tree/main.c", "\n\n\n\n\n\n  start();\n");
  sources.add("/tree/include/io.h", "void start(void);\n");
  return sources;
}

inline Options sampleOptions(Format format) {
  Options options;
  options.format = format;
  options.colour = Colour::Never;
  options.directory = "/tree";
  options.root = "/tree";
  options.version = "0.1.0";
  options.width = 100;
  options.rules = {{"coroutine-call", "a coroutine_fn called outside a coroutine", "Longer text.",
                    "https://example.org/coroutine-call", rules::Severity::Error}};
  return options;
}

inline std::string rendered(std::vector<rules::Finding> findings, const Options& options,
                            SourceCache sources = sampleSources()) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  render(entriesOf(std::move(findings)), options, sources, stream);
  return text;
}

} // namespace lockvet::report
