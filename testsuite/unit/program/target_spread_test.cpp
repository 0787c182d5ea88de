// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How many functions a call can run, and in how many folders they lie.

#include "analyzer/program/target_spread.h"
#include "testsuite/unit/program/fixture.h"

namespace lockvet::program {

namespace {

class TargetSpreadTest : public test::ProgramTest {
protected:
  /// Targets and folders of the only call in a function.
  std::pair<uint32_t, uint32_t> spreadIn(llvm::StringRef caller) {
    const TargetSpread spread(*program_);
    const Call& call = callIn(caller);
    return {spread.targetsOf(call), spread.foldersOf(call)};
  }
};

using Spread = std::pair<uint32_t, uint32_t>;

const char kOps[] = "struct Ops { void (*run)(void); };\n";

TEST_F(TargetSpreadTest, ACallByNameIsOne) {
  load({{"a.c", "void leaf(void); void unknown(void); void caller(void) { leaf(); }\n"
                "void calls_unknown(void) { unknown(); }\n"},
        {"b/leaf.c", "void leaf(void) {}\n"}});
  EXPECT_EQ(spreadIn("caller"), (Spread{1, 1}));
  EXPECT_EQ(spreadIn("calls_unknown"), (Spread{1, 1}));
}

TEST_F(TargetSpreadTest, FoldersAreCountedOnce) {
  const std::string ops = "#include <ops.h>\n";
  load({{"ops.h", kOps},
        {"one/a.c", ops + "static void a(void) {} struct Ops a_ops = {a};\n"},
        {"one/b.c", ops + "static void b(void) {} struct Ops b_ops = {b};\n"},
        {"two/c.c", ops + "static void c(void) {} struct Ops c_ops = {c};\n"},
        {"two/deep/d.c", ops + "static void d(void) {} struct Ops d_ops = {d};\n"},
        {"main.c", ops + "void caller(struct Ops *ops) { ops->run(); }\n"}});
  EXPECT_EQ(spreadIn("caller"), (Spread{4, 3}));
}

TEST_F(TargetSpreadTest, NothingIsKnownOfAnEmptyPointer) {
  load({{"a.c", std::string(kOps) + "void caller(struct Ops *ops) { ops->run(); }\n"
                                    "void (*get(void))(void);\n"
                                    "void calls_result(void (**run)(void)) { run[3](); }\n"}});
  EXPECT_EQ(spreadIn("caller"), (Spread{0, 0}));
  EXPECT_EQ(spreadIn("calls_result"), (Spread{0, 0}));
}

TEST_F(TargetSpreadTest, VirtualCallsRunTheMethodAndItsOverriders) {
  load({{"a.cpp", "struct Base { virtual void run() {} };\n"
                  "struct One : Base { void run() override {} };\n"
                  "struct Two : Base { void run() override {} };\n"
                  "void caller(Base &base) { base.run(); }\n"}});
  EXPECT_EQ(spreadIn("caller"), (Spread{3, 1}));
}

TEST_F(TargetSpreadTest, PointersAreToldApart) {
  load({{"a.c", "struct Ops { void (*run)(void); void (*stop)(void); };\n"
                "static void f(void) {}\n"
                "static void g(void) {}\n"
                "struct Ops one = {f, g}, two = {g, g};\n"
                "void runs(struct Ops *ops) { ops->run(); }\n"
                "void stops(struct Ops *ops) { ops->stop(); }\n"}});
  EXPECT_EQ(spreadIn("runs"), (Spread{2, 1}));
  EXPECT_EQ(spreadIn("stops"), (Spread{1, 1}));
}

} // namespace

} // namespace lockvet::program
