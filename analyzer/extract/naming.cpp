// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/naming.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/Builtins.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Index/USRGeneration.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace lockvet::extract {

using namespace clang;

namespace {

/// The innermost lambda that a declaration belongs to.
const CXXRecordDecl* lambdaAround(const Decl* declaration) {
  for (const DeclContext* context = declaration->getDeclContext(); context;
       context = context->getParent())
    if (const auto* record = dyn_cast<CXXRecordDecl>(context); record && record->isLambda())
      return record;
  return nullptr;
}

facts::Linkage linkageOf(const NamedDecl* declaration) {
  if (lambdaAround(declaration))
    return facts::Linkage::None;
  if (declaration->isExternallyVisible())
    return facts::Linkage::External;
  if (declaration->getFormalLinkage() == Linkage::Internal ||
      declaration->getFormalLinkage() == Linkage::UniqueExternal)
    return facts::Linkage::Internal;
  return facts::Linkage::None;
}

/// In C a tag has external linkage as far as Clang's USR goes, but two files may well define two
/// different `struct State`: only its file tells them apart.
bool needsPath(const Decl* declaration) {
  if (const auto* tag = dyn_cast<TagDecl>(declaration))
    return !tag->getASTContext().getLangOpts().CPlusPlus || !tag->isExternallyVisible();
  if (const auto* field = dyn_cast<FieldDecl>(declaration))
    return needsPath(cast<Decl>(field->getDeclContext()));
  const auto* named = dyn_cast<NamedDecl>(declaration);
  return named && !named->isExternallyVisible();
}

/// The variables in a body that are assigned to, counted up or down, or whose address is taken.
void collectReassigned(const Stmt* statement, llvm::DenseSet<const VarDecl*>& out) {
  if (!statement)
    return;
  const Expr* target = nullptr;
  if (const auto* binary = dyn_cast<BinaryOperator>(statement); binary && binary->isAssignmentOp())
    target = binary->getLHS();
  else if (const auto* unary = dyn_cast<UnaryOperator>(statement);
           unary && (unary->isIncrementDecrementOp() || unary->getOpcode() == UO_AddrOf))
    target = unary->getSubExpr();
  if (target)
    if (const auto* reference = dyn_cast<DeclRefExpr>(target->IgnoreParenCasts()))
      if (const auto* variable = dyn_cast<VarDecl>(reference->getDecl());
          variable && !variable->getType()->isRecordType() &&
          !variable->getType()->isReferenceType())
        out.insert(variable);
  for (const Stmt* child : statement->children())
    collectReassigned(child, out);
}

const Decl* placeOf(const Decl* declaration) {
  if (const auto* field = dyn_cast<FieldDecl>(declaration))
    return cast<Decl>(field->getDeclContext());
  if (const auto* tag = dyn_cast<TagDecl>(declaration))
    if (const TagDecl* definition = tag->getDefinition())
      return definition;
  return declaration->getCanonicalDecl();
}

} // namespace

const FunctionType* callableType(QualType type) {
  for (int depth = 0; depth < 8 && !type.isNull(); ++depth) {
    const clang::Type* raw = type->getUnqualifiedDesugaredType();
    if (const auto* function = dyn_cast<FunctionType>(raw))
      return function;
    if (const auto* pointer = dyn_cast<PointerType>(raw)) {
      type = pointer->getPointeeType();
    } else if (const auto* reference = dyn_cast<ReferenceType>(raw)) {
      type = reference->getPointeeType();
    } else if (const auto* member = dyn_cast<MemberPointerType>(raw)) {
      type = member->getPointeeType();
    } else if (const auto* array = dyn_cast<ArrayType>(raw)) {
      type = array->getElementType();
    } else if (const auto* atomic = dyn_cast<AtomicType>(raw)) {
      type = atomic->getValueType();
    } else if (const auto* record = dyn_cast<RecordType>(raw)) {
      // std::function<R(A)>, AnyInvocable<R(A)>, function_ref<R(A)>: the first argument is a
      // function type and that is what the object is called as.
      const auto* specialization = dyn_cast<ClassTemplateSpecializationDecl>(record->getDecl());
      if (!specialization || specialization->getTemplateArgs().size() == 0)
        return nullptr;
      const TemplateArgument& first = specialization->getTemplateArgs()[0];
      if (first.getKind() != TemplateArgument::Type)
        return nullptr;
      return first.getAsType()->getAs<FunctionType>();
    } else {
      return nullptr;
    }
  }
  return nullptr;
}

Naming::Naming(ASTContext& context) : context_(context), mangle_(context.createMangleContext()) {}
Naming::~Naming() = default;

const std::string& Naming::path(FileID file) {
  std::unique_ptr<std::string>& cached = paths_[file];
  if (cached)
    return *cached;
  cached = std::make_unique<std::string>();
  const SourceManager& sources = context_.getSourceManager();
  if (OptionalFileEntryRef entry = sources.getFileEntryRefForID(file)) {
    llvm::SmallString<256> path(entry->getFileEntry().tryGetRealPathName());
    if (path.empty())
      path = entry->getName();
    sources.getFileManager().makeAbsolutePath(path);
    llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
    *cached = path.str().str();
  }
  return *cached;
}

