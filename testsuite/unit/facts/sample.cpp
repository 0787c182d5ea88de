// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "testsuite/unit/facts/sample.h"

#include "llvm/Support/FormatVariadic.h"

namespace lockvet::facts::test {
namespace {

Skeleton sampleSkeleton() {
  Skeleton skeleton;
  skeleton.function = 0;
  skeleton.variables = {{"in_coroutine", facts::kNone}, {"poll", 1}};
  skeleton.entry = 0;
  skeleton.exit = 2;

  skeleton.formulas = {{.kind = FormulaKind::Call, .left = 1},
                       {.kind = FormulaKind::Variable, .left = 0},
                       {.kind = FormulaKind::Not, .left = 0},
                       {.kind = FormulaKind::Unknown},
                       {.kind = FormulaKind::And, .left = 1, .right = 2},
                       {.kind = FormulaKind::Equal, .left = 4, .right = 3}};

  Block first;
  Event call{.kind = EventKind::Call, .call = 0, .arguments = {}};
  call.arguments.push_back({.index = 0,
                            .kind = ArgumentKind::Constant,
                            .constant = -7,
                            .part = {},
                            .path = {},
                            .path_class = {}});
  call.arguments.push_back({.index = 1,
                            .kind = ArgumentKind::Path,
                            .part = {},
                            .path = "$0->lock",
                            .path_class = "Ops::lock"});
  call.arguments.push_back({.index = Argument::kObject,
                            .kind = ArgumentKind::Path,
                            .part = "->lock_",
                            .path = "$0->lock",
                            .path_class = "Ops::lock"});
  call.is_alternative = true;
  call.arguments.push_back({.index = Argument::kObject,
                            .kind = ArgumentKind::Function,
                            .part = {},
                            .path = {},
                            .path_class = {},
                            .function = 1});
  first.events.push_back(call);
  first.events.push_back(
      {.kind = EventKind::SetCall, .call = 0, .variable = 0, .negated = true, .arguments = {}});
  first.condition = ConditionKind::Variable;
  first.operand = 0;
  first.successors = {1, kNone};

  Block second;
  second.events.push_back({.kind = EventKind::SetFlag,
                           .variable = 0,
                           .has_constant = true,
                           .constant = INT64_MIN,
                           .arguments = {}});
  second.events.push_back(
      {.kind = EventKind::Return, .has_constant = true, .constant = 1, .arguments = {}});
  second.events.push_back(
      {.kind = EventKind::SetFlag, .variable = 0, .formula = 1, .arguments = {}});
  second.condition = ConditionKind::Call;
  second.operand = 1;
  second.is_noreturn = true;
  second.successors = {2};

  Block third;
  third.condition = ConditionKind::Formula;
  third.operand = 5;
  third.successors = {0, 2};

  skeleton.blocks = {first, second, third};
  return skeleton;
}

std::string describe(const Location& at) {
  return llvm::formatv("{0}:{1}:{2}", at.file, at.line, at.column);
}

} // namespace

Fragment sampleFragment() {
  Fragment fragment;
  fragment.files = {"/src/run.c", "/src/run.h"};
  fragment.functions = {
      {.usr = "c:run.c@F@run@/src/run.c",
       .name = "run",
       .qualified_name = "run",
       .mangled_name = "run",
       .type = "int (struct Ops *)",
       .linkage = Linkage::Internal},
      {.usr = "c:@F@work",
       .name = "work",
       .qualified_name = "work",
       .mangled_name = "work",
       .type = "void (int)",
       .is_noreturn = true,
       .is_builtin = true,
       .is_pure = true,
       .is_implicit = true},
  };
  fragment.slots = {
      {.kind = SlotKind::SlotParameter,
       .key = "c:@S@Ops@FI@start#0",
       .name = "Ops::start()#0",
       .type = "void (int)",
       .location = {.file = 1, .line = 3, .column = 9},
       .slot = 1,
       .index = 4},
      {.kind = SlotKind::Field,
       .key = "c:@S@Ops@FI@start",
       .name = "Ops::start",
       .type = "void (void (*)(int))",
       .location = {.file = 1, .line = 3, .column = 9},
       .function = 0},
  };
  fragment.declarations = {{.function = 0,
                            .location = {.file = 0, .line = 10, .column = 12},
                            .end_line = 20,
                            .is_definition = true},
                           {.function = 1,
                            .location = {.file = 1, .line = 8, .column = 6},
                            .end_line = 8,
                            .in_system_header = true}};
  fragment.markers = {{.subject_kind = SubjectKind::Function,
                       .subject = 0,
                       .label = "coroutine_fn",
                       .location = {.file = 0, .line = 9, .column = 1}},
                      {.subject_kind = SubjectKind::Slot,
                       .subject = 1,
                       .label = "guarded_by:graph_lock",
                       .origin = MarkerOrigin::Capability,
                       .location = {.file = 1, .line = 3, .column = 1}},
                      {.subject_kind = SubjectKind::Function,
                       .subject = 0,
                       .label = "IO_CODE",
                       .origin = MarkerOrigin::Macro,
                       .location = {.file = 0, .line = 11, .column = 5}}};
  fragment.overrides = {{.method = 1, .base = 0}};
  fragment.calls = {{.kind = CallKind::Direct,
                     .caller = 0,
                     .callee = 1,
                     .type = {},
                     .location = {.file = 0, .line = 12, .column = 5}},
                    {.kind = CallKind::Indirect,
                     .caller = 0,
                     .slot = 1,
                     .type = "void (void (*)(int))",
                     .location = {.file = 0, .line = 13, .column = 5}},
                    {.kind = CallKind::Indirect,
                     .caller = 0,
                     .type = "void (int)",
                     .location = {.file = 0, .line = 14, .column = 5}}};
  fragment.flows = {{.form = FlowForm::Argument,
                     .holder = 0,
                     .from_function = 1,
                     .to_slot = 0,
                     .location = {.file = 0, .line = 13, .column = 11}},
                    {.form = FlowForm::Initializer,
                     .from_slot = 0,
                     .to_slot = 1,
                     .location = {.file = 0, .line = 15, .column = 2}}};
  fragment.diagnostics = {
      {.group = "thread-safety-analysis",
       .message = "calling function 'work' requires holding mutex",
       .function = 0,
       .location = {.file = 0, .line = 12, .column = 5},
       .notes = {{.message = "declared here", .location = {.file = 1, .line = 8, .column = 6}}}}};
  fragment.skeleton = sampleSkeleton();
  return fragment;
}

std::string describe(const Fragment& fragment) {
  std::string out;
  for (const std::string& file : fragment.files)
    out += "file " + file + "\n";
  for (const Function& f : fragment.functions)
    out += llvm::formatv("function {0} {1} {2} {3} {4} {5} {6} {7} {8} {9}\n", f.usr, f.name,
                         f.qualified_name, f.mangled_name, f.type, static_cast<int>(f.linkage),
                         f.is_noreturn, f.is_builtin, f.is_pure, f.is_implicit);
  for (const Slot& s : fragment.slots)
    out += llvm::formatv("slot {0} {1} {2} {3} {4} {5} {6} {7}\n", static_cast<int>(s.kind), s.key,
                         s.name, s.type, describe(s.location), s.function, s.slot, s.index);
  return out;
}

} // namespace lockvet::facts::test
