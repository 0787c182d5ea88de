// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/fragment_builder.h"

#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"

namespace lockvet::extract {

using namespace clang;

uint32_t FragmentBuilder::file(FileID id) {
  auto [found, is_new] = files_.try_emplace(id, 0);
  if (is_new) {
    // Two FileIDs may be one file that was included twice.
    const std::string& path = naming_.path(id);
    auto& files = fragment_.files;
    auto same = llvm::find(files, path);
    found->second = static_cast<uint32_t>(same - files.begin());
    if (same == files.end())
      files.push_back(path);
  }
  return found->second;
}

facts::Location FragmentBuilder::locate(SourceLocation location) {
  if (location.isInvalid())
    return {};
  const SourceManager& sources = context_.getSourceManager();
  auto [id, offset] = sources.getDecomposedLoc(sources.getFileLoc(location));
  if (!sources.getFileEntryForID(id))
    return {};
  return {file(id), sources.getLineNumber(id, offset), sources.getColumnNumber(id, offset)};
}

uint32_t FragmentBuilder::function(const FunctionDecl* declaration) {
  const FunctionDecl* canonical = declaration->getCanonicalDecl();
  auto [found, is_new] = functions_.try_emplace(canonical, fragment_.functions.size());
  if (is_new) {
    fragment_.functions.push_back(naming_.function(declaration));
    mentioned_.insert(canonical);
  }
  return found->second;
}

uint32_t FragmentBuilder::addSlot(facts::Slot slot, QualType type) {
  auto [found, is_new] = slots_.try_emplace(slot.key, fragment_.slots.size());
  if (is_new) {
    if (!type.isNull())
      if (const FunctionType* callable = callableType(type))
        slot.type = naming_.functionType(callable);
    fragment_.slots.push_back(std::move(slot));
  }
  return found->second;
}

uint32_t FragmentBuilder::variable(const VarDecl* declaration) {
  if (const auto* parameter = dyn_cast<ParmVarDecl>(declaration)) {
    // Parameters of function types have no function: they are not used as slots by any body.
    if (const auto* function = dyn_cast<FunctionDecl>(parameter->getDeclContext()))
      return this->parameter(function, parameter->getFunctionScopeIndex());
  }
  facts::Slot slot;
  slot.name = declaration->getNameAsString();
  slot.location = locate(declaration->getLocation());
  if (declaration->isLocalVarDeclOrParm()) {
    slot.kind = facts::SlotKind::Local;
    const DeclContext* around = declaration->getParentFunctionOrMethod();
    if (const auto* function = dyn_cast_or_null<FunctionDecl>(around)) {
      slot.function = this->function(function);
      slot.key = fragment_.functions[slot.function].usr;
    }
    // A function can have several locals of one name.
    slot.key += "@local@" + slot.name + "@" + std::to_string(slot.location.line) + ":" +
                std::to_string(slot.location.column);
  } else {
    slot.kind = facts::SlotKind::Global;
    slot.key = naming_.key(declaration->getCanonicalDecl());
    slot.name = naming_.variableName(declaration);
  }
  return addSlot(std::move(slot), declaration->getType());
}

uint32_t FragmentBuilder::field(const FieldDecl* declaration) {
  facts::Slot slot;
  slot.kind = facts::SlotKind::Field;
  slot.key = naming_.key(declaration);
  slot.name = naming_.fieldName(declaration);
  slot.location = locate(declaration->getLocation());
  return addSlot(std::move(slot), declaration->getType());
}

uint32_t FragmentBuilder::parameter(const FunctionDecl* declaration, unsigned index) {
  facts::Slot slot;
  slot.kind = facts::SlotKind::Parameter;
  slot.function = function(declaration);
  slot.index = index;
  slot.key = fragment_.functions[slot.function].usr + "@param@" + std::to_string(index);
  QualType type;
  const FunctionDecl* best = declaration->getDefinition();
  if (!best)
    best = declaration->getCanonicalDecl();
  if (index < best->getNumParams()) {
    const ParmVarDecl* parameter = best->getParamDecl(index);
    slot.name = parameter->getNameAsString();
    slot.location = locate(parameter->getLocation());
    type = parameter->getType();
  }
  if (slot.name.empty())
    slot.name = fragment_.functions[slot.function].name + "::$" + std::to_string(index);
  return addSlot(std::move(slot), type);
}

uint32_t FragmentBuilder::returnOf(const FunctionDecl* declaration) {
  facts::Slot slot;
  slot.kind = facts::SlotKind::Return;
  slot.function = function(declaration);
  slot.key = fragment_.functions[slot.function].usr + "@return";
  slot.name = fragment_.functions[slot.function].name + "()";
  slot.location = locate(declaration->getCanonicalDecl()->getLocation());
  return addSlot(std::move(slot), declaration->getReturnType());
}

uint32_t FragmentBuilder::parameterOfSlot(uint32_t slot_index, unsigned index, QualType type) {
  const facts::Slot& parent = fragment_.slots[slot_index];
  facts::Slot slot;
  slot.kind = facts::SlotKind::SlotParameter;
  slot.slot = slot_index;
  slot.index = index;
  slot.key = parent.key + "@param@" + std::to_string(index);
  slot.name = parent.name + "::$" + std::to_string(index);
  slot.location = parent.location;
  return addSlot(std::move(slot), type);
}

uint32_t FragmentBuilder::returnOfSlot(uint32_t slot_index, QualType type) {
  const facts::Slot& parent = fragment_.slots[slot_index];
  facts::Slot slot;
  slot.kind = facts::SlotKind::SlotReturn;
  slot.slot = slot_index;
  slot.key = parent.key + "@return";
  slot.name = parent.name + "()";
  slot.location = parent.location;
  return addSlot(std::move(slot), type);
}

} // namespace lockvet::extract
