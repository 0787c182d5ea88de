// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/command_line.h"
#include "testsuite/unit/index/temporary_tree.h"

namespace lockvet::index {
namespace {

using Words = std::vector<std::string>;

Words clang(const std::string& command) {
  return toClangCommand(splitCommand(command));
}

TEST(SplitCommand, FollowsTheShell) {
  EXPECT_EQ(splitCommand(R"(cc -DNAME=\"a\ b\" '-DX="y z"' "-I/a b" x.c)"),
            (Words{"cc", "-DNAME=\"a b\"", "-DX=\"y z\"", "-I/a b", "x.c"}));
}

TEST(ToClangCommand, DropsOutputsAndDependencies) {
  EXPECT_EQ(clang("cc -Ia -MD -MQ a.o -MF a.d -MTx -MMD -MP -o a.o -oa.o -c a.c -save-temps=obj"),
            (Words{"clang", "-Ia", "a.c"}));
  EXPECT_EQ(clang("cc -Wp,-MMD,.a.o.d -Wp,-DX a.c"), (Words{"clang", "-Wp,-DX", "a.c"}));
}

TEST(ToClangCommand, AValueIsNoOption) {
  EXPECT_EQ(clang("cc -I -c -D -o -include -MD a.c"),
            (Words{"clang", "-I", "-c", "-D", "-o", "-include", "-MD", "a.c"}));
  EXPECT_EQ(clang("cc -DX -- -c"), (Words{"clang", "-DX", "--", "-c"}));
}

TEST(ToClangCommand, DropsWhatOnlyGccKnows) {
  EXPECT_EQ(clang("gcc -fconserve-stack -fno-ipa-sra --param=ssp-buffer-size=4 --param max=3 "
                  "-mpreferred-stack-boundary=3 -specs=/x -fplugin=a.so -fplugin-arg-a-b=c "
                  "-fno-reorder-blocks-and-partition -fvar-tracking-assignments -fzero-init a.c"),
            (Words{"clang", "-fzero-init", "a.c"}));
}

TEST(ToClangCommand, KeepsWhatMatters) {
  const Words kept = clang("clang-22 -m64 -std=gnu11 -fno-strict-aliasing -fwrapv -Wall -msse2 "
                           "-fsanitize=thread -D_GNU_SOURCE -isystem x a.c");
  EXPECT_EQ(kept,
            (Words{"clang-22", "-m64", "-std=gnu11", "-fno-strict-aliasing", "-fwrapv", "-Wall",
                   "-msse2", "-fsanitize=thread", "-D_GNU_SOURCE", "-isystem", "x", "a.c"}));
}

TEST(ToClangCommand, LooksBehindWrappers) {
  EXPECT_EQ(clang("ccache gcc -c a.c"), (Words{"clang", "a.c"}));
  EXPECT_EQ(clang("/usr/bin/env CC=x ccache distcc /usr/bin/c++ a.cc"), (Words{"clang++", "a.cc"}));
  EXPECT_EQ(clang("cmake -E __run_co_compile --launcher=ccache -- /opt/llvm/bin/clang++ a.cc"),
            (Words{"/opt/llvm/bin/clang++", "a.cc"}));
  EXPECT_TRUE(clang("ccache").empty());
  EXPECT_TRUE(clang("").empty());
}

TEST(ToClangCommand, KnowsTheCompilerByItsName) {
  EXPECT_EQ(clang("g++-12 a.cc")[0], "clang++");
  EXPECT_EQ(clang("/usr/bin/gcc a.c")[0], "clang");
  EXPECT_EQ(clang("clang++-22 a.cc")[0], "clang++-22");
  EXPECT_EQ(clang("aarch64-linux-gnu-gcc-12 a.c"),
            (Words{"clang", "--target=aarch64-linux-gnu", "a.c"}));
  EXPECT_EQ(clang("x86_64-w64-mingw32-g++ a.cc"),
            (Words{"clang++", "--target=x86_64-w64-mingw32", "a.cc"}));
}

TEST(IsCOrCxx, GoesByExtensionAndByOption) {
  EXPECT_TRUE(isCOrCxx("/a/b.c", {}));
  EXPECT_TRUE(isCOrCxx("/a/b.cpp", {}));
  EXPECT_FALSE(isCOrCxx("/a/b.S", {}));
  EXPECT_FALSE(isCOrCxx("/a/b.rs", {}));
  EXPECT_FALSE(isCOrCxx("/a/b.m", {}));
  EXPECT_TRUE(isCOrCxx("/a/b.weird", {"-x", "c"}));
  EXPECT_TRUE(isCOrCxx("/a/b.weird", {"-xc++"}));
  EXPECT_FALSE(isCOrCxx("/a/b.c", {"-x", "assembler-with-cpp"}));
}

using ResponseFiles = test::TemporaryTree;

TEST_F(ResponseFiles, AreReplacedByTheirWords) {
  write("flags", "-Ia '-DB=c d'\n@more\n");
  write("more", "-O2");
  EXPECT_EQ(llvm::cantFail(expandResponseFiles({"cc", "@flags", "a.c"}, directory_)),
            (Words{"cc", "-Ia", "-DB=c d", "-O2", "a.c"}));
}

TEST_F(ResponseFiles, ThatCannotBeReadAreAnError) {
  auto missing = expandResponseFiles({"cc", "@nowhere"}, directory_);
  EXPECT_NE(llvm::toString(missing.takeError()).find("nowhere' cannot be read"), std::string::npos);
  write("self", "@self");
  auto endless = expandResponseFiles({"cc", "@self"}, directory_);
  EXPECT_NE(llvm::toString(endless.takeError()).find("includes itself"), std::string::npos);
}

} // namespace
} // namespace lockvet::index
