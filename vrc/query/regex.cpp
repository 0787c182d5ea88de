// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/query/regex.h"

#include "vrc/query/error.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace lockvet::query {

namespace {
/// Steps of backtracking; names are short, so that only a pathological pattern comes near.
constexpr uint32_t kMatchLimit = 100000;
} // namespace

struct Regex::Compiled {
  pcre2_code* code = nullptr;
  pcre2_match_data* data = nullptr;
  pcre2_match_context* context = nullptr;

  Compiled() = default;
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  ~Compiled() {
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
    pcre2_code_free(code);
  }
};

Regex::Regex(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

llvm::Expected<Regex> Regex::compile(llvm::StringRef pattern, size_t offset) {
  auto compiled = std::make_unique<Compiled>();
  int code = 0;
  PCRE2_SIZE at = 0;
  compiled->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                 PCRE2_NEVER_BACKSLASH_C, &code, &at, nullptr);
  if (!compiled->code) {
    char message[256] = {};
    pcre2_get_error_message(code, reinterpret_cast<PCRE2_UCHAR*>(message), sizeof message);
    return errorAt(offset + 1 + at, std::string("in the regular expression: ") + message);
  }
  // Without a JIT for this machine the interpreter does.
  (void)pcre2_jit_compile(compiled->code, PCRE2_JIT_COMPLETE);
  compiled->data = pcre2_match_data_create_from_pattern(compiled->code, nullptr);
  compiled->context = pcre2_match_context_create(nullptr);
  pcre2_set_match_limit(compiled->context, kMatchLimit);
  return Regex(std::move(compiled));
}

bool Regex::isIn(llvm::StringRef text) const {
  return pcre2_match(compiled_->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0,
                     compiled_->data, compiled_->context) >= 0;
}

} // namespace lockvet::query
