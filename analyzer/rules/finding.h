// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a rule says: a finding with its witness. A plain value; rules make it, reports show it, the
// store keeps it.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lockvet::rules {

enum class Severity : uint8_t { Note, Warning, Error };

/// How sure the weakest edge of the witness is. The default gate shows everything but Type.
enum class Confidence : uint8_t {
  Direct,  ///< calls and markers as written
  Virtual, ///< rests on a virtual call
  Flow,    ///< rests on a function value that flows into the slot called through
  Type     ///< rests on a guess: on a function's type, or on what a pointer holds in which context
};

/// One step of a witness: a place, and why it matters. The path runs from the first to the last.
struct Step {
  std::string function; ///< qualified name of the function that the place is in; "" at file scope
  std::string file;     ///< absolute path
  uint32_t line = 0;
  uint32_t column = 0;
  std::string
      reason; ///< a clause without a full stop: "calls bdrv_co_flush() through BlockDriver::x"
};

/// A change that would make the finding go: insert `text` at a place.
struct FixIt {
  std::string file;
  uint32_t line = 0;
  uint32_t column = 0;
  std::string text;
};

struct Finding {
  std::string rule; ///< id, such as "coroutine-call"
  Severity severity = Severity::Warning;
  Confidence confidence = Confidence::Direct;
  std::string message;  ///< one sentence without a full stop
  std::string function; ///< qualified name of the function it is about
  std::string file;     ///< absolute path
  uint32_t line = 0;
  uint32_t column = 0;
  /// What it is about, without places: USRs and slot keys. Becomes the fingerprint with the rule.
  std::vector<std::string> identity;
  std::string fingerprint; ///< 32 hexadecimal digits, from rule and identity (set by the registry)
  std::vector<Step> witness;
  std::vector<FixIt> fixes;
};

} // namespace lockvet::rules
