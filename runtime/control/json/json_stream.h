// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds where one JSON value ends and the next begins in a stream of bytes that come as they like,
// as QMP has it: values follow each other without anything between them that is needed. It only
// counts braces, and keeps no more than its limits; whether a value is valid is for the parser to
// say. Its owner feeds it in one thread.

#ifndef LOCKVET_RUNTIME_CONTROL_JSON_JSON_STREAM_H
#define LOCKVET_RUNTIME_CONTROL_JSON_JSON_STREAM_H

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace lockvet::runtime::control {

class JsonStream {
public:
  struct Limits {
    // Of one value.
    size_t most_bytes = size_t{1} << 20;
    // Of objects and arrays in each other.
    size_t most_depth = 64;
  };

  // There is nothing more in the input.
  struct Incomplete {};
  // The text of an object, of an array, or of anything else up to a space.
  struct Value {
    std::string text;
  };
  // A sentence. What follows is skipped up to the end of the line, or to a byte 0xff, which begins
  // anew at any time (as in QEMU's docs/interop/qmp-spec.txt).
  struct Error {
    std::string message;
  };
  using Found = std::variant<Incomplete, Value, Error>;

  explicit JsonStream(Limits limits) : limits_(limits) {}
  JsonStream() : JsonStream(Limits{}) {}

  // Takes what it has looked at from the front of the input, up to what it has found.
  Found next(std::string_view& input);

private:
  enum class State { between, word, nested, string, escape, skipping };

  Found take(char byte);
  Found take_between(char byte);
  Found take_nested(char byte);
  Found fail(std::string message);
  void begin_again();
  Value complete();

  const Limits limits_;
  State state_ = State::between;
  size_t depth_ = 0;
  std::string kept_;
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_JSON_JSON_STREAM_H
