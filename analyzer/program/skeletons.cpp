// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/skeletons.h"

#include "analyzer/facts/serialize.h"
#include "analyzer/program/skeleton_queries.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/StringSaver.h"

#include <algorithm>
#include <utility>

namespace lockvet::program {

using facts::kNone;

namespace {

/// Lays skeletons out as bodies.
class BodyWriter {
public:
  BodyWriter(const Program& program, llvm::BumpPtrAllocator& allocator)
      : program_(program), allocator_(allocator), texts_(allocator) {}

  Body write(Id function, Id fragment, const facts::Skeleton& skeleton);

private:
  uint32_t callOf(uint32_t sequence) const;
  llvm::StringRef write(const std::string& text) {
    return text.empty() ? llvm::StringRef() : texts_.save(text);
  }
  Argument write(const facts::Argument& argument);
  Event write(const facts::Event& event);
  Block write(const facts::Block& block);
  template <class T, class From, class Make>
  llvm::ArrayRef<T> writeAll(const std::vector<From>& from, Make make);

  const Program& program_;
  llvm::BumpPtrAllocator& allocator_;
  llvm::StringSaver texts_;
  llvm::ArrayRef<Call> calls_; ///< of the body, in the order of their sequence
};

uint32_t BodyWriter::callOf(uint32_t sequence) const {
  if (sequence == kNone)
    return kNone;
  const Call* call =
      std::lower_bound(calls_.begin(), calls_.end(), sequence,
                       [](const Call& call, uint32_t wanted) { return call.sequence < wanted; });
  return call != calls_.end() && call->sequence == sequence
             ? static_cast<uint32_t>(call - calls_.begin())
             : kNone;
}

template <class T, class From, class Make>
llvm::ArrayRef<T> BodyWriter::writeAll(const std::vector<From>& from, Make make) {
  if (from.empty())
    return {};
  T* written = allocator_.Allocate<T>(from.size());
  for (size_t index = 0; index < from.size(); ++index)
    new (written + index) T(make(from[index]));
  return {written, from.size()};
}

Argument BodyWriter::write(const facts::Argument& argument) {
  return {.index = argument.index,
          .kind = argument.kind,
          .function = argument.function == kNone ? kNoId : argument.function,
          .constant = argument.constant,
          .part = write(argument.part),
          .path = write(argument.path),
          .path_class = write(argument.path_class)};
}

Event BodyWriter::write(const facts::Event& event) {
  return {.kind = event.kind,
          .has_constant = event.has_constant,
          .negated = event.negated,
          .is_alternative = event.is_alternative,
          .call = callOf(event.call),
          .variable = event.variable,
          .formula = event.formula,
          .constant = event.constant,
          .arguments = writeAll<Argument>(
              event.arguments, [&](const facts::Argument& argument) { return write(argument); })};
}

Block BodyWriter::write(const facts::Block& block) {
  return {.events = writeAll<Event>(block.events,
                                    [&](const facts::Event& event) { return write(event); }),
          .successors =
              writeAll<uint32_t>(block.successors, [](uint32_t successor) { return successor; }),
          .condition = block.condition,
          .is_noreturn = block.is_noreturn,
          .operand = block.condition == facts::ConditionKind::Call ? callOf(block.operand)
                                                                   : block.operand};
}

Body BodyWriter::write(Id function, Id fragment, const facts::Skeleton& skeleton) {
  calls_ = callsIn(program_.callsOf(function), fragment);
  Body body;
  body.function = function;
  body.fragment = fragment;
  body.parameters = writeAll<uint32_t>(
      skeleton.variables, [](const facts::Variable& variable) { return variable.parameter; });
  body.formulas = writeAll<facts::Formula>(skeleton.formulas, [&](facts::Formula formula) {
    if (formula.kind == facts::FormulaKind::Call)
      formula.left = callOf(formula.left);
    return formula;
  });
  body.blocks =
      writeAll<Block>(skeleton.blocks, [&](const facts::Block& block) { return write(block); });
  body.entry = skeleton.entry;
  body.exit = skeleton.exit;
  body.first_call = calls_.empty() ? 0 : static_cast<uint32_t>(program_.indexOf(calls_.front()));
  body.reaches_end = canReachEnd(body, [](const Event&) { return false; });
  body.asks_of_parameters = llvm::any_of(body.blocks, [&](const Block& block) {
    return block.condition == facts::ConditionKind::Variable &&
           body.parameters[block.operand] != kNone;
  });
  body.hands_over = llvm::any_of(body.blocks, [](const Block& block) {
    return llvm::any_of(block.events, [](const Event& event) { return !event.arguments.empty(); });
  });
  return body;
}

} // namespace

llvm::Expected<Skeletons> Skeletons::load(store::Store& store, const Program& program) {
  Skeletons skeletons;
  skeletons.allocator_ = std::make_unique<llvm::BumpPtrAllocator>();
  BodyWriter writer(program, *skeletons.allocator_);
  // Of a store whose bytes were changed, one complaint says as much as a thousand.
  std::string damage;
  const size_t functions = program.functions().size();
  llvm::Error failed = store.reader().forEachSkeleton([&](const store::SkeletonRow& row) {
    if (!damage.empty())
      return;
    llvm::Expected<facts::Skeleton> skeleton = facts::parseSkeleton(row.bytes);
    if (!skeleton) {
      damage = llvm::toString(skeleton.takeError());
      return;
    }
    // Another run of the indexer may have added functions since the program was read.
    if (row.function < functions)
      skeletons.bodies_.push_back(writer.write(row.function, row.fragment, *skeleton));
  });
  if (failed)
    return std::move(failed);
  if (!damage.empty())
    return llvm::createStringError("the store '" + store.path() + "' is damaged (" + damage +
                                   "); delete it and run `lockvet index` again");
  llvm::sort(skeletons.bodies_, [](const Body& a, const Body& b) {
    return std::pair(a.function, a.fragment) < std::pair(b.function, b.fragment);
  });
  skeletons.first_.assign(functions + 1, 0);
  for (const Body& body : skeletons.bodies_)
    ++skeletons.first_[body.function + 1];
  for (size_t index = 1; index < skeletons.first_.size(); ++index)
    skeletons.first_[index] += skeletons.first_[index - 1];
  return skeletons;
}

} // namespace lockvet::program
