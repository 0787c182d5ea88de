// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who calls what, and where function values go. Both are flow-insensitive: what a body says in any
// order; the order of events is the skeleton's (skeleton.h).

#pragma once

#include "analyzer/facts/symbols.h"

#include <cstdint>
#include <string>

namespace lockvet::facts {

enum class CallKind : uint8_t {
  Direct,   ///< the callee is named
  Implicit, ///< written by the compiler: constructors, destructors at scope exit, `cleanup`,
            ///< conversions
  Virtual,  ///< dispatched: `callee` is the method named at the call
  Indirect  ///< through `slot`, or, with no slot, through an expression of function type `type`
};

/// One call site. A call through `c ? f : g` is two.
struct CallSite {
  CallKind kind = CallKind::Direct;
  uint32_t caller = kNone; ///< index into Fragment::functions; kNone in a file-scope initializer
  uint32_t callee = kNone; ///< Direct, Implicit, Virtual
  uint32_t slot = kNone;   ///< Indirect
  std::string type;        ///< Indirect: canonical function type of the callee expression
  Location location; ///< of the callee's name for written calls, of the cause for implicit ones

  bool operator==(const CallSite&) const = default;
};

enum class FlowForm : uint8_t {
  Initializer, ///< designated, positional or nested initializer; constructor initializer
  Assignment,
  Argument,
  Return,
  Address, ///< the address of a slot is passed on, so that values can come back through it
  Use      ///< mentioned as a value that goes to no slot: compared, cast to an integer, ...
};

/// A function value goes from a function or a slot into a slot.
struct Flow {
  FlowForm form = FlowForm::Assignment;
  uint32_t holder = kNone;        ///< the function whose body says it; kNone at file scope
  uint32_t from_function = kNone; ///< either this
  uint32_t from_slot = kNone;     ///< or this
  uint32_t to_slot = kNone;       ///< kNone for a Use
  Location location;

  bool operator==(const Flow&) const = default;
};

} // namespace lockvet::facts
