// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/input_digest.h"

#include "analyzer/facts/serialize.h"
#include "llvm/ADT/StringRef.h"

#include <array>

namespace lockvet::store {

facts::Hash inputMix(Id file, const facts::Hash& content) {
  const std::array<uint64_t, 3> words = {file, content[0], content[1]};
  return facts::hashOf({reinterpret_cast<const char*>(words.data()), sizeof words});
}

} // namespace lockvet::store
