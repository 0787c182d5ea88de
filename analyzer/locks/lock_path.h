// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names of locks in the frame of a function, interned: "graph_lock", "this->mu", "$0->lock" (of
// what parameter 0 points to), "%s->lock" (of a local). Re-based at calls from one frame to the
// other. Owned by the lock analysis; ids mean nothing outside it.

#pragma once

#include "analyzer/program/program.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"

#include <memory>
#include <string>
#include <vector>

namespace lockvet::locks {

/// kNoPath: none. kElsewhere: held by some caller, under a name that this frame does not know.
using PathId = uint32_t;
inline constexpr PathId kNoPath = 0;
inline constexpr PathId kElsewhere = 1;

/// An object that a call hands over.
struct PathArgument {
  uint32_t index = 0; ///< facts::Argument::kObject for the object of a method
  PathId path = kNoPath;
  PathId path_class = kNoPath; ///< Record::field or type, interned like a path; kNoPath if unknown
  program::Id function = program::kNoId; ///< in a wrapper made on the spot
  PathId object = kNoPath; ///< "->object": where the wrapper keeps what it was made around
  PathId part = kNoPath;   ///< "->lock_": it is that part of the argument; kNoPath for the whole
};

class PathTable {
public:
  PathTable();

  PathId intern(llvm::StringRef text);
  llvm::StringRef text(PathId path) const { return texts_[path]; }
  bool isInterned(llvm::StringRef text) const { return ids_.contains(text); }

  bool isGlobal(PathId path) const { return roots_[path] == Root::Global; }
  bool isOfParameter(PathId path) const { return roots_[path] == Root::Parameter; }
  /// Is it one of several that have the same name, such as the elements of an array, or what some
  /// expression without a name leads to?
  bool isAmbiguous(PathId path) const {
    return texts_[path].contains("[]") || texts_[path].starts_with("?");
  }
  /// Does it start at a local variable, or at nothing that has a name?
  bool isLocal(PathId path) const { return roots_[path] == Root::Local; }

  /// What the callee calls `path`, in the caller's words; kNoPath where the caller has none.
  PathId toCaller(PathId path, llvm::ArrayRef<PathArgument> arguments);
  /// What the caller calls `path`, in the callee's words; kElsewhere where it has none, kNoPath
  /// where it is handed over in a way that is not understood.
  PathId toCallee(PathId path, llvm::ArrayRef<PathArgument> arguments);
  /// What else the callee calls a lock of the program that is handed over: `path` is a global, and
  /// the result starts at a parameter, or is kNoPath.
  PathId globalByArgument(PathId path, llvm::ArrayRef<PathArgument> arguments);

  /// The argument that a callee's path starts at, or the part of one; null for globals, and if it
  /// is not known.
  const PathArgument* argumentOf(PathId path, llvm::ArrayRef<PathArgument> arguments) const;

  /// "lock" for "$0->state->lock", "mu" for "this->mu": for words to a reader.
  std::string described(PathId path) const;

private:
  enum class Root : uint8_t { Global, Parameter, This, Local };
  static Root rootOf(llvm::StringRef text);
  PathId byArgument(PathId path, llvm::ArrayRef<PathArgument> arguments, PathId otherwise);

  std::vector<llvm::StringRef> texts_;
  std::vector<Root> roots_;
  llvm::DenseMap<llvm::StringRef, PathId> ids_;
  std::unique_ptr<llvm::BumpPtrAllocator> allocator_; ///< stays where it is when this moves
};

} // namespace lockvet::locks
