// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/json/json_stream.h"

#include <utility>

namespace lockvet::runtime::control {

namespace {

constexpr char reset = '\xff';

bool is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

bool opens(char byte) {
  return byte == '{' || byte == '[';
}

bool closes(char byte) {
  return byte == '}' || byte == ']';
}

} // namespace

JsonStream::Found JsonStream::next(std::string_view& input) {
  while (!input.empty()) {
    // A word ends before what is not of it.
    if (state_ == State::word && (is_space(input.front()) || opens(input.front())))
      return complete();
    const char byte = input.front();
    input.remove_prefix(1);
    Found found = take(byte);
    if (!std::holds_alternative<Incomplete>(found))
      return found;
  }
  return Incomplete{};
}

JsonStream::Found JsonStream::take(char byte) {
  if (byte == reset) {
    begin_again();
    return Incomplete{};
  }
  if (state_ == State::skipping) {
    if (byte == '\n')
      begin_again();
    return Incomplete{};
  }
  if (state_ == State::between)
    return take_between(byte);
  if (kept_.size() == limits_.most_bytes)
    return fail("A value has more than " + std::to_string(limits_.most_bytes) + " bytes.");
  kept_ += byte;
  switch (state_) {
  case State::nested:
    return take_nested(byte);
  case State::string:
    if (byte == '\\')
      state_ = State::escape;
    else if (byte == '"')
      state_ = State::nested;
    return Incomplete{};
  case State::escape:
    state_ = State::string;
    return Incomplete{};
  default:
    return Incomplete{};
  }
}

JsonStream::Found JsonStream::take_between(char byte) {
  if (is_space(byte))
    return Incomplete{};
  kept_ += byte;
  if (opens(byte)) {
    state_ = State::nested;
    return take_nested(byte);
  }
  state_ = State::word;
  return Incomplete{};
}

JsonStream::Found JsonStream::take_nested(char byte) {
  if (byte == '"') {
    state_ = State::string;
  } else if (opens(byte)) {
    if (++depth_ > limits_.most_depth)
      return fail("Objects and arrays are nested more than " + std::to_string(limits_.most_depth) +
                  " deep.");
  } else if (closes(byte) && --depth_ == 0) {
    return complete();
  }
  return Incomplete{};
}

JsonStream::Found JsonStream::fail(std::string message) {
  begin_again();
  state_ = State::skipping;
  return Error{std::move(message)};
}

void JsonStream::begin_again() {
  state_ = State::between;
  depth_ = 0;
  // What a long value has taken is given back.
  kept_ = std::string();
}

JsonStream::Value JsonStream::complete() {
  Value value{std::move(kept_)};
  begin_again();
  return value;
}

} // namespace lockvet::runtime::control