const std::string& Naming::pathOf(const Decl* declaration) {
  const SourceManager& sources = context_.getSourceManager();
  return path(sources.getFileID(sources.getFileLoc(declaration->getLocation())));
}

std::string Naming::key(const Decl* declaration) {
  if (const auto* field = dyn_cast<FieldDecl>(declaration); field && !isCPlusPlus())
    // Clang's USR of a field of an unnamed record has an offset in it, which moves with every edit.
    return "c:@FI@" + fieldName(field) + "@" + pathOf(placeOf(field));
  llvm::SmallString<128> usr;
  if (index::generateUSRForDecl(declaration, usr))
    return {};
  // What has internal linkage in C has it in a C++ unit that reads the same header, too.
  if (const auto* function = dyn_cast<FunctionDecl>(declaration); function && isCPlusPlus() &&
                                                                  function->isInExternCContext() &&
                                                                  !function->isExternallyVisible())
    usr.truncate(std::min(usr.str().find('#'), usr.size()));
  // To Clang's USR all lambdas of one signature outside functions are one.
  if (const CXXRecordDecl* lambda = lambdaAround(declaration))
    usr += placeInFile(lambda);
  if (needsPath(declaration)) {
    usr += '@';
    usr += pathOf(placeOf(declaration));
  }
  return usr.str().str();
}

/// Line and column of a lambda, and for the several that one macro writes which of them it is.
std::string Naming::placeInFile(const CXXRecordDecl* lambda) {
  const SourceManager& sources = context_.getSourceManager();
  const SourceLocation location = lambda->getBeginLoc();
  const PresumedLoc place = sources.getPresumedLoc(sources.getExpansionLoc(location), false);
  std::string text;
  if (place.isValid())
    text = "@" + std::to_string(place.getLine()) + ":" + std::to_string(place.getColumn());
  if (location.isMacroID())
    text += '+' + std::to_string(sources.getDecomposedSpellingLoc(location).second);
  return text;
}

/// "ns::Record::" for what is declared in them, without the unnamed and inline namespaces that
/// nobody types; `with_functions` also "function::" for what is local.
std::string Naming::scopeName(const DeclContext* scope, bool with_functions) {
  for (; scope; scope = scope->getParent()) {
    if (const auto* function = dyn_cast<FunctionDecl>(scope))
      return with_functions ? this->function(function).qualified_name + "::" : std::string();
    if (const auto* record = dyn_cast<CXXRecordDecl>(scope); record && !record->isLambda()) {
      const DeclContext* around = with_functions ? record->getParentFunctionOrMethod() : nullptr;
      return (around ? scopeName(around, true) : std::string()) + recordName(record) + "::";
    }
    if (const auto* space = dyn_cast<NamespaceDecl>(scope);
        space && !space->isAnonymousNamespace() && !space->isInline())
      return scopeName(space->getParent(), with_functions) + space->getNameAsString() + "::";
  }
  return {};
}

std::string Naming::variableName(const VarDecl* variable) {
  if (!isCPlusPlus())
    return variable->getNameAsString();
  return scopeName(variable->getDeclContext(), false) + variable->getNameAsString();
}

std::string Naming::recordName(const RecordDecl* record) {
  const std::string prefix =
      isCPlusPlus() ? scopeName(record->getDeclContext(), false) : std::string();
  if (record->getIdentifier()) {
    std::string name;
    llvm::raw_string_ostream stream(name);
    record->getNameForDiagnostic(stream, context_.getPrintingPolicy(), /*Qualified=*/false);
    return prefix + name;
  }
  if (const TypedefNameDecl* alias = record->getTypedefNameForAnonDecl())
    return prefix + alias->getNameAsString();
  // An unnamed record: named after the field or variable declared with it, if it is one.
  const DeclContext* outer = record->getDeclContext();
  for (const Decl* sibling : outer->decls()) {
    const auto* declarator = dyn_cast<DeclaratorDecl>(sibling);
    if (!declarator || !declarator->getIdentifier())
      continue;
    const clang::Type* type = declarator->getType()->getBaseElementTypeUnsafe();
    while (type->isPointerType())
      type = type->getPointeeType()->getBaseElementTypeUnsafe();
    if (type->getAsRecordDecl() != record)
      continue;
    if (const auto* parent = dyn_cast<RecordDecl>(outer))
      return recordName(parent) + "::" + declarator->getNameAsString();
    return prefix + declarator->getNameAsString();
  }
  if (const auto* parent = dyn_cast<RecordDecl>(outer))
    return recordName(parent); // members of a plain unnamed union or struct are its parent's
  return "(unnamed)";
}

std::string Naming::fieldName(const FieldDecl* field) {
  return recordName(field->getParent()) + "::" + field->getNameAsString();
}

