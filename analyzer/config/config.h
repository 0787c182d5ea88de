// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a project tells Lockvet in its `.lockvet.yaml`: names for what markers do not say. A plain
// value read once and passed on; nothing in it changes how a file is parsed.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lockvet::config {

/// Gives a label to functions: by exact name or qualified name, by an extended regular expression
/// (unanchored, over the qualified name), or by a macro in the declaration or body (for trees whose
/// markers expand to nothing). Exactly one of the three is set.
struct LabelRule {
  std::string label;
  std::string name;
  std::string regex;
  std::string macro;
};

/// Findings not to show: in files that match `path` (a glob against the path relative to the
/// configuration's directory; `*` stops at a slash, `**` does not), of the named rules or of all.
struct Suppression {
  std::string path;
  std::vector<std::string> rules;
  std::string reason; ///< required: a suppression without a reason is an error
};

enum class Level : uint8_t { Off, Note, Warning, Error };

/// Sets the severity of a rule, or turns it off.
struct RuleLevel {
  std::string rule;
  Level level = Level::Warning;
};

/// A rule of the project's own: a finding for each call that ends a path which `path`, an
/// expression of vrc's query language, matches. What is wrong in it is found where it is parsed, by
/// vrc/query.
struct PathRule {
  std::string rule; ///< its id: lower-case words joined by '-'
  std::string path;
  std::string message;
  Level level = Level::Warning; ///< never Off
  std::string where;            ///< "FILE:LINE:COLUMN" of `path`, for messages
};

/// A kind of lock: which functions take it and give it back. Functions with capability attributes
/// need no entry. Lists hold names or qualified names; what they name has the lock as its argument
/// `object`, or, where `global` is set, takes that one lock of the program.
struct LockType {
  /// What may happen while it is held: threads must not suspend a coroutine under a thread's lock.
  enum class Kind : uint8_t {
    Thread,    ///< belongs to the thread that took it
    Spin,      ///< the same, and nothing under it may sleep
    Coroutine, ///< belongs to the coroutine that took it; may be held while suspended
    Graph      ///< like Coroutine; nothing may wait for an event loop under it
  };
  static constexpr uint32_t kThis = UINT32_MAX; ///< `object: this`, of methods

  std::string name; ///< "QemuMutex"; for messages, and the class of locks without a better one
  Kind kind = Kind::Thread;
  bool is_reentrant = false;
  uint32_t object = 0; ///< 0-based index of the argument that is the lock, or kThis
  std::string global;  ///< name of the one lock; "" where the lock is an argument
  std::vector<std::string> acquire;
  std::vector<std::string> acquire_shared;
  std::vector<std::string> try_acquire;
  std::vector<std::string> try_acquire_shared;
  bool try_succeeds_with = true; ///< truth of what the try functions return on success
  /// Take it and answer 0, or do not and answer an error, whatever `try_succeeds_with` is.
  std::vector<std::string> acquire_or_error;
  std::vector<std::string> acquire_shared_or_error;
  std::vector<std::string> release;
  std::vector<std::string> release_shared; ///< in both release lists: gives back either mode
  std::vector<std::string> upgrade;        ///< make a reader's hold a writer's
  std::vector<std::string> downgrade;      ///< make a writer's hold a reader's
  std::vector<std::string> assert_held;
  std::vector<std::string> tells_held;      ///< answer whether the caller holds it
  std::vector<std::string> required;        ///< `requires`: only to be called with it held
  std::vector<std::string> required_shared; ///< `requires_shared`
  std::vector<std::string> excluded;        ///< `excludes`: not to be called with it held
  /// What may happen while it is held although its kind forbids that (`allows`).
  bool allows_poll = false;
  bool allows_suspend = false;
  bool allows_block = false;
  /// What happens under it only on some ways through a callee is a warning and no error
  /// (`conditional: warning`): there the objects decide, in words that no analysis follows.
  bool is_conditional_warning = false;
  /// May be given back by another thread than took it (`owner: none`), such as a semaphore: what a
  /// function leaves held, its caller does not hold for sure.
  bool is_unowned = false;
};

