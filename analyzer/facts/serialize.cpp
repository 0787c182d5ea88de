// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each struct has a put() and a get() that name its members in the same order. Locations are
// (file, line, column), optional indices are shifted by one so that kNone is the single byte 0.

#include "analyzer/facts/serialize.h"

#include "analyzer/facts/bytes.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/xxhash.h"

#include <algorithm>
#include <utility>

namespace lockvet::facts {
namespace {

/// How many entries the tables have that indices point into.
struct Limits {
  size_t files = kNone;
  size_t functions = kNone;
  size_t slots = kNone;
  size_t calls = kNone;
};

void put(Encoder& out, const Location& location) {
  out.index(location.file);
  out.number(location.line);
  out.number(location.column);
}

Location getLocation(Decoder& in, const Limits& limits) {
  Location location;
  location.file = in.index(limits.files);
  location.line = in.number32();
  location.column = in.number32();
  return location;
}

void put(Encoder& out, const Function& function) {
  out.text(function.usr);
  out.text(function.name);
  out.text(function.qualified_name);
  out.text(function.mangled_name);
  out.text(function.type);
  out.number(static_cast<uint64_t>(function.linkage));
  out.number(function.is_noreturn);
  out.number(function.is_builtin);
  out.number(function.is_pure);
  out.number(function.is_implicit);
}

Function getFunction(Decoder& in) {
  Function function;
  function.usr = in.text();
  function.name = in.text();
  function.qualified_name = in.text();
  function.mangled_name = in.text();
  function.type = in.text();
  function.linkage = in.enumerator(Linkage::None);
  function.is_noreturn = in.flag();
  function.is_builtin = in.flag();
  function.is_pure = in.flag();
  function.is_implicit = in.flag();
  return function;
}

void put(Encoder& out, const Slot& slot) {
  out.number(static_cast<uint64_t>(slot.kind));
  out.text(slot.key);
  out.text(slot.name);
  out.text(slot.type);
  put(out, slot.location);
  out.index(slot.function);
  out.index(slot.slot);
  out.number(slot.index);
}

Slot getSlot(Decoder& in, const Limits& limits) {
  Slot slot;
  slot.kind = in.enumerator(SlotKind::SlotReturn);
  slot.key = in.text();
  slot.name = in.text();
  slot.type = in.text();
  slot.location = getLocation(in, limits);
  slot.function = in.index(limits.functions);
  slot.slot = in.index(limits.slots);
  slot.index = in.number32();
  return slot;
}

void put(Encoder& out, const Declaration& declaration) {
  out.index(declaration.function);
  put(out, declaration.location);
  out.number(declaration.end_line);
  out.number(declaration.is_definition);
  out.number(declaration.in_system_header);
}

Declaration getDeclaration(Decoder& in, const Limits& limits) {
  Declaration declaration;
  declaration.function = in.someIndex(limits.functions);
  declaration.location = getLocation(in, limits);
  declaration.end_line = in.number32();
  declaration.is_definition = in.flag();
  declaration.in_system_header = in.flag();
  return declaration;
}

void put(Encoder& out, const Marker& marker) {
  out.number(static_cast<uint64_t>(marker.subject_kind));
  out.index(marker.subject);
  out.text(marker.label);
  out.number(static_cast<uint64_t>(marker.origin));
  put(out, marker.location);
}

Marker getMarker(Decoder& in, const Limits& limits) {
  Marker marker;
  marker.subject_kind = in.enumerator(SubjectKind::Slot);
  marker.subject =
      in.someIndex(marker.subject_kind == SubjectKind::Function ? limits.functions : limits.slots);
  marker.label = in.text();
  marker.origin = in.enumerator(MarkerOrigin::Macro);
  marker.location = getLocation(in, limits);
  return marker;
}

void put(Encoder& out, const Override& override) {
  out.index(override.method);
  out.index(override.base);
}

Override getOverride(Decoder& in, const Limits& limits) {
  Override override;
  override.method = in.someIndex(limits.functions);
  override.base = in.someIndex(limits.functions);
  return override;
}

void put(Encoder& out, const CallSite& call) {
  out.number(static_cast<uint64_t>(call.kind));
  out.index(call.caller);
  out.index(call.callee);
  out.index(call.slot);
  out.text(call.type);
  put(out, call.location);
}

CallSite getCall(Decoder& in, const Limits& limits) {
  CallSite call;
  call.kind = in.enumerator(CallKind::Indirect);
  call.caller = in.index(limits.functions);
  call.callee = in.index(limits.functions);
  in.checked(call.kind == CallKind::Indirect || call.callee != kNone, "a call has no callee");
  call.slot = in.index(limits.slots);
  call.type = in.text();
  call.location = getLocation(in, limits);
  return call;
}

void put(Encoder& out, const Flow& flow) {
  out.number(static_cast<uint64_t>(flow.form));
  out.index(flow.holder);
  out.index(flow.from_function);
  out.index(flow.from_slot);
  out.index(flow.to_slot);
  put(out, flow.location);
}

Flow getFlow(Decoder& in, const Limits& limits) {
  Flow flow;
  flow.form = in.enumerator(FlowForm::Use);
  flow.holder = in.index(limits.functions);
  flow.from_function = in.index(limits.functions);
  flow.from_slot = in.index(limits.slots);
  flow.to_slot = in.index(limits.slots);
  flow.location = getLocation(in, limits);
  return flow;
}

void put(Encoder& out, const Diagnostic& diagnostic) {
  out.text(diagnostic.group);
  out.text(diagnostic.message);
  out.index(diagnostic.function);
  put(out, diagnostic.location);
  out.number(diagnostic.notes.size());
  for (const Diagnostic::Note& note : diagnostic.notes) {
    out.text(note.message);
    put(out, note.location);
  }
}

Diagnostic getDiagnostic(Decoder& in, const Limits& limits) {
  Diagnostic diagnostic;
  diagnostic.group = in.text();
  diagnostic.message = in.text();
  diagnostic.function = in.index(limits.functions);
  diagnostic.location = getLocation(in, limits);
  for (size_t i = in.count(4); i != 0 && !in.failed(); --i) {
    Diagnostic::Note note;
    note.message = in.text();
    note.location = getLocation(in, limits);
    diagnostic.notes.push_back(std::move(note));
  }
  return diagnostic;
}

constexpr uint64_t kHasPart = 4;

void put(Encoder& out, const Argument& argument) {
  out.index(argument.index);
  out.number(static_cast<uint64_t>(argument.kind) | (argument.part.empty() ? 0 : kHasPart));
  if (!argument.part.empty())
    out.text(argument.part);
  switch (argument.kind) {
  case ArgumentKind::Constant:
    return out.signedNumber(argument.constant);
  case ArgumentKind::Path:
    out.text(argument.path);
    out.text(argument.path_class);
    return out.index(argument.function);
  case ArgumentKind::Function:
    return out.index(argument.function);
  }
}

Argument getArgument(Decoder& in, const Limits& limits) {
  Argument argument;
  argument.index = in.index(kNone);
  const uint64_t head = in.number();
  if (in.checked((head & ~kHasPart) <= static_cast<uint64_t>(ArgumentKind::Function),
                 "unknown enumerator"))
    argument.kind = static_cast<ArgumentKind>(head & ~kHasPart);
  if (head & kHasPart)
    argument.part = in.text();
  switch (argument.kind) {
  case ArgumentKind::Constant:
    argument.constant = in.signedNumber();
    break;
  case ArgumentKind::Path:
    argument.path = in.text();
    argument.path_class = in.text();
    argument.function = in.index(limits.functions);
    break;
  case ArgumentKind::Function:
    argument.function = in.someIndex(limits.functions);
    break;
  }
  return argument;
}

// Events are the bulk of a store, so their flags share a byte with the kind, and what an event of
// that kind does not have takes none.
constexpr uint64_t kHasConstant = 4;
constexpr uint64_t kNegated = 8;
constexpr uint64_t kHasCall = 16;
constexpr uint64_t kHasVariable = 32;
constexpr uint64_t kHasArguments = 64;
constexpr uint64_t kHasFormula = 128;
constexpr uint64_t kIsAlternative = 256;

void put(Encoder& out, const Event& event) {
  uint64_t head = static_cast<uint64_t>(event.kind);
  head |= event.has_constant ? kHasConstant : 0;
  head |= event.negated ? kNegated : 0;
  head |= event.call != kNone ? kHasCall : 0;
  head |= event.variable != kNone ? kHasVariable : 0;
  head |= event.arguments.empty() ? 0 : kHasArguments;
  head |= event.formula != kNone ? kHasFormula : 0;
  head |= event.is_alternative ? kIsAlternative : 0;
  out.number(head);
  if (event.call != kNone)
    out.number(event.call);
  if (event.variable != kNone)
    out.number(event.variable);
  if (event.has_constant)
    out.signedNumber(event.constant);
  if (event.formula != kNone)
    out.number(event.formula);
  if (event.arguments.empty())
    return;
  out.number(event.arguments.size());
  for (const Argument& argument : event.arguments)
    put(out, argument);
}

Event getEvent(Decoder& in, const Limits& limits, const Skeleton& skeleton) {
  Event event;
  const uint64_t head = in.number();
  in.checked(head < 2 * kIsAlternative, "unknown event");
  event.kind = static_cast<EventKind>(head & 3);
  event.has_constant = head & kHasConstant;
  event.negated = head & kNegated;
  event.is_alternative = head & kIsAlternative;
  if (head & kHasCall) {
    event.call = in.number32();
    in.checked(event.call < limits.calls, "an event's call points outside its table");
  }
  if (head & kHasVariable) {
    event.variable = in.number32();
    in.checked(event.variable < skeleton.variables.size(),
               "an event's variable points outside its table");
  }
  const bool wants_call = event.kind == EventKind::Call || event.kind == EventKind::SetCall;
  const bool wants_variable = event.kind == EventKind::SetFlag || event.kind == EventKind::SetCall;
  in.checked(!wants_call || head & kHasCall, "an event has no call");
  in.checked(!wants_variable || head & kHasVariable, "an event has no variable");
  if (event.has_constant)
    event.constant = in.signedNumber();
  if (head & kHasFormula) {
    event.formula = in.number32();
    in.checked(event.formula < skeleton.formulas.size(),
               "an event's formula points outside its table");
  }
  if (head & kHasArguments)
    for (size_t i = in.count(3); i != 0 && !in.failed(); --i)
      event.arguments.push_back(getArgument(in, limits));
  return event;
}

constexpr uint64_t kNoreturn = 8;

bool hasOperand(ConditionKind condition) {
  return condition != ConditionKind::None && condition != ConditionKind::Other;
}

void put(Encoder& out, const Block& block) {
  out.number(static_cast<uint64_t>(block.condition) | (block.is_noreturn ? kNoreturn : 0));
  if (hasOperand(block.condition))
    out.number(block.operand);
  out.number(block.events.size());
  for (const Event& event : block.events)
    put(out, event);
  out.number(block.successors.size());
  for (uint32_t successor : block.successors)
    out.index(successor);
}

Block getBlock(Decoder& in, const Limits& limits, const Skeleton& skeleton, size_t blocks) {
  Block block;
  const uint64_t head = in.number();
  const uint64_t condition = head & (kNoreturn - 1);
  in.checked(head < 2 * kNoreturn && condition <= static_cast<uint64_t>(ConditionKind::Other),
             "unknown condition");
  if (in.failed())
    return block;
  block.condition = static_cast<ConditionKind>(condition);
  block.is_noreturn = head & kNoreturn;
  if (hasOperand(block.condition)) {
    block.operand = in.number32();
    const size_t size = block.condition == ConditionKind::Call       ? limits.calls
                        : block.condition == ConditionKind::Variable ? skeleton.variables.size()
                                                                     : skeleton.formulas.size();
    in.checked(block.operand < size, "a condition points outside its table");
  }
  for (size_t i = in.count(1); i != 0 && !in.failed(); --i)
    block.events.push_back(getEvent(in, limits, skeleton));
  for (size_t i = in.count(1); i != 0 && !in.failed(); --i)
    block.successors.push_back(in.index(blocks));
  return block;
}

bool isLeaf(FormulaKind kind) {
  return kind <= FormulaKind::Variable;
}

bool hasRight(FormulaKind kind) {
  return kind > FormulaKind::Not;
}

void put(Encoder& out, const Formula& formula) {
  out.number(static_cast<uint64_t>(formula.kind));
  if (formula.kind > FormulaKind::True)
    out.number(formula.left);
  if (hasRight(formula.kind))
    out.number(formula.right);
}

void getFormulas(Decoder& in, const Limits& limits, Skeleton& skeleton) {
  std::vector<uint32_t> depths;
  for (size_t i = in.count(1); i != 0 && !in.failed(); --i) {
    Formula formula;
    formula.kind = in.enumerator(FormulaKind::Equal);
    const size_t size = formula.kind == FormulaKind::Call       ? limits.calls
                        : formula.kind == FormulaKind::Variable ? skeleton.variables.size()
                                                                : depths.size();
    uint32_t depth = 1;
    auto operand = [&] {
      const uint32_t index = in.number32();
      in.checked(index < size, "a formula points outside its table");
      if (!in.failed() && !isLeaf(formula.kind))
        depth = std::max(depth, depths[index] + 1);
      return index;
    };
    if (formula.kind > FormulaKind::True)
      formula.left = operand();
    if (hasRight(formula.kind))
      formula.right = operand();
    in.checked(depth <= kMaxFormulaDepth, "a formula is too deep");
    depths.push_back(depth);
    skeleton.formulas.push_back(formula);
  }
}

void put(Encoder& out, const Skeleton& skeleton) {
  out.index(skeleton.function);
  out.number(skeleton.variables.size());
  for (const Variable& variable : skeleton.variables) {
    out.text(variable.name);
    out.index(variable.parameter);
  }
  out.number(skeleton.formulas.size());
  for (const Formula& formula : skeleton.formulas)
    put(out, formula);
  out.number(skeleton.blocks.size());
  for (const Block& block : skeleton.blocks)
    put(out, block);
  out.number(skeleton.entry);
  out.number(skeleton.exit);
}

Skeleton getSkeleton(Decoder& in, const Limits& limits) {
  Skeleton skeleton;
  skeleton.function = in.someIndex(limits.functions);
  for (size_t i = in.count(1); i != 0 && !in.failed(); --i)
    skeleton.variables.push_back({in.text(), in.index(kNone)});
  getFormulas(in, limits, skeleton);
  const size_t blocks = in.count(3);
  for (size_t i = 0; i != blocks && !in.failed(); ++i)
    skeleton.blocks.push_back(getBlock(in, limits, skeleton, blocks));
  skeleton.entry = in.number32();
  skeleton.exit = in.number32();
  const bool within = skeleton.entry < blocks && skeleton.exit < blocks;
  in.checked(within || (blocks == 0 && skeleton.entry == 0 && skeleton.exit == 0),
             "a skeleton's entry or exit is not one of its blocks");
  return skeleton;
}

template <class Row> void putAll(Encoder& out, const std::vector<Row>& rows) {
  out.number(rows.size());
  for (const Row& row : rows)
    put(out, row);
}

template <class Row, class Get>
void getAll(Decoder& in, std::vector<Row>& rows, size_t count, Get get) {
  for (size_t i = 0; i != count && !in.failed(); ++i)
    rows.push_back(get());
}

/// Whoever resolves a slot resolves the one it belongs to first.
bool hasSlotCycle(const std::vector<Slot>& slots) {
  std::vector<uint32_t> seen_by(slots.size(), kNone);
  for (uint32_t start = 0; start != slots.size(); ++start) {
    uint32_t at = start;
    while (at != kNone && seen_by[at] == kNone) {
      seen_by[at] = start;
      at = slots[at].slot;
    }
    if (at != kNone && seen_by[at] == start)
      return true;
  }
  return false;
}

} // namespace

std::string serialize(const Fragment& fragment) {
  Encoder out;
  out.number(fragment.files.size());
  for (const std::string& file : fragment.files)
    out.text(file);
  // The sizes come first, since tables point into each other in both directions.
  out.number(fragment.functions.size());
  out.number(fragment.slots.size());
  out.number(fragment.calls.size());
  for (const Function& function : fragment.functions)
    put(out, function);
  for (const Slot& slot : fragment.slots)
    put(out, slot);
  for (const CallSite& call : fragment.calls)
    put(out, call);
  putAll(out, fragment.declarations);
  putAll(out, fragment.markers);
  putAll(out, fragment.overrides);
  putAll(out, fragment.flows);
  putAll(out, fragment.diagnostics);
  out.number(fragment.skeleton.has_value());
  if (fragment.skeleton)
    put(out, *fragment.skeleton);
  return out.take();
}

llvm::Expected<Fragment> parseFragment(llvm::StringRef bytes) {
  Decoder in(bytes);
  in.readTable();
  Fragment fragment;
  for (size_t i = in.count(1); i != 0 && !in.failed(); --i)
    fragment.files.push_back(in.text());
  const Limits limits{.files = fragment.files.size(),
                      .functions = in.count(8),
                      .slots = in.count(10),
                      .calls = in.count(8)};
  getAll(in, fragment.functions, limits.functions, [&] { return getFunction(in); });
  getAll(in, fragment.slots, limits.slots, [&] { return getSlot(in, limits); });
  getAll(in, fragment.calls, limits.calls, [&] { return getCall(in, limits); });
  getAll(in, fragment.declarations, in.count(7), [&] { return getDeclaration(in, limits); });
  getAll(in, fragment.markers, in.count(7), [&] { return getMarker(in, limits); });
  getAll(in, fragment.overrides, in.count(2), [&] { return getOverride(in, limits); });
  getAll(in, fragment.flows, in.count(8), [&] { return getFlow(in, limits); });
  getAll(in, fragment.diagnostics, in.count(7), [&] { return getDiagnostic(in, limits); });
  if (in.flag())
    fragment.skeleton = getSkeleton(in, limits);
  if (!in.failed())
    in.checked(!hasSlotCycle(fragment.slots), "a slot belongs to itself");
  if (llvm::Error error = in.finish("fragment"))
    return error;
  return fragment;
}

std::string serialize(const Skeleton& skeleton) {
  Encoder out;
  put(out, skeleton);
  return out.take();
}

llvm::Expected<Skeleton> parseSkeleton(llvm::StringRef bytes) {
  Decoder in(bytes);
  in.readTable();
  Skeleton skeleton = getSkeleton(in, Limits{});
  if (llvm::Error error = in.finish("skeleton"))
    return error;
  return skeleton;
}

std::string serialize(const UnitFacts& unit) {
  Encoder out;
  out.number(static_cast<uint64_t>(unit.status));
  out.bytes(unit.reason);
  out.fixed64(llvm::bit_cast<uint64_t>(unit.cpu_seconds));
  out.number(unit.inputs.size());
  for (const InputFile& input : unit.inputs) {
    out.bytes(input.path);
    out.fixed64(input.content[0]);
    out.fixed64(input.content[1]);
    out.number(input.size);
    out.signedNumber(input.mtime_ns);
  }
  out.number(unit.fragments.size());
  for (const UnitFacts::FragmentReference& fragment : unit.fragments) {
    out.fixed64(fragment.hash[0]);
    out.fixed64(fragment.hash[1]);
    out.bytes(fragment.bytes);
  }
  return out.take();
}

llvm::Expected<UnitFacts> parseUnit(llvm::StringRef bytes) {
  Decoder in(bytes);
  in.readTable();
  UnitFacts unit;
  unit.status = in.enumerator(UnitStatus::BadCommand);
  unit.reason = in.bytes().str();
  unit.cpu_seconds = llvm::bit_cast<double>(in.fixed64());
  getAll(in, unit.inputs, in.count(19), [&] {
    InputFile input;
    input.path = in.bytes().str();
    input.content[0] = in.fixed64();
    input.content[1] = in.fixed64();
    input.size = in.number();
    input.mtime_ns = in.signedNumber();
    return input;
  });
  getAll(in, unit.fragments, in.count(17), [&] {
    UnitFacts::FragmentReference fragment;
    fragment.hash[0] = in.fixed64();
    fragment.hash[1] = in.fixed64();
    fragment.bytes = in.bytes().str();
    return fragment;
  });
  if (llvm::Error error = in.finish("translation unit's message"))
    return error;
  return unit;
}

Hash hashOf(llvm::StringRef bytes) {
  const llvm::XXH128_hash_t hash =
      llvm::xxh3_128bits(llvm::ArrayRef(bytes.bytes_begin(), bytes.size()));
  return {hash.low64, hash.high64};
}

} // namespace lockvet::facts
