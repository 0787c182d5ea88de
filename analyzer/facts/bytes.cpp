// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/facts/bytes.h"

#include "analyzer/facts/symbols.h"
#include "llvm/Support/Endian.h"

#include <utility>

namespace lockvet::facts {

void appendVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

void Encoder::signedNumber(int64_t value) {
  number((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
}

void Encoder::text(llvm::StringRef value) {
  const auto [entry, is_new] = interned_.try_emplace(value, table_.size());
  if (is_new)
    table_.push_back(entry->getKey());
  number(entry->second);
}

void Encoder::bytes(llvm::StringRef value) {
  number(value.size());
  body_.append(value.data(), value.size());
}

void Encoder::fixed64(uint64_t value) {
  char buffer[sizeof value];
  llvm::support::endian::write64le(buffer, value);
  body_.append(buffer, sizeof buffer);
}

std::string Encoder::take() {
  std::string out;
  size_t size = 8 + body_.size();
  for (llvm::StringRef entry : table_)
    size += entry.size() + 2;
  out.reserve(size);
  appendVarint(out, table_.size());
  for (llvm::StringRef entry : table_) {
    appendVarint(out, entry.size());
    out.append(entry.data(), entry.size());
  }
  out += body_;
  return out;
}

bool Decoder::checked(bool holds, const char* what) {
  if (!holds && !error_) {
    error_ = what;
    error_at_ = all_.size() - rest_.size();
    rest_ = {};
  }
  return holds;
}

uint64_t Decoder::number() {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (!checked(!rest_.empty(), "it ends too early"))
      return 0;
    const auto byte = static_cast<uint8_t>(rest_.front());
    rest_ = rest_.drop_front();
    // The tenth byte has room for one bit.
    if (!checked(shift < 63 || byte <= 1, "a number is too large"))
      return 0;
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80)
      return value;
  }
  checked(false, "a number is too long");
  return 0;
}

int64_t Decoder::signedNumber() {
  const uint64_t value = number();
  return static_cast<int64_t>((value >> 1) ^ (0 - (value & 1)));
}

uint32_t Decoder::number32() {
  const uint64_t value = number();
  return checked(value <= UINT32_MAX, "a number is too large") ? static_cast<uint32_t>(value) : 0;
}

uint32_t Decoder::index(size_t limit) {
  const uint32_t value = number32() - 1;
  return checked(value == kNone || value < limit, "an index points outside its table") ? value
                                                                                       : kNone;
}

uint32_t Decoder::someIndex(size_t limit) {
  const uint32_t value = index(limit);
  return checked(value != kNone, "an index is missing") ? value : 0;
}

std::string Decoder::text() {
  const uint64_t value = number();
  if (!checked(value < table_.size(), "a string index points outside its table"))
    return {};
  return table_[value].str();
}

llvm::StringRef Decoder::bytes() {
  const uint64_t size = number();
  if (!checked(size <= rest_.size(), "it ends too early"))
    return {};
  const llvm::StringRef value = rest_.take_front(size);
  rest_ = rest_.drop_front(size);
  return value;
}

uint64_t Decoder::fixed64() {
  if (!checked(rest_.size() >= sizeof(uint64_t), "it ends too early"))
    return 0;
  const uint64_t value = llvm::support::endian::read64le(rest_.data());
  rest_ = rest_.drop_front(sizeof(uint64_t));
  return value;
}

size_t Decoder::count(size_t least) {
  const uint64_t value = number();
  return checked(value <= rest_.size() / least, "a count is larger than what follows") ? value : 0;
}

void Decoder::readTable() {
  const size_t size = count(1);
  table_.reserve(size);
  for (size_t i = 0; i != size && !failed(); ++i)
    table_.push_back(bytes());
}

llvm::Error Decoder::finish(llvm::StringRef what) const {
  if (error_)
    return llvm::createStringError("a %s is damaged at byte %zu: %s", what.str().c_str(), error_at_,
                                   error_);
  if (!rest_.empty())
    return llvm::createStringError("a %s is damaged: %zu bytes follow its end", what.str().c_str(),
                                   rest_.size());
  return llvm::Error::success();
}

} // namespace lockvet::facts
