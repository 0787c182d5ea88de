// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Why an image can't be opened, made or repaired: a code to act upon, and a sentence that says what
// is wrong, where, and the number that was found there. A value that its receiver owns; needs no
// lock. Requests to an open image answer with the code alone.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_ERROR_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_ERROR_H

#include <cstdint>
#include <expected>
#include <string>
#include <system_error>

namespace lockvet::runtime::qcow2 {

struct Error {
  std::error_code code;
  std::string message;
};

template <typename Value = void> using Result = std::expected<Value, Error>;

inline std::unexpected<Error> fail(std::error_code code, std::string message) {
  return std::unexpected(Error{code, "qcow2: " + std::move(message)});
}
inline std::unexpected<Error> fail(std::errc code, std::string message) {
  return fail(std::make_error_code(code), std::move(message));
}
// For what in the image is not as the format wants it.
inline std::unexpected<Error> malformed(std::string message) {
  return fail(std::errc::invalid_argument, std::move(message));
}
// What was being done when the file failed, as in "reading the L1 table".
inline std::unexpected<Error> failed_while(const char* doing, std::error_code code) {
  return fail(code, std::string(doing) + ": " + code.message());
}

inline std::error_code io_error() {
  return std::make_error_code(std::errc::io_error);
}

// As 0x1f.
inline std::string hex(uint64_t number) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  do {
    text.insert(text.begin(), digits[number % 16]);
    number /= 16;
  } while (number != 0);
  return "0x" + text;
}

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_ERROR_H
