// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "testsuite/benchmarks/synthetic_body.h"

#include <utility>

namespace lockvet::benchmarks {

using facts::ConditionKind;
using facts::EventKind;
using facts::kNone;

namespace {

constexpr const char* kFunctionType = "int (void *, bool)";

} // namespace

SyntheticBody::SyntheticBody(const std::string& file, const std::string& function, uint32_t line)
    : first_line_(line), line_(line) {
  fragment_.files.push_back(file);
  skeleton_.function = functionId(function);
  skeleton_.variables.push_back({"value", 1});
  skeleton_.entry = newBlock();
}

facts::Location SyntheticBody::here() {
  return {.file = 0, .line = ++line_, .column = 5};
}

uint32_t SyntheticBody::functionId(const std::string& name) {
  const auto [entry, is_new] =
      functions_.try_emplace(name, static_cast<uint32_t>(fragment_.functions.size()));
  if (is_new)
    fragment_.functions.push_back({.usr = "c:@F@" + name,
                                   .name = name,
                                   .qualified_name = name,
                                   .mangled_name = name,
                                   .type = kFunctionType});
  return entry->second;
}

uint32_t SyntheticBody::slotId(facts::Slot slot) {
  const auto [entry, is_new] =
      slots_.try_emplace(slot.key, static_cast<uint32_t>(fragment_.slots.size()));
  if (is_new)
    fragment_.slots.push_back(std::move(slot));
  return entry->second;
}

uint32_t SyntheticBody::fieldId(const std::string& name) {
  return slotId({.kind = facts::SlotKind::Field,
                 .key = "c:@FI@" + name + "@/synthetic/operations.h",
                 .name = name,
                 .type = kFunctionType,
                 .location = {}});
}

uint32_t SyntheticBody::parameterId(const std::string& function, uint32_t index) {
  const uint32_t of = functionId(function);
  return slotId({.kind = facts::SlotKind::Parameter,
                 .key = "c:@F@" + function + "@param@" + std::to_string(index),
                 .name = "callback",
                 .type = kFunctionType,
                 .location = {},
                 .function = of,
                 .index = index});
}

uint32_t SyntheticBody::newBlock() {
  skeleton_.blocks.emplace_back();
  return static_cast<uint32_t>(skeleton_.blocks.size() - 1);
}

facts::Argument SyntheticBody::object(const std::string& path, const std::string& path_class,
                                      uint32_t index) {
  return {.index = index,
          .kind = facts::ArgumentKind::Path,
          .part = {},
          .path = path,
          .path_class = path_class};
}

facts::Argument SyntheticBody::constant(int64_t value, uint32_t index) {
  return {.index = index,
          .kind = facts::ArgumentKind::Constant,
          .constant = value,
          .part = {},
          .path = {},
          .path_class = {}};
}

void SyntheticBody::addCall(facts::CallSite site, std::vector<facts::Argument> arguments) {
  facts::Event event;
  event.call = static_cast<uint32_t>(fragment_.calls.size());
  event.arguments = std::move(arguments);
  fragment_.calls.push_back(std::move(site));
  block().events.push_back(std::move(event));
}

uint32_t SyntheticBody::call(const std::string& function, std::vector<facts::Argument> arguments,
                             bool is_noreturn) {
  addCall({.kind = facts::CallKind::Direct,
           .caller = skeleton_.function,
           .callee = functionId(function),
           .type = {},
           .location = here()},
          std::move(arguments));
  block().is_noreturn = is_noreturn;
  return static_cast<uint32_t>(fragment_.calls.size() - 1);
}

void SyntheticBody::callThrough(const std::string& field, std::vector<facts::Argument> arguments) {
  addCall({.kind = facts::CallKind::Indirect,
           .caller = skeleton_.function,
           .slot = fieldId(field),
           .type = kFunctionType,
           .location = here()},
          std::move(arguments));
}

void SyntheticBody::handOver(const std::string& registrar, uint32_t index,
                             const std::string& function) {
  const uint32_t handed = functionId(function);
  fragment_.flows.push_back({.form = facts::FlowForm::Argument,
                             .holder = skeleton_.function,
                             .from_function = handed,
                             .to_slot = parameterId(registrar, index),
                             .location = {.file = 0, .line = line_ + 1, .column = 30}});
  facts::Argument argument;
  argument.index = index;
  argument.kind = facts::ArgumentKind::Function;
  argument.function = handed;
  call(registrar, {argument});
}

void SyntheticBody::store(const std::string& field, const std::string& function) {
  fragment_.flows.push_back({.form = facts::FlowForm::Assignment,
                             .holder = skeleton_.function,
                             .from_function = functionId(function),
                             .to_slot = fieldId(field),
                             .location = here()});
}

void SyntheticBody::storeParameter(uint32_t index, const std::string& field) {
  const std::string name = fragment_.functions[skeleton_.function].name;
  fragment_.flows.push_back({.form = facts::FlowForm::Assignment,
                             .holder = skeleton_.function,
                             .from_slot = parameterId(name, index),
                             .to_slot = fieldId(field),
                             .location = here()});
}

void SyntheticBody::branch(ConditionKind condition, uint32_t operand, bool value, Statements then) {
  const uint32_t inside = newBlock();
  const uint32_t before = std::exchange(current_, inside);
  then();
  const uint32_t behind = newBlock();
  if (block().successors.empty() && !block().is_noreturn)
    block().successors = {behind};
  facts::Block& branching = skeleton_.blocks[before];
  branching.condition = condition;
  branching.operand = operand;
  branching.successors =
      value ? std::vector<uint32_t>{inside, behind} : std::vector<uint32_t>{behind, inside};
  current_ = behind;
}

void SyntheticBody::conditionally(Statements then) {
  branch(ConditionKind::Other, kNone, true, then);
}

void SyntheticBody::ifCall(uint32_t call, bool answer, Statements then) {
  branch(ConditionKind::Call, call, answer, then);
}

void SyntheticBody::ifParameter(Statements then) {
  branch(ConditionKind::Variable, 0, true, then);
}

void SyntheticBody::loop(Statements body) {
  const uint32_t head = newBlock();
  block().successors = {head};
  current_ = head;
  conditionally([&] {
    body();
    block().successors = {head};
  });
}

void SyntheticBody::returnEarly(bool value) {
  conditionally([&] {
    facts::Event event;
    event.kind = EventKind::Return;
    event.has_constant = true;
    event.constant = value;
    block().events.push_back(std::move(event));
    returning_.push_back(current_);
    block().successors = {kNone}; // set when it is known where the end is
  });
}

void SyntheticBody::answer(uint32_t call, bool negated) {
  facts::Event event;
  event.kind = EventKind::Return;
  event.call = call;
  event.negated = negated;
  block().events.push_back(std::move(event));
}

void SyntheticBody::mark(const std::string& label, facts::MarkerOrigin origin) {
  fragment_.markers.push_back({.subject = skeleton_.function,
                               .label = label,
                               .origin = origin,
                               .location = {.file = 0, .line = first_line_, .column = 1}});
}

facts::Fragment SyntheticBody::finish() {
  skeleton_.exit = newBlock();
  if (!block().is_noreturn)
    block().successors = {skeleton_.exit};
  for (uint32_t returning : returning_)
    skeleton_.blocks[returning].successors = {skeleton_.exit};
  fragment_.declarations.push_back({.function = skeleton_.function,
                                    .location = {.file = 0, .line = first_line_, .column = 5},
                                    .end_line = line_ + 1,
                                    .is_definition = true});
  fragment_.skeleton = std::move(skeleton_);
  return std::move(fragment_);
}

} // namespace lockvet::benchmarks
