// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writing and reading variable-length integers and interned strings: the alphabet of serialize.cpp.
// The decoder never reads outside its bytes; after its first error it yields zeros, so that callers
// check once, at the end. Owned by one call of serialize() or parse...().

#pragma once

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lockvet::facts {

/// Little-endian base 128: seven bits a byte, the highest says that more follow.
void appendVarint(std::string& out, uint64_t value);

class Encoder {
public:
  void number(uint64_t value) { appendVarint(body_, value); }
  void signedNumber(int64_t value);                                        ///< zigzag
  void index(uint32_t value) { number(static_cast<uint32_t>(value + 1)); } ///< kNone is 0
  void text(llvm::StringRef value);                                        ///< interned
  void bytes(llvm::StringRef value); ///< as it is, with its length
  void fixed64(uint64_t value);

  /// The string table and then the body.
  std::string take();

private:
  std::string body_;
  llvm::StringMap<uint32_t> interned_;
  std::vector<llvm::StringRef> table_; ///< keys of interned_
};

class Decoder {
public:
  explicit Decoder(llvm::StringRef bytes) : all_(bytes), rest_(bytes) {}

  void readTable(); ///< first of all, where the encoder interned

  uint64_t number();
  int64_t signedNumber();
  uint32_t number32();
  /// A value of an enum whose last enumerator is `last`.
  template <class Enum> Enum enumerator(Enum last) {
    const uint64_t value = number();
    return checked(value <= static_cast<uint64_t>(last), "unknown enumerator")
               ? static_cast<Enum>(value)
               : Enum{};
  }
  bool flag() { return enumerator(One::Last) == One::Last; }
  /// kNone, or an index under `limit`.
  uint32_t index(size_t limit);
  /// An index under `limit`.
  uint32_t someIndex(size_t limit);
  std::string text();
  llvm::StringRef bytes();
  uint64_t fixed64();
  /// A number of elements that follow; each takes `least` bytes or more.
  size_t count(size_t least);

  /// Records an error unless `holds`.
  bool checked(bool holds, const char* what);
  bool failed() const { return error_ != nullptr; }
  bool atEnd() const { return rest_.empty(); } ///< true after an error, too

  /// Success only if nothing went wrong and nothing is left over. `what` names the whole.
  llvm::Error finish(llvm::StringRef what) const;

private:
  enum class One : uint8_t { First, Last };

  llvm::StringRef all_;
  llvm::StringRef rest_;
  std::vector<llvm::StringRef> table_;
  const char* error_ = nullptr;
  size_t error_at_ = 0;
};

} // namespace lockvet::facts
