// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What declarations say about themselves: annotations, capability attributes, and macros that
// expand to nothing but that a configuration may give a meaning.

#pragma once

#include "analyzer/facts/symbols.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lockvet::facts {

enum class SubjectKind : uint8_t { Function, Slot };

enum class MarkerOrigin : uint8_t {
  Annotation, ///< `__attribute__((annotate("...")))` on the declaration itself
  Typedef,    ///< the same on a typedef that the declaration is written with
  Capability, ///< a thread-safety attribute
  Macro       ///< a macro of that name stands in the declaration or body; a label only by config
};

/// One label on one declaration.
struct Marker {
  SubjectKind subject_kind = SubjectKind::Function;
  uint32_t subject = kNone; ///< index into Fragment::functions or ::slots
  /// Annotation and Typedef: the annotation's text. Macro: the macro's name. Capability: one of
  /// requires, requires_shared, excludes, acquires, acquires_shared, releases, releases_shared,
  /// releases_generic, try_acquires, try_acquires_shared, asserts, asserts_shared, guarded_by,
  /// pt_guarded_by, returns_lock, reentrant, no_analysis, and then ":" and the capability as an
  /// expression that can be re-based at a call: "graph_lock", "this->mu", "$0->lock" (parameter 0),
  /// "!mu".
  std::string label;
  MarkerOrigin origin = MarkerOrigin::Annotation;
  Location location;

  bool operator==(const Marker&) const = default;
};

/// One declaration of a function: a header's, a forward one, or the definition. Block-scope
/// declarations do not count.
struct Declaration {
  uint32_t function = kNone;
  Location location;
  uint32_t end_line = 0; ///< last line of the body, or of the declaration
  bool is_definition = false;
  bool in_system_header = false;

  bool operator==(const Declaration&) const = default;
};

/// A method and one method that it overrides directly.
struct Override {
  uint32_t method = kNone;
  uint32_t base = kNone;

  bool operator==(const Override&) const = default;
};

/// A diagnostic of the compiler's own thread-safety analysis.
struct Diagnostic {
  struct Note {
    std::string message;
    Location location;

    bool operator==(const Note&) const = default;
  };

  std::string group; ///< warning group, such as "thread-safety-analysis"
  std::string message;
  uint32_t function = kNone; ///< whose body it is about, where known
  Location location;
  std::vector<Note> notes;

  bool operator==(const Diagnostic&) const = default;
};

} // namespace lockvet::facts
