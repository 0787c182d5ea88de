// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/report/paths.h"
#include "analyzer/report/words.h"

#include <gtest/gtest.h>

namespace lockvet::report {
namespace {

TEST(Printable, PlainTextStays) {
  EXPECT_EQ(printable("calls 'f' (äö漢🙂)"), "calls 'f' (äö漢🙂)");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, ControlCharactersBecomeVisible) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a<1B>[31mb");
  EXPECT_EQ(printable("a\nb\tc\r"), "a<0A>b<09>c<0D>");
  EXPECT_EQ(printable(llvm::StringRef("a\0b", 3)), "a<00>b");
  // C1 controls and direction overrides move what stands around them.
  EXPECT_EQ(printable("a\xC2\x9B"), "a<C2><9B>");
  EXPECT_EQ(printable("\xE2\x80\xAE"), "<E2><80><AE>");
}

TEST(Printable, BytesThatAreNoUtf8) {
  EXPECT_EQ(printable("\xff\xfe"), "<FF><FE>");
  EXPECT_EQ(printable("caf\xe9"), "caf<E9>");
  EXPECT_EQ(printable("\xe6\xbc"), "<E6><BC>"); // cut short
}

TEST(Utf8, IsMadeValid) {
  EXPECT_EQ(utf8("ä"), "ä");
  EXPECT_EQ(utf8("caf\xe9"), "caf\xEF\xBF\xBD");
}

TEST(Counted, Plural) {
  EXPECT_EQ(counted(1, "error"), "1 error");
  EXPECT_EQ(counted(2, "error"), "2 errors");
}

TEST(Paths, RelativeBelowOnly) {
  EXPECT_EQ(relativeTo("/tree/a/b.c", "/tree"), "a/b.c");
  EXPECT_EQ(relativeTo("/tree/a/b.c", "/tree/"), "a/b.c");
  EXPECT_EQ(relativeTo("/trees/b.c", "/tree"), "/trees/b.c");
  EXPECT_EQ(relativeTo("/tree", "/tree"), "/tree");
  EXPECT_EQ(relativeTo("b.c", "/tree"), "b.c");
  EXPECT_EQ(relativeTo("/b.c", ""), "/b.c");
}

TEST(Paths, Uris) {
  EXPECT_EQ(fileUri("/a b/c#d%.c"), "file:///a%20b/c%23d%25.c");
  EXPECT_EQ(fileUri("a\xff.c"), "a%FF.c");
  EXPECT_EQ(fileUri("/ä"), "file:///%C3%A4");
}

} // namespace
} // namespace lockvet::report
