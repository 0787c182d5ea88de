// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The whole program in memory, as the rules see it: functions, slots, call sites with their targets
// resolved, markers. Loaded once from a store and then only read, from any thread.

#pragma once

#include "analyzer/config/config.h"
#include "analyzer/program/registrations.h"
#include "analyzer/store/store.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/StringSaver.h"

#include <memory>
#include <string>
#include <vector>

namespace lockvet::program {

using store::Id;
using store::kNoId;
using store::Place;

/// Markers that rules ask for, as bits.
enum Label : uint16_t {
  kCoroutineFn = 1,    ///< runs in coroutines only
  kMixedFn = 2,        ///< runs in both
  kNoCoroutineFn = 4,  ///< must not be called from a coroutine
  kBlocking = 8,       ///< blocks the calling thread
  kPolls = 16,         ///< runs an event loop
  kDrains = 32,        ///< waits, in an event loop, until requests are done
  kSuspends = 64,      ///< suspends the coroutine that it runs in
  kMainLoop = 128,     ///< for the main loop's thread only
  kAnyThread = 256,    ///< for any thread that has an event loop (I/O code)
  kEitherThread = 512, ///< for both, and knows which it is in
  kOpaque = 1024       ///< what it runs is decided by data, which no graph of calls shows
};
using Labels = uint16_t;

/// The bit of a label that rules ask for; 0 for all others.
Labels labelNamed(llvm::StringRef label);

struct Function {
  llvm::StringRef usr;
  llvm::StringRef name;
  llvm::StringRef qualified_name;
  Place place; ///< of its definition, else of some declaration
  Id type = kNoId;
  facts::Linkage linkage = facts::Linkage::External;
  bool is_defined = false;
  bool is_of_system = false; ///< has no body but in system headers
  bool is_noreturn = false;
  bool is_implicit = false; ///< written by the compiler: nobody can put a marker on it
  bool is_live = false;     ///< declared or mentioned by some unit
  Labels labels = 0;
};

struct Slot {
  llvm::StringRef key;
  llvm::StringRef name;
  facts::SlotKind kind = facts::SlotKind::Field;
  Id type = kNoId; ///< kNoId: not a function pointer (void *, an integer, ...)
  Place place;
  Id function = kNoId;
  uint32_t index = 0; ///< of a parameter
  Labels labels = 0;
};

/// How an edge is known, from sure to guessed.
enum class EdgeKind : uint8_t { Direct, Implicit, Virtual, Flow, Type };

struct Call {
  Id caller = kNoId;
  Id callee = kNoId; ///< kNoId for a call through a slot or an unknown expression
  Id slot = kNoId;
  Id type = kNoId; ///< of the function called through a slot or an expression
  Id fragment = kNoId;
  uint32_t sequence = 0;
  facts::CallKind kind = facts::CallKind::Direct;
  Place place;
};

/// The kind of the edges that lead from a call.
constexpr EdgeKind edgeOf(const Call& call) {
  switch (call.kind) {
  case facts::CallKind::Direct:
    return EdgeKind::Direct;
  case facts::CallKind::Implicit:
    return EdgeKind::Implicit;
  case facts::CallKind::Virtual:
    return EdgeKind::Virtual;
  case facts::CallKind::Indirect:
    break;
  }
  return EdgeKind::Flow;
}

struct Marker {
  Id function = kNoId; ///< either this
  Id slot = kNoId;     ///< or this
  llvm::StringRef label;
  facts::MarkerOrigin origin = facts::MarkerOrigin::Annotation;
  Id fragment = kNoId;
  Place place;
};

struct Declaration {
  Id function = kNoId;
  Id fragment = kNoId;
  Place place;
  bool is_definition = false;
};

struct Flow {
  facts::FlowForm form = facts::FlowForm::Assignment;
  Id holder = kNoId;
  Id from_function = kNoId;
  Id from_slot = kNoId;
  Id to_slot = kNoId;
  Place place;
};

/// A diagnostic of the compiler's own thread-safety analysis.
struct Diagnostic {
  struct Note {
    std::string message;
    Place place;
  };
  llvm::StringRef group;
  std::string message;
  Id function = kNoId;
  Place place;
  std::vector<Note> notes;
};

/// What a call can run.
struct Target {
  Id function = kNoId;
  EdgeKind kind = EdgeKind::Direct;
};

class Program {
public:
  static llvm::Expected<std::unique_ptr<Program>> load(store::Store& store,
                                                       const config::Config& config);