/// `function` does not call its argument: it has it run somewhere else, or later. No lock that is
/// held at the registration is held there.
struct Registrar {
  enum class Context : uint8_t { Unknown, Coroutine, Outside };

  std::string function;
  uint32_t argument = 0; ///< 0-based
  Context context = Context::Unknown;
  std::string label;  ///< given to the functions registered, such as "main_loop"; "" for none
  bool waits = false; ///< the caller waits until it has run: what it holds stays held meanwhile
};

/// What a function does to an object that threads wait for: a condition, a semaphore, an event, or
/// the name of a thread. Waits that end after some time are none.
struct WaitOperation {
  enum class Kind : uint8_t {
    Wait,   ///< waits until another thread signals
    Signal, ///< ends such waits
    Start,  ///< starts a thread
    Join    ///< waits until a thread has ended
  };

  std::string function;
  Kind kind = Kind::Wait;
  uint32_t object = 0; ///< 0-based index of the argument, or LockType::kThis
  /// Wait: the argument that is a lock, which is given back meanwhile.
  std::optional<uint32_t> releases;
  uint32_t entry = 0; ///< Start: the argument that is the function which the thread runs
};

/// How a project writes a marker: for what `lockvet infer` adds. Markers without an entry are
/// written as they are called, and locks by Clang's attributes.
struct MarkerSpelling {
  enum class Position : uint8_t {
    Name, ///< in front of the name
    End,  ///< behind the parameters
    Body  ///< a statement of the definition's body, behind the declarations that it begins with
  };

  std::string marker;   ///< "coroutine_fn", "requires_shared"; see infer/marker.h
  std::string lock;     ///< "" for every lock that has no entry of its own
  std::string spelling; ///< "{lock}" in it stands for the lock
  std::string pointer;  ///< the same, on pointers to functions; "" where none is written
  Position position = Position::Name; ///< `place`
  bool is_everywhere = false; ///< `on: everywhere`: on definitions too, where they are not the only
                              ///< declaration
  /// What defines the words, as it is included; written only where it is read. "": everywhere.
  std::string header;
};

struct Config {
  std::string directory; ///< absolute; where the file stands, or the current directory

  /// Functions that tell whether the caller runs in a coroutine. Built in: qemu_in_coroutine.
  std::vector<std::string> coroutine_predicates = {"qemu_in_coroutine"};
  /// Functions that tell whether the caller runs in the main loop's thread.
  std::vector<std::string> main_loop_predicates;
  std::vector<LabelRule> labels;
  /// Functions that block the calling thread, beside the built-in list.
  std::vector<std::string> blocking;
  /// Functions of the built-in list that are not to count as blocking here.
  std::vector<std::string> not_blocking;
  /// Functions that are entered outside coroutines, beside `main` and the no_coroutine_fn ones.
  std::vector<std::string> roots;
  /// The profile that this configuration stands on; "" for the base alone.
  std::string profile;
  std::vector<LockType> locks;
  std::vector<Registrar> registrars;
  std::vector<WaitOperation> waits;
  std::vector<MarkerSpelling> markers;
  std::vector<RuleLevel> levels;
  std::vector<PathRule> path_rules;
  std::vector<Suppression> suppressions;
};

/// Reads YAML text, and nothing else: no profile is merged. Unknown keys, wrong types and
/// contradictions are errors that name file:line:column, what is wrong and what is allowed there.
/// `path` is for messages and directory.
llvm::Expected<Config> parse(llvm::StringRef text, llvm::StringRef path);

/// Reads `path`; or, if it is empty, the nearest `.lockvet.yaml` in `start` or above it; or the
/// defaults where there is none. Under it go the profile that it names, or `profile` instead where
/// that is not empty, and the base profile, which is under everything.
llvm::Expected<Config> load(llvm::StringRef path, llvm::StringRef start,
                            llvm::StringRef profile = {});

} // namespace lockvet::config
