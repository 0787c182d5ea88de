// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/unit_walker.h"

#include "analyzer/extract/markers.h"
#include "analyzer/extract/skeleton_builder.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclFriend.h"
#include "clang/Basic/SourceManager.h"

namespace lockvet::extract {

using namespace clang;

namespace {

facts::Declaration describe(const FunctionDecl* declaration, FragmentBuilder& builder) {
  const SourceManager& sources = builder.context().getSourceManager();
  facts::Declaration result;
  result.function = builder.function(declaration);
  result.location = builder.locate(declaration->getLocation());
  result.end_line = builder.locate(declaration->getEndLoc()).line;
  result.is_definition = declaration->isThisDeclarationADefinition();
  result.in_system_header = sources.isInSystemHeader(declaration->getLocation());
  return result;
}

bool isEmpty(const facts::Fragment& fragment) {
  return fragment.declarations.empty() && fragment.markers.empty() && fragment.slots.empty() &&
         fragment.overrides.empty() && fragment.calls.empty() && fragment.flows.empty();
}

/// Was all of this understood? Where it was not, Clang can't build a graph of it.
bool isSound(const Stmt* statement) {
  if (!statement)
    return true;
  if (const auto* expression = dyn_cast<Expr>(statement);
      expression && (expression->containsErrors() || expression->getType().isNull()))
    return false;
  if (const auto* declarations = dyn_cast<DeclStmt>(statement))
    for (const Decl* declaration : declarations->decls()) {
      const auto* value = dyn_cast<ValueDecl>(declaration);
      if (declaration->isInvalidDecl() || (value && value->getType()->containsErrors()))
        return false;
      const TagDecl* tag =
          value ? value->getType()->getBaseElementTypeUnsafe()->getAsTagDecl() : nullptr;
      if (tag && tag->isInvalidDecl())
        return false;
    }
  return llvm::all_of(statement->children(), [](const Stmt* child) { return isSound(child); });
}

bool isSound(const FunctionDecl* function) {
  if (const auto* constructor = dyn_cast<CXXConstructorDecl>(function))
    for (const CXXCtorInitializer* initializer : constructor->inits())
      if (!isSound(initializer->getInit()))
        return false;
  if (const auto* method = dyn_cast<CXXMethodDecl>(function);
      method && method->getParent()->isInvalidDecl())
    return false;
  return llvm::none_of(function->parameters(),
                       [](const ParmVarDecl* parameter) { return parameter->isInvalidDecl(); }) &&
         isSound(function->getBody());
}

} // namespace

void UnitWalker::walk() {
  visitContext(context_.getTranslationUnitDecl());
  // What was only mentioned: where it is declared. Recording a declaration can mention no more
  // functions than it declares, so this ends.
  for (size_t index = 0; index < mentioned_.size(); ++index)
    emitRedeclarations(mentioned_[index]);
}

void UnitWalker::visitContext(const DeclContext* declarations) {
  for (const Decl* declaration : declarations->decls())
    visit(declaration);
}

void UnitWalker::visit(const Decl* declaration) {
  if (const auto* function = dyn_cast<FunctionDecl>(declaration))
    return visitFunction(function);
  if (const auto* record = dyn_cast<RecordDecl>(declaration))
    return visitRecord(record);
  if (const auto* variable = dyn_cast<VarDecl>(declaration))
    return visitVariable(variable);
  if (const auto* function_template = dyn_cast<FunctionTemplateDecl>(declaration)) {
    if (function_template->isThisDeclarationADefinition() ||
        function_template == function_template->getCanonicalDecl())
      for (const FunctionDecl* specialization : function_template->specializations())
        visitFunction(specialization);
    return;
  }
  if (const auto* class_template = dyn_cast<ClassTemplateDecl>(declaration)) {
    if (class_template == class_template->getCanonicalDecl())
      for (const ClassTemplateSpecializationDecl* specialization :
           class_template->specializations())
        visitRecord(specialization);
    return;
  }
  if (const auto* variable_template = dyn_cast<VarTemplateDecl>(declaration)) {
    if (variable_template == variable_template->getCanonicalDecl())
      for (const VarTemplateSpecializationDecl* specialization :
           variable_template->specializations())
        visitVariable(specialization);
    return;
  }
  if (const auto* friendly = dyn_cast<FriendDecl>(declaration)) {
    if (const NamedDecl* named = friendly->getFriendDecl())
      visit(named);
    return;
  }
  if (isa<NamespaceDecl, LinkageSpecDecl, ExportDecl>(declaration))
    visitContext(cast<DeclContext>(declaration));
}

void UnitWalker::visitFunction(const FunctionDecl* function) {
  if (function->isDependentContext())
    return;
  // An instantiation's body hangs on its definition, wherever the walk met it.
  const FunctionDecl* definition = nullptr;
  if (function->isDefined(definition) && definition->doesThisDeclarationHaveABody()) {
    if (emitted_.insert(definition).second)
      emitDefinition(definition);
    return;
  }
  if (!function->isImplicit() && hasMarkers(function))
    emitDeclaration(function);
}

void UnitWalker::emitDefinition(const FunctionDecl* function) {
  definitions_.push_back(function);
  FragmentBuilder builder = newBuilder();
  const uint32_t self = builder.function(function);
  builder.fragment().declarations.push_back(describe(function, builder));
  recordMarkers(function, macros_, builder);
  BodyVisitor body(builder, function, self);
  body.visitFunction();
  for (const VarDecl* local : body.locals())
    if (callableType(local->getType()) || hasMarkers(local))
      recordMarkers(local, builder.variable(local), macros_, builder);
  if (!function->isInvalidDecl() && (!has_errors_ || isSound(function)))
    builder.fragment().skeleton = SkeletonBuilder(builder, body, function).build();
  emit(builder);
  visitNested(body);
}

void UnitWalker::visitNested(const BodyVisitor& body) {
  for (const Decl* nested : body.nested())
    visit(nested);
}

void UnitWalker::emitRedeclarations(const FunctionDecl* function) {
  for (const FunctionDecl* declaration : function->redecls())
    // Clang declares a library function by itself before it reads the header's declaration.
    if (!declaration->isImplicit() || declaration == function->getMostRecentDecl())
      emitDeclaration(declaration);
}

void UnitWalker::emitDeclaration(const FunctionDecl* declaration) {
  // A block-scope declaration is no declaration that others see; a definition has its own fragment.
  if (declaration->getLexicalDeclContext()->isFunctionOrMethod() ||
      !emitted_.insert(declaration).second)
    return;
  FragmentBuilder builder = newBuilder();
  builder.fragment().declarations.push_back(describe(declaration, builder));
  recordMarkers(declaration, macros_, builder);
  emit(builder);
}

void UnitWalker::visitRecord(const RecordDecl* record) {
  if (!record->isThisDeclarationADefinition() || record->isDependentContext() ||
      record->isInvalidDecl() || !emitted_.insert(record).second)
    return;
  FragmentBuilder builder = newBuilder();
  for (const FieldDecl* field : record->fields())
    if (callableType(field->getType()) || hasMarkers(field))
      recordMarkers(field, builder.field(field), macros_, builder);
  if (const auto* cxx_record = dyn_cast<CXXRecordDecl>(record))
    for (const CXXMethodDecl* method : cxx_record->methods())
      for (const CXXMethodDecl* base : method->overridden_methods())
        builder.fragment().overrides.push_back({builder.function(method), builder.function(base)});
  if (!isEmpty(builder.fragment()))
    emit(builder);
  visitContext(record);
  if (const auto* cxx_record = dyn_cast<CXXRecordDecl>(record);
      cxx_record && cxx_record->isLambda())
    if (const FunctionTemplateDecl* generic = cxx_record->getDependentLambdaCallOperator())
      for (const FunctionDecl* specialization : generic->specializations())
        visitFunction(specialization);
}

void UnitWalker::visitVariable(const VarDecl* variable) {
  if (isa<ParmVarDecl>(variable) || variable->getType()->isDependentType() ||
      variable->getDeclContext()->isDependentContext() || variable->isInvalidDecl())
    return;
  const bool is_slot = callableType(variable->getType()) || hasMarkers(variable);
  const bool has_init =
      variable->hasInit() && !variable->getInit()->isValueDependent() &&
      !isa<IntegerLiteral, StringLiteral>(variable->getInit()->IgnoreParenCasts());
  if (!is_slot && !has_init)
    return;
  FragmentBuilder builder = newBuilder();
  if (is_slot)
    recordMarkers(variable, builder.variable(variable), macros_, builder);
  BodyVisitor body(builder, nullptr, facts::kNone);
  if (has_init)
    body.visitVariable(variable);
  if (!isEmpty(builder.fragment()))
    emit(builder);
  visitNested(body);
}

const FunctionDecl* UnitWalker::functionAt(SourceLocation location) const {
  const SourceManager& sources = context_.getSourceManager();
  auto [file, offset] = sources.getDecomposedLoc(sources.getFileLoc(location));
  const FunctionDecl* innermost = nullptr;
  unsigned smallest = ~0U;
  for (const FunctionDecl* function : definitions_) {
    SourceRange range = function->getSourceRange();
    auto [begin_file, begin] = sources.getDecomposedLoc(sources.getFileLoc(range.getBegin()));
    auto [end_file, end] = sources.getDecomposedLoc(sources.getFileLoc(range.getEnd()));
    if (begin_file == file && end_file == file && begin <= offset && offset <= end &&
        end - begin < smallest) {
      innermost = function;
      smallest = end - begin;
    }
  }
  return innermost;
}

} // namespace lockvet::extract
