// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/skeletons.h"

#include "analyzer/facts/serialize.h"
#include "analyzer/program/skeleton_queries.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/xxhash.h"

#include <algorithm>
#include <utility>

namespace lockvet::program {

using facts::kNone;

namespace {

/// Lays skeletons out as bodies.
class BodyWriter {
public:
  BodyWriter(const Program& program, llvm::BumpPtrAllocator& allocator)
      : program_(program), allocator_(allocator) {}

  Body write(Id function, Id fragment, const facts::Skeleton& skeleton);

private:
  uint32_t callOf(uint32_t sequence) const;
  /// No StringSaver, which is compiled in LLVM's library: where this is checked by a sanitizer, it
  /// would write what it takes of the same allocator without saying so.
  llvm::StringRef write(const std::string& text) {
    if (text.empty())
      return {};
    char* written = allocator_.Allocate<char>(text.size());
    std::copy(text.begin(), text.end(), written);
    return {written, text.size()};
  }
  Argument write(const facts::Argument& argument);
  Event write(const facts::Event& event);
  Block write(const facts::Block& block);
  template <class T, class From, class Make>
  llvm::ArrayRef<T> writeAll(const std::vector<From>& from, Make make);

  const Program& program_;
  llvm::BumpPtrAllocator& allocator_;
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

/// One scan of the store.
class Skeletons::Loading {
public:
  Loading(const Program& program, const Skeletons* before, ProgramChange* change)
      : program_(program), before_(before), change_(change),
        allocator_(std::make_shared<llvm::BumpPtrAllocator>()), writer_(program, *allocator_) {}

  llvm::Expected<Skeletons> load(store::Store& store);

private:
  void add(const store::SkeletonRow& row);
  const Body* knownBody(Id function, uint64_t hash) const;
  void compareCounts();

  const Program& program_;
  const Skeletons* before_;
  ProgramChange* change_;
  std::shared_ptr<llvm::BumpPtrAllocator> allocator_;
  BodyWriter writer_;
  Skeletons skeletons_;
  // Of a store whose bytes were changed, one complaint says as much as a thousand.
  std::string damage_;
};

/// The same bytes say the same of the same calls.
const Body* Skeletons::Loading::knownBody(Id function, uint64_t hash) const {
  if (!before_ || change_->isChanged(function))
    return nullptr;
  const llvm::ArrayRef<Body> bodies = before_->of(function);
  const Body* known = llvm::find_if(bodies, [&](const Body& body) { return body.hash == hash; });
  if (known != bodies.end())
    return known;
  change_->add(function);
  return nullptr;
}

void Skeletons::Loading::add(const store::SkeletonRow& row) {
  // Another run of the indexer may have added functions since the program was read.
  if (!damage_.empty() || row.function >= program_.functions().size())
    return;
  const uint64_t hash = llvm::xxh3_64bits(row.bytes);
  if (const Body* known = knownBody(row.function, hash)) {
    const llvm::ArrayRef<Call> calls = callsIn(program_.callsOf(row.function), row.fragment);
    Body& body = skeletons_.bodies_.emplace_back(*known);
    body.fragment = row.fragment;
    body.first_call = calls.empty() ? 0 : static_cast<uint32_t>(program_.indexOf(calls.front()));
    return;
  }
  llvm::Expected<facts::Skeleton> skeleton = facts::parseSkeleton(row.bytes);
  if (!skeleton) {
    damage_ = llvm::toString(skeleton.takeError());
    return;
  }
  skeletons_.bodies_.push_back(writer_.write(row.function, row.fragment, *skeleton));
  skeletons_.bodies_.back().hash = hash;
}

/// A function may have one body less than before, and those that it has unchanged.
void Skeletons::Loading::compareCounts() {
  for (Id id = 1; id < program_.functions().size(); ++id)
    if (!change_->isChanged(id) && before_->of(id).size() != skeletons_.of(id).size())
      change_->add(id);
}

llvm::Expected<Skeletons> Skeletons::Loading::load(store::Store& store) {
  if (llvm::Error error =
          store.reader().forEachSkeleton([&](const store::SkeletonRow& row) { add(row); }))
    return std::move(error);
  if (!damage_.empty())
    return llvm::createStringError("the store '" + store.path() + "' is damaged (" + damage_ +
                                   "); delete it and run `lockvet index` again");
  if (before_)
    skeletons_.allocators_ = before_->allocators_;
  skeletons_.allocators_.push_back(allocator_);
  skeletons_.index(program_.functions().size());
  if (before_)
    compareCounts();
  return std::move(skeletons_);
}

void Skeletons::index(size_t functions) {
  llvm::sort(bodies_, [](const Body& a, const Body& b) {
    return std::pair(a.function, a.fragment) < std::pair(b.function, b.fragment);
  });
  first_.assign(functions + 1, 0);
  for (const Body& body : bodies_)
    ++first_[body.function + 1];
  for (size_t index = 1; index < first_.size(); ++index)
    first_[index] += first_[index - 1];
}

llvm::Expected<Skeletons> Skeletons::load(store::Store& store, const Program& program) {
  return Loading(program, nullptr, nullptr).load(store);
}

llvm::Expected<Skeletons> Skeletons::load(store::Store& store, const Program& program,
                                          const Skeletons& before, ProgramChange& change) {
  return Loading(program, &before, &change).load(store);
}

} // namespace lockvet::program