  /// By Id; index 0 is unused, and dead ids are not live.
  llvm::ArrayRef<Function> functions() const { return functions_; }
  const Function& function(Id id) const { return functions_[id]; }
  llvm::ArrayRef<Slot> slots() const { return slots_; }
  const Slot& slot(Id id) const { return slots_[id]; }
  llvm::StringRef file(Id id) const { return files_[id]; }
  /// By Id; index 0 is unused.
  llvm::ArrayRef<llvm::StringRef> files() const { return files_; }

  /// All calls, grouped by caller; within a caller in the order of the source.
  llvm::ArrayRef<Call> calls() const { return calls_; }
  llvm::ArrayRef<Call> callsOf(Id caller) const;
  /// Position of a call in calls().
  size_t indexOf(const Call& call) const { return static_cast<size_t>(&call - calls_.data()); }

  /// What a call can run, by everything but a guess on types.
  void forEachTarget(const Call& call, llvm::function_ref<void(Target)> visit) const;
  llvm::ArrayRef<store::SlotTarget> slotTargets(Id slot) const;

  /// Callers by exact calls (direct and implicit), as positions in calls().
  llvm::ArrayRef<uint32_t> exactCallsTo(Id callee) const;

  /// Grouped by function, those of slots first.
  llvm::ArrayRef<Marker> markers() const { return markers_; }
  llvm::ArrayRef<Marker> markersOf(Id function) const;
  llvm::ArrayRef<Declaration> declarations() const { return declarations_; }
  llvm::ArrayRef<Declaration> declarationsOf(Id function) const;
  llvm::ArrayRef<Flow> flows() const { return flows_; }
  llvm::ArrayRef<store::OverrideRow> overrides() const { return overrides_; }
  llvm::ArrayRef<Diagnostic> diagnostics() const { return diagnostics_; }

  /// What is handed to the configuration's registrars.
  const Registrations& registrations() const { return registrations_; }

  /// Functions of that name or qualified name.
  llvm::ArrayRef<Id> named(llvm::StringRef name) const;

  bool isCoroutineFn(Id function) const {
    return (functions_[function].labels & (kCoroutineFn | kMixedFn)) == kCoroutineFn;
  }
  bool isMixedFn(Id function) const { return functions_[function].labels & kMixedFn; }
  bool isNoCoroutineFn(Id function) const { return functions_[function].labels & kNoCoroutineFn; }
  /// Does any marker say where it may run?
  bool isMarked(Id function) const {
    return functions_[function].labels & (kCoroutineFn | kMixedFn | kNoCoroutineFn);
  }

private:
  friend class ProgramLoader;
  Program() : saver_(allocator_) {}

  llvm::BumpPtrAllocator allocator_;
  llvm::StringSaver saver_;
  std::vector<llvm::StringRef> files_;
  std::vector<Function> functions_;
  std::vector<Slot> slots_;
  std::vector<Call> calls_;
  std::vector<uint32_t> first_call_; ///< by caller; one past the last function, too
  std::vector<uint32_t> exact_callers_;
  std::vector<uint32_t> first_exact_caller_;
  std::vector<store::SlotTarget> slot_targets_;
  std::vector<store::VirtualTarget> virtual_targets_;
  std::vector<uint32_t> first_slot_target_;
  std::vector<uint32_t> first_virtual_target_;
  std::vector<Marker> markers_;
  std::vector<uint32_t> first_marker_;
  std::vector<Declaration> declarations_;
  std::vector<uint32_t> first_declaration_;
  std::vector<Flow> flows_;
  std::vector<store::OverrideRow> overrides_;
  std::vector<Diagnostic> diagnostics_;
  Registrations registrations_;
  llvm::DenseMap<llvm::StringRef, llvm::SmallVector<Id, 1>> by_name_;
};

} // namespace lockvet::program
