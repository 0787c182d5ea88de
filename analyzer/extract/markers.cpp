// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/markers.h"

#include "analyzer/extract/access_path.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/TypeLoc.h"
#include "clang/Basic/SourceManager.h"

#include <optional>

namespace lockvet::extract {

using namespace clang;
using facts::MarkerOrigin;
using facts::SubjectKind;

namespace {

struct Subject {
  SubjectKind kind;
  uint32_t index;
};

void addMarker(FragmentBuilder& builder, Subject subject, std::string label, MarkerOrigin origin,
               SourceLocation location) {
  facts::Marker marker{subject.kind, subject.index, std::move(label), origin,
                       builder.locate(location)};
  // `coroutine_fn` twice on one declaration is one marker.
  for (const facts::Marker& other : builder.fragment().markers)
    if (other.subject_kind == marker.subject_kind && other.subject == marker.subject &&
        other.label == marker.label && other.origin == marker.origin &&
        other.location.line == marker.location.line)
      return;
  builder.fragment().markers.push_back(std::move(marker));
}

/// A capability in an attribute's argument list, "graph_lock" or "!this->mu".
std::string capabilityText(const Expr* expression, Naming& naming) {
  expression = expression->IgnoreParenCasts();
  if (const auto* unary = dyn_cast<UnaryOperator>(expression);
      unary && unary->getOpcode() == UO_LNot)
    return "!" + capabilityText(unary->getSubExpr(), naming);
  if (const auto* literal = dyn_cast<StringLiteral>(expression))
    return literal->getString().str();
  AccessPath path = pathInAttribute(expression, naming);
  return path.text.empty() ? "?" : path.text;
}

/// Says of what type a capability is, since a configuration may know more of types, and whether
/// who holds one may take it again.
void addLockType(FragmentBuilder& builder, Subject subject, const std::string& lock, QualType type,
                 SourceLocation location) {
  while (!type.isNull() && (type->isPointerType() || type->isReferenceType()))
    type = type->getPointeeType();
  if (type.isNull())
    return;
  const auto* alias = type->getAs<TypedefType>();
  const RecordDecl* record = type->getAsRecordDecl();
  if ((alias && alias->getDecl()->hasAttr<ReentrantCapabilityAttr>()) ||
      (record && record->hasAttr<ReentrantCapabilityAttr>()))
    addMarker(builder, subject, "reentrant:" + lock, MarkerOrigin::Capability, location);
  // An unnamed record has no other name than the one that a typedef gives it.
  const NamedDecl* named = record && record->getDeclName() ? static_cast<const NamedDecl*>(record)
                           : alias                         ? alias->getDecl()
                                                           : nullptr;
  if (named)
    addMarker(builder, subject, "lock_type:" + lock + "=" + named->getQualifiedNameAsString(),
              MarkerOrigin::Capability, location);
}

/// Of what a function takes, gives back, or needs.
void addLockTypes(FragmentBuilder& builder, Subject subject, const FunctionDecl* function,
                  llvm::ArrayRef<Expr*> arguments, SourceLocation location) {
  for (const Expr* argument : arguments) {
    const Expr* lock = argument->IgnoreParenCasts();
    if (const auto* negated = dyn_cast<UnaryOperator>(lock);
        negated && negated->getOpcode() == UO_LNot)
      lock = negated->getSubExpr()->IgnoreParenCasts();
    addLockType(builder, subject, capabilityText(lock, builder.naming()), lock->getType(),
                location);
  }
  const auto* method = dyn_cast<CXXMethodDecl>(function);
  if (arguments.empty() && method && !method->isStatic())
    addLockType(builder, subject, "this",
                builder.context().getCanonicalTagType(method->getParent()), location);
}

/// The capabilities in an attribute that names some; no value for others.
std::optional<llvm::ArrayRef<Expr*>> capabilitiesIn(const Attr* attribute) {
  auto list = [](const auto* of) {
    return llvm::ArrayRef<Expr*>(of->args_begin(), of->args_size());
  };
  if (const auto* requires_ = dyn_cast<RequiresCapabilityAttr>(attribute))
    return list(requires_);
  if (const auto* excludes = dyn_cast<LocksExcludedAttr>(attribute))
    return list(excludes);
  if (const auto* acquires = dyn_cast<AcquireCapabilityAttr>(attribute))
    return list(acquires);
  if (const auto* releases = dyn_cast<ReleaseCapabilityAttr>(attribute))
    return list(releases);
  if (const auto* tries = dyn_cast<TryAcquireCapabilityAttr>(attribute))
    return list(tries);
  if (const auto* asserts = dyn_cast<AssertCapabilityAttr>(attribute))
    return list(asserts);
  return std::nullopt;
}

template <typename Arguments>
void addCapabilities(FragmentBuilder& builder, Subject subject, llvm::StringRef label,
                     const Arguments& arguments, bool is_method, SourceLocation location) {
  bool any = false;
  for (const Expr* argument : arguments) {
    any = true;
    addMarker(builder, subject, (label + ":" + capabilityText(argument, builder.naming())).str(),
              MarkerOrigin::Capability, location);
  }
  // No argument on a method means the object itself.
  if (!any && is_method)
    addMarker(builder, subject, (label + ":this").str(), MarkerOrigin::Capability, location);
}

void addAttribute(const Attr* attribute, Subject subject, bool is_method,
                  FragmentBuilder& builder) {
  SourceLocation location = attribute->getLocation();
  auto add = [&](llvm::StringRef label, const auto& arguments) {
    addCapabilities(builder, subject, label, arguments, is_method, location);
  };
  auto single = [&](llvm::StringRef label, const Expr* argument) {
    addMarker(builder, subject, (label + ":" + capabilityText(argument, builder.naming())).str(),
              MarkerOrigin::Capability, location);
  };
  if (const auto* annotate = dyn_cast<AnnotateAttr>(attribute))
    addMarker(builder, subject, annotate->getAnnotation().str(), MarkerOrigin::Annotation,
              location);
  else if (const auto* requires_ = dyn_cast<RequiresCapabilityAttr>(attribute))
    add(requires_->isShared() ? "requires_shared" : "requires", requires_->args());
  else if (const auto* excludes = dyn_cast<LocksExcludedAttr>(attribute))
    add("excludes", excludes->args());
  else if (const auto* acquires = dyn_cast<AcquireCapabilityAttr>(attribute))
    add(acquires->isShared() ? "acquires_shared" : "acquires", acquires->args());
  else if (const auto* releases = dyn_cast<ReleaseCapabilityAttr>(attribute))
    add(releases->isGeneric()  ? "releases_generic"
        : releases->isShared() ? "releases_shared"
                               : "releases",
        releases->args());
  else if (const auto* tries = dyn_cast<TryAcquireCapabilityAttr>(attribute))
    add(tries->isShared() ? "try_acquires_shared" : "try_acquires", tries->args());
  else if (const auto* asserts = dyn_cast<AssertCapabilityAttr>(attribute))
    add(asserts->isShared() ? "asserts_shared" : "asserts", asserts->args());
  else if (const auto* guarded = dyn_cast<GuardedByAttr>(attribute))
    single("guarded_by", guarded->getArg());
  else if (const auto* guarded = dyn_cast<PtGuardedByAttr>(attribute))
    single("pt_guarded_by", guarded->getArg());
  else if (const auto* returned = dyn_cast<LockReturnedAttr>(attribute))
    single("returns_lock", returned->getArg());
  else if (isa<NoThreadSafetyAnalysisAttr>(attribute))
    addMarker(builder, subject, "no_analysis", MarkerOrigin::Capability, location);
}

/// The typedefs that a type is written with, through pointers and arrays: in
/// `CoroutineEntry *entry` it is CoroutineEntry that says coroutine_fn.
template <typename Visitor>
void forEachTypedef(QualType type, const ASTContext& context, Visitor visit) {
  for (int depth = 0; depth < 16 && !type.isNull(); ++depth) {
    const Type* raw = type.getTypePtr();
    if (const auto* alias = dyn_cast<TypedefType>(raw))
      visit(alias->getDecl());
    if (const auto* pointer = dyn_cast<PointerType>(raw)) {
      type = pointer->getPointeeType();
    } else if (const auto* array = dyn_cast<ArrayType>(raw)) {
      type = array->getElementType();
    } else if (const auto* reference = dyn_cast<ReferenceType>(raw)) {
      type = reference->getPointeeTypeAsWritten();
    } else if (const auto* adjusted = dyn_cast<AdjustedType>(raw)) {
      type = adjusted->getOriginalType();
    } else {
      QualType next = type.getSingleStepDesugaredType(context);
      if (next == type)
        return;
      type = next;
    }
  }
}

bool isOwnAttribute(const Attr* attribute) {
  const auto* inheritable = dyn_cast<InheritableAttr>(attribute);
  return !inheritable || !inheritable->isInherited();
}

bool isMarkerAttribute(const Attr* attribute) {
  switch (attribute->getKind()) {
  case attr::Annotate:
  case attr::RequiresCapability:
  case attr::LocksExcluded:
  case attr::AcquireCapability:
  case attr::ReleaseCapability:
  case attr::TryAcquireCapability:
  case attr::AssertCapability:
  case attr::GuardedBy:
  case attr::PtGuardedBy:
  case attr::LockReturned:
  case attr::NoThreadSafetyAnalysis:
    return isOwnAttribute(attribute);
  default:
    return false;
  }
}

bool hasOwnMarkers(const DeclaratorDecl* declaration) {
  if (declaration->hasAttrs())
    for (const Attr* attribute : declaration->attrs())
      if (isMarkerAttribute(attribute))
        return true;
  bool found = false;
  if (callableType(declaration->getType()))
    forEachTypedef(declaration->getType(), declaration->getASTContext(),
                   [&](const TypedefNameDecl* alias) { found |= alias->hasAttr<AnnotateAttr>(); });
  return found;
}

void addOwnMarkers(const DeclaratorDecl* declaration, Subject subject, FragmentBuilder& builder) {
  const bool is_method =
      isa<CXXMethodDecl>(declaration) && !cast<CXXMethodDecl>(declaration)->isStatic();
  if (declaration->hasAttrs())
    for (const Attr* attribute : declaration->attrs())
      if (isMarkerAttribute(attribute)) {
        addAttribute(attribute, subject, is_method, builder);
        const auto* function = dyn_cast<FunctionDecl>(declaration);
        const std::optional<llvm::ArrayRef<Expr*>> capabilities = capabilitiesIn(attribute);
        if (function && capabilities)
          addLockTypes(builder, subject, function, *capabilities, attribute->getLocation());
      }
  if (!callableType(declaration->getType()))
    return;
  forEachTypedef(declaration->getType(), builder.context(), [&](const TypedefNameDecl* alias) {
    for (const auto* annotate : alias->specific_attrs<AnnotateAttr>())
      addMarker(builder, subject, annotate->getAnnotation().str(), MarkerOrigin::Typedef,
                alias->getLocation());
  });
}

/// Where text that belongs to a declaration starts before its first token: macros that expand to
/// nothing leave no token to begin it with.
unsigned startOfText(llvm::StringRef text, unsigned offset) {
  constexpr unsigned kFarthest = 200;
  unsigned start = offset;
  while (start > 0 && offset - start < kFarthest &&
         !llvm::StringRef(";{}/>\"").contains(text[start - 1]))
    --start;
  return start;
}

/// Where it ends after its last token: markers also stand between `)` and `;`.
unsigned endOfText(llvm::StringRef text, unsigned offset) {
  constexpr unsigned kFarthest = 400;
  size_t end = text.substr(0, offset + kFarthest).find_first_of(";{", offset);
  return end == llvm::StringRef::npos ? offset : static_cast<unsigned>(end);
}

/// The text of a declaration up to its body, as offsets in its file.
struct Head {
  FileID file;
  unsigned begin = 0;
  unsigned end = 0;
};

std::optional<Head> headOf(const Decl* declaration, const Stmt* body) {
  const SourceManager& sources = declaration->getASTContext().getSourceManager();
  SourceLocation begin = declaration->getBeginLoc();
  if (const auto* declarator = dyn_cast<DeclaratorDecl>(declaration))
    begin = declarator->getOuterLocStart();
  if (begin.isInvalid() || begin.isMacroID())
    return std::nullopt;
  auto [file, first] = sources.getDecomposedLoc(begin);
  SourceLocation last = body ? body->getBeginLoc() : declaration->getEndLoc();
  auto [last_file, last_offset] = sources.getDecomposedLoc(sources.getFileLoc(last));
  bool invalid = false;
  llvm::StringRef text = sources.getBufferData(file, &invalid);
  if (invalid || last_file != file || last_offset > text.size())
    return std::nullopt;
  return Head{file, startOfText(text, first), body ? last_offset : endOfText(text, last_offset)};
}

void addEmptyMacros(const Decl* declaration, const Stmt* body, const MacroUses& macros,
                    Subject subject, FragmentBuilder& builder) {
  if (std::optional<Head> head = headOf(declaration, body))
    for (const MacroUse& use : macros.within(head->file, head->begin, head->end))
      if (use.is_empty)
        addMarker(builder, subject, use.name->getName().str(), MarkerOrigin::Macro, use.location);
}

/// Markers that expand to nothing, on a slot or on the typedef it is written with.
void addSlotMacros(const DeclaratorDecl* declaration, const MacroUses& macros, Subject subject,
                   FragmentBuilder& builder) {
  if (macros.isEmpty() || !callableType(declaration->getType()))
    return;
  if (!isa<ParmVarDecl>(declaration))
    addEmptyMacros(declaration, nullptr, macros, subject, builder);
  forEachTypedef(declaration->getType(), builder.context(), [&](const TypedefNameDecl* alias) {
    addEmptyMacros(alias, nullptr, macros, subject, builder);
  });
}

void addStatementMacros(const Stmt* body, const MacroUses& macros, Subject subject,
                        FragmentBuilder& builder) {
  const SourceManager& sources = builder.context().getSourceManager();
  auto [file, begin] = sources.getDecomposedLoc(sources.getFileLoc(body->getBeginLoc()));
  auto [end_file, end] = sources.getDecomposedLoc(sources.getFileLoc(body->getEndLoc()));
  if (file != end_file)
    return;
  for (const MacroUse& use : macros.within(file, begin, end))
    if (!use.is_empty)
      addMarker(builder, subject, use.name->getName().str(), MarkerOrigin::Macro, use.location);
}

} // namespace

bool hasMarkers(const DeclaratorDecl* declaration) {
  if (hasOwnMarkers(declaration))
    return true;
  if (const auto* function = dyn_cast<FunctionDecl>(declaration))
    for (const ParmVarDecl* parameter : function->parameters())
      if (hasOwnMarkers(parameter))
        return true;
  return false;
}

void recordMarkers(const FunctionDecl* declaration, const MacroUses& macros,
                   FragmentBuilder& builder) {
  const Subject subject{SubjectKind::Function, builder.function(declaration)};
  addOwnMarkers(declaration, subject, builder);
  for (const ParmVarDecl* parameter : declaration->parameters()) {
    if (!callableType(parameter->getType()) && !parameter->hasAttrs())
      continue;
    const Subject slot{SubjectKind::Slot,
                       builder.parameter(declaration, parameter->getFunctionScopeIndex())};
    addOwnMarkers(parameter, slot, builder);
    addSlotMacros(parameter, macros, slot, builder);
  }
  const Stmt* body = declaration->doesThisDeclarationHaveABody() ? declaration->getBody() : nullptr;
  addEmptyMacros(declaration, body, macros, subject, builder);
  if (body)
    addStatementMacros(body, macros, subject, builder);
}

void recordMarkers(const DeclaratorDecl* declaration, uint32_t slot, const MacroUses& macros,
                   FragmentBuilder& builder) {
  addOwnMarkers(declaration, {SubjectKind::Slot, slot}, builder);
  addSlotMacros(declaration, macros, {SubjectKind::Slot, slot}, builder);
}

} // namespace lockvet::extract
