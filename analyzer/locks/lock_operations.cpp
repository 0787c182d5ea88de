// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/lock_operations.h"

#include "analyzer/program/configured_names.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"

#include <optional>

namespace lockvet::locks {

using program::Marker;
using program::Program;

namespace {

std::optional<Operation> operationNamed(llvm::StringRef word) {
  return llvm::StringSwitch<std::optional<Operation>>(word)
      .Case("acquires", Operation::Acquire)
      .Case("acquires_shared", Operation::AcquireShared)
      .Case("releases", Operation::Release)
      .Case("releases_shared", Operation::ReleaseShared)
      .Case("releases_generic", Operation::ReleaseGeneric)
      .Case("try_acquires", Operation::TryAcquire)
      .Case("try_acquires_shared", Operation::TryAcquireShared)
      .Case("asserts", Operation::Assert)
      .Case("asserts_shared", Operation::AssertShared)
      .Default(std::nullopt);
}

std::optional<Requirement::Kind> requirementNamed(llvm::StringRef word) {
  return llvm::StringSwitch<std::optional<Requirement::Kind>>(word)
      .Case("requires", Requirement::Kind::Exclusive)
      .Case("requires_shared", Requirement::Kind::Shared)
      .Case("excludes", Requirement::Kind::Excluded)
      .Default(std::nullopt);
}

/// Of locks that an attribute says to be so.
const config::LockType kReentrant = [] {
  config::LockType type;
  type.name = "reentrant lock";
  type.is_reentrant = true;
  return type;
}();

/// A guard that is made without taking its lock: `std::unique_lock lock(mutex, std::defer_lock)`,
/// or out of another guard.
bool isDeferred(const program::Function& function) {
  return function.usr.contains("#&&") || function.usr.contains("defer_lock_t") ||
         function.usr.contains("adopt_lock_t") || function.usr.contains("try_to_lock_t");
}

} // namespace

LockOperations::LockOperations(const Program& program, const config::Config& config,
                               PathTable& paths) {
  readConfiguration(program, config, paths);
  readMarkers(program, config, paths);
}

void LockOperations::readMarkers(const Program& program, const config::Config& config,
                                 PathTable& paths) {
  llvm::StringMap<const config::LockType*> configured;
  for (const config::LockType& type : config.locks)
    configured.try_emplace(type.name, &type);
  /// What is known of a function's locks by their types; what the configuration says is first.
  struct Typed {
    Id function = kNoId;
    PathId path = kNoPath;
    const config::LockType* type = nullptr;
  };
  std::vector<Typed> typed;
  std::vector<Typed> reentrant;
  for (const Marker& marker : program.markers()) {
    if (marker.function == kNoId || marker.origin != facts::MarkerOrigin::Capability)
      continue;
    auto [word, expression] = marker.label.split(':');
    if (word == "reentrant") {
      if (const PathId path = paths.intern(expression); paths.isGlobal(path))
        globals_.try_emplace(path, &kReentrant);
      reentrant.push_back({marker.function, paths.intern(expression), &kReentrant});
      continue;
    }
    if (word == "lock_type") {
      auto [lock, name] = expression.rsplit('=');
      if (const config::LockType* type = configured.lookup(name))
        typed.push_back({marker.function, paths.intern(lock), type});
      continue;
    }
    std::optional<Requirement::Kind> requirement = requirementNamed(word);
    // A negative capability is one that must not be held.
    if (expression.consume_front("!")) {
      if (requirement != Requirement::Kind::Exclusive)
        continue;
      requirement = Requirement::Kind::Excluded;
    }
    const PathId path = paths.intern(expression);
    if (requirement) {
      auto& known = requirements_[marker.function];
      if (llvm::none_of(known, [&](const Requirement& other) {
            return other.kind == *requirement && other.path == path;
          }))
        known.push_back({*requirement, path, &marker, globals_.lookup(path)});
    } else if (std::optional<Operation> operation = operationNamed(word)) {
      // What the configuration says of a function counts; and an attribute on each of its
      // declarations says it once.
      auto& known = operations_[marker.function];
      if (llvm::none_of(known, [&](const LockOperation& other) {
            return other.is_configured || (other.operation == *operation && other.path == path);
          }))
        known.push_back({*operation, path, globals_.lookup(path), true});
      if (*operation != Operation::Assert && *operation != Operation::AssertShared)
        primitives_.insert(marker.function);
    }
  }
  llvm::append_range(typed, reentrant);
  for (const Typed& known : typed) {
    for (LockOperation& operation : operations_[known.function])
      if (operation.path == known.path && !operation.type)
        operation.type = known.type;
    for (Requirement& requirement : requirements_[known.function])
      if (requirement.path == known.path && !requirement.type)
        requirement.type = known.type;
  }
}

void LockOperations::readConfiguration(const Program& program, const config::Config& config,
                                       PathTable& paths) {
  const program::ConfiguredNames named(program);
  for (const config::LockType& type : config.locks) {
    const PathId path =
        paths.intern(!type.global.empty()                     ? type.global
                     : type.object == config::LockType::kThis ? std::string("this")
                                                              : "$" + std::to_string(type.object));
    if (!type.global.empty())
      globals_[path] = &type;
    auto add = [&](const std::vector<std::string>& names, Operation operation, bool succeeds_with) {
      for (const std::string& name : names)
        for (Id function : named.functions(name)) {
          if (isDeferred(program.function(function)))
            continue;
          operations_[function].push_back(
              {operation, path, &type, succeeds_with, /*is_configured=*/true});
          if (operation != Operation::Assert)
            primitives_.insert(function);
        }
    };
    add(type.acquire, Operation::Acquire, true);
    add(type.acquire_shared, Operation::AcquireShared, true);
    add(type.try_acquire, Operation::TryAcquire, type.try_succeeds_with);
    add(type.try_acquire_shared, Operation::TryAcquireShared, type.try_succeeds_with);
    add(type.acquire_or_error, Operation::TryAcquire, false);
    add(type.acquire_shared_or_error, Operation::TryAcquireShared, false);
    add(type.upgrade, Operation::Upgrade, true);
    add(type.downgrade, Operation::Downgrade, true);
    add(type.assert_held, Operation::Assert, true);
    add(type.tells_held, Operation::Tell, true);
    for (const std::string& name : type.release)
      add({name},
          llvm::is_contained(type.release_shared, name) ? Operation::ReleaseGeneric
                                                        : Operation::Release,
          true);
    for (const std::string& name : type.release_shared)
      if (!llvm::is_contained(type.release, name))
        add({name}, Operation::ReleaseShared, true);
    auto require = [&](const std::vector<std::string>& names, Requirement::Kind kind) {
      for (const std::string& name : names)
        for (Id function : named.functions(name))
          requirements_[function].push_back({kind, path, nullptr, &type});
    };
    require(type.required, Requirement::Kind::Exclusive);
    require(type.required_shared, Requirement::Kind::Shared);
    require(type.excluded, Requirement::Kind::Excluded);
  }
}

} // namespace lockvet::locks
