// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "testsuite/benchmarks/program_shape.h"

#include "analyzer/config/config.h"
#include "analyzer/facts/serialize.h"
#include "analyzer/program/callers.h"
#include "analyzer/rules/analysis.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>

namespace lockvet::benchmarks {

namespace {

class Printer {
public:
  explicit Printer(llvm::raw_ostream& out) : out_(out) {}

  void count(llvm::StringRef what, size_t number) {
    out_ << llvm::formatv("{0,-52} {1,12}\n", what, number);
  }
  void average(llvm::StringRef what, size_t sum, size_t of) {
    const double quotient = of == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(of);
    out_ << llvm::formatv("{0,-52} {1,12:f3}\n", what, quotient);
  }

private:
  llvm::raw_ostream& out_;
};

llvm::Error printBodies(store::Store& store, Printer& print) {
  size_t bodies = 0, bytes = 0, blocks = 0, events = 0, calls = 0, paths = 0, constants = 0;
  size_t conditions = 0, variables = 0, asked_variables = 0, asked_calls = 0, asked_formulas = 0;
  llvm::Error bad = llvm::Error::success();
  llvm::Error error = store.reader().forEachSkeleton([&](const store::SkeletonRow& row) {
    llvm::Expected<facts::Skeleton> skeleton = facts::parseSkeleton(row.bytes);
    if (!skeleton) {
      bad = llvm::joinErrors(std::move(bad), skeleton.takeError());
      return;
    }
    ++bodies;
    bytes += row.bytes.size();
    blocks += skeleton->blocks.size();
    variables += skeleton->variables.size();
    for (const facts::Block& block : skeleton->blocks) {
      events += block.events.size();
      conditions += block.successors.size() > 1;
      asked_variables += block.condition == facts::ConditionKind::Variable;
      asked_calls += block.condition == facts::ConditionKind::Call;
      asked_formulas += block.condition == facts::ConditionKind::Formula;
      for (const facts::Event& event : block.events) {
        calls += event.kind == facts::EventKind::Call;
        for (const facts::Argument& argument : event.arguments) {
          paths += argument.kind == facts::ArgumentKind::Path;
          constants += argument.kind == facts::ArgumentKind::Constant;
        }
      }
    }
  });
  print.count("bodies", bodies);
  print.average("bytes a body", bytes, bodies);
  print.average("blocks a body", blocks, bodies);
  print.average("events a body", events, bodies);
  print.average("calls a body", calls, bodies);
  print.average("objects that a call hands over", paths, calls);
  print.average("constants that a call hands over", constants, calls);
  print.average("variables a body", variables, bodies);
  print.average("conditions a body", conditions, bodies);
  print.average("... on a variable", asked_variables, bodies);
  print.average("... on what a call answers", asked_calls, bodies);
  print.average("... on several things", asked_formulas, bodies);
  return llvm::joinErrors(std::move(error), std::move(bad));
}

void printCalls(const program::Program& program, Printer& print) {
  size_t defined = 0, through_pointers = 0, targets = 0, of_slots = 0, taken = 0;
  for (const program::Function& function : program.functions())
    defined += function.is_defined;
  for (const program::Call& call : program.calls())
    through_pointers += call.kind == facts::CallKind::Indirect;
  for (store::Id slot = 1; slot < program.slots().size(); ++slot) {
    const size_t size = program.slotTargets(slot).size();
    targets += size;
    of_slots += size > 0;
  }
  for (const program::Flow& flow : program.flows())
    taken += flow.from_function != store::kNoId;
  print.count("functions", program.functions().size() - 1);
  print.count("... defined", defined);
  print.average("calls a defined function", program.calls().size(), defined);
  print.average("share of calls through pointers", through_pointers, program.calls().size());
  print.average("functions of a pointer that has any", targets, of_slots);
  print.average("such pointers a defined function", of_slots, defined);
  print.average("functions put into pointers, a defined function", taken, defined);
  // How many calls the most called functions take.
  const program::Callers callers(program);
  std::vector<size_t> called(program.functions().size());
  for (store::Id id = 1; id < called.size(); ++id)
    called[id] = callers.of(id).size();
  std::sort(called.rbegin(), called.rend());
  size_t sum = 0;
  for (size_t index = 0; index < std::min<size_t>(called.size(), 40); ++index)
    sum += called[index];
  print.average("share of calls that 40 functions take", sum, program.calls().size());
}

void printLocks(const rules::Analysis& analysis, Printer& print) {
  const program::Program& program = analysis.program();
  const locks::LockAnalysis& locks = analysis.input().locks;
  size_t defined = 0, coroutines = 0, asserting = 0, with_locks = 0, with_effects = 0;
  for (store::Id id = 1; id < program.functions().size(); ++id) {
    defined += program.function(id).is_defined;
    coroutines += program.isCoroutineFn(id);
    with_locks += !locks.effects().touchedBy(id).empty();
    with_effects += !locks.effects().of(id).empty();
  }
  for (const program::Marker& marker : program.markers())
    asserting += (program::labelNamed(marker.label) &
                  (program::kMainLoop | program::kAnyThread | program::kEitherThread)) != 0;
  print.average("share of functions that do something to a lock", with_locks, defined);
  print.average("... and leave it otherwise than it was", with_effects, defined);
  print.average("share that needs a lock", locks.operations().requirements().size(), defined);
  print.average("share of coroutine_fn", coroutines, defined);
  print.average("... of the main loop, I/O or either", asserting, defined);
  print.average("classes of locks, a defined function", locks.order().nodes().size(), defined);
  print.average("holds followed, a defined function", locks.held().entries().size(), defined);
}

} // namespace

llvm::Error printShape(const std::string& path, const std::string& profile,
                       llvm::raw_ostream& out) {
  llvm::Expected<config::Config> config = config::load("", "/", profile);
  if (!config)
    return config.takeError();
  llvm::Expected<store::Store> store = store::Store::openReadOnly(path);
  if (!store)
    return store.takeError();
  Printer print(out);
  if (llvm::Error error = printBodies(*store, print))
    return error;
  llvm::Expected<std::unique_ptr<rules::Analysis>> analysis =
      rules::Analysis::load(*store, *config);
  if (!analysis)
    return analysis.takeError();
  printCalls((*analysis)->program(), print);
  printLocks(**analysis, print);
  return llvm::Error::success();
}

} // namespace lockvet::benchmarks