bool Naming::isReassigned(const VarDecl* variable) {
  const auto* function = dyn_cast_or_null<FunctionDecl>(variable->getParentFunctionOrMethod());
  if (!function)
    return false;
  const FunctionDecl* definition = function->getDefinition();
  if (definition && searched_.insert(definition).second)
    collectReassigned(definition->getBody(), reassigned_);
  return reassigned_.contains(variable);
}

const std::string& Naming::functionType(const FunctionType* type) {
  QualType canonical = context_.getCanonicalType(QualType(type, 0));
  std::unique_ptr<std::string>& cached = types_[canonical.getTypePtr()];
  if (cached)
    return *cached;
  QualType plain = canonical;
  if (const auto* prototype = canonical->getAs<FunctionProtoType>()) {
    FunctionProtoType::ExtProtoInfo info = prototype->getExtProtoInfo();
    info.ExceptionSpec = FunctionProtoType::ExceptionSpecInfo();
    info.ExtInfo = FunctionType::ExtInfo();
    // Whoever calls a lambda through a std::function asks for no `const`.
    info.TypeQuals = Qualifiers();
    info.RefQualifier = RQ_None;
    plain = context_.getFunctionType(prototype->getReturnType(), prototype->getParamTypes(), info);
  }
  cached = std::make_unique<std::string>(plain.getAsString(context_.getPrintingPolicy()));
  return *cached;
}

std::string Naming::qualifiedName(const FunctionDecl* declaration) {
  if (!context_.getLangOpts().CPlusPlus)
    return declaration->getNameAsString();
  if (const auto* method = dyn_cast<CXXMethodDecl>(declaration);
      method && method->getParent()->isLambda()) {
    const CXXRecordDecl* closure = method->getParent();
    const SourceManager& sources = context_.getSourceManager();
    std::string name = scopeName(closure->getDeclContext(), true) + "lambda:" +
                       std::to_string(sources.getExpansionLineNumber(closure->getBeginLoc()));
    return isa<CXXConversionDecl>(method) ? name + "::operator pointer" : name;
  }
  std::string name = scopeName(declaration->getDeclContext(), true);
  llvm::raw_string_ostream stream(name);
  declaration->printName(stream, context_.getPrintingPolicy());
  return name;
}

std::string Naming::mangledName(const FunctionDecl* declaration) {
  if (!mangle_->shouldMangleDeclName(declaration))
    return declaration->getIdentifier() ? declaration->getName().str()
                                        : declaration->getNameAsString();
  GlobalDecl global;
  if (const auto* constructor = dyn_cast<CXXConstructorDecl>(declaration))
    global = GlobalDecl(constructor, Ctor_Complete);
  else if (const auto* destructor = dyn_cast<CXXDestructorDecl>(declaration))
    global = GlobalDecl(destructor, Dtor_Complete);
  else
    global = GlobalDecl(declaration);
  std::string name;
  llvm::raw_string_ostream stream(name);
  mangle_->mangleName(global, stream);
  return name;
}

const facts::Function& Naming::function(const FunctionDecl* declaration) {
  const FunctionDecl* canonical = declaration->getCanonicalDecl();
  if (auto found = functions_.find(canonical); found != functions_.end())
    return *found->second;
  auto result = std::make_unique<facts::Function>();
  facts::Function& function = *result;
  if (const IdentifierInfo* identifier = declaration->getIdentifier())
    function.name = identifier->getName().str();
  else
    function.name = declaration->getNameAsString();
  function.linkage = linkageOf(canonical);
  function.is_builtin = canonical->getBuiltinID() != 0 && canonical->isImplicit();
  function.is_noreturn = declaration->isNoReturn();
  function.is_pure = declaration->isPureVirtual();
  function.is_implicit = isa<CXXMethodDecl>(canonical) && canonical->isImplicit();
  // `__builtin_memcpy` is memcpy to whoever asks for its callers.
  if (unsigned builtin = canonical->getBuiltinID();
      builtin && llvm::StringRef(function.name).starts_with("__builtin_") &&
      context_.BuiltinInfo.isLibFunction(builtin))
    function.mangled_name = function.name.erase(0, sizeof("__builtin_") - 1);
  // std::move and its like are built-ins, too, but have scopes, parameters and instances.
  const bool is_plain = isCPlusPlus() ? canonical->getBuiltinID() != 0 && canonical->isExternC()
                                      : !canonical->hasAttr<OverloadableAttr>();
  if (function.linkage == facts::Linkage::External && is_plain) {
    // What index::generateUSRForDecl gives for C, without its cost: most of a unit's functions.
    function.usr = "c:@F@" + function.name;
    function.qualified_name = function.name;
  } else {
    function.usr = key(canonical);
    function.qualified_name = qualifiedName(declaration);
  }
  // Each program of a tree has its own.
  if (canonical->isMain())
    function.usr += "@" + pathOf(canonical);
  if (function.mangled_name.empty())
    function.mangled_name = mangledName(declaration);
  if (const auto* type = declaration->getType()->getAs<FunctionType>())
    function.type = functionType(type);
  if (function.usr.empty())
    function.usr = "?" + function.mangled_name + "@" + pathOf(canonical);
  return *(functions_[canonical] = std::move(result));
}

} // namespace lockvet::extract
