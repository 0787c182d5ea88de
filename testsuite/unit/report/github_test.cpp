// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "samples.h"

#include <gtest/gtest.h>

namespace lockvet::report {
namespace {

TEST(GitHub, OneLineAFinding) {
  EXPECT_EQ(rendered({sampleFinding()}, sampleOptions(Format::GitHub)),
            "::error file=block/io.c,line=3,col=2,title=coroutine-call::"
            "'start' calls coroutine_fn 'read_all' outside a coroutine%0A"
            "main.c:7: calls start()%0A"
            "block/io.c:3: calls read_all(), a coroutine_fn\n");
}

TEST(GitHub, Severities) {
  auto warning = plainFinding("r", 1), note = plainFinding("r", 2);
  note.severity = rules::Severity::Note;
  EXPECT_EQ(rendered({warning, note}, sampleOptions(Format::GitHub)),
            "::warning file=a.c,line=1,col=1,title=r::a message\n"
            "::notice file=a.c,line=2,col=1,title=r::a message\n");
}

TEST(GitHub, Escapes) {
  auto finding = plainFinding("a,b:c", 0);
  finding.column = 0;
  finding.file = "/tree/50%,x:y.c";
  finding.message = "100% of a::b, c";
  EXPECT_EQ(rendered({finding}, sampleOptions(Format::GitHub)),
            "::warning file=50%25%2Cx%3Ay.c,title=a%2Cb%3Ac::100%25 of a::b, c\n");
}

TEST(GitHub, NoMessageMakesACommandOfItsOwn) {
  auto finding = plainFinding("r", 1);
  finding.message = "a\n::set-env name=PATH::evil\r";
  finding.witness = {{"f", "/tree/a.c", 1, 1, "b\n::add-mask::x"}};
  const std::string text = rendered({finding}, sampleOptions(Format::GitHub));
  EXPECT_EQ(llvm::StringRef(text).count('\n'), 1U);
  EXPECT_EQ(text.find('\r'), std::string::npos);
}

} // namespace
} // namespace lockvet::report
