// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes as serialized facts, the first of which chooses the kind: an error, or facts that
// survive being written and read. They come from a worker that may have died or a damaged store.

#include "analyzer/facts/serialize.h"
#include "holds.h"

using lockvet::fuzz::holds;
using namespace lockvet::facts;

namespace {

template <typename Facts>
void check(llvm::Expected<Facts> parsed, llvm::Expected<Facts> (*parse)(llvm::StringRef)) {
  if (!parsed) {
    holds(!llvm::toString(parsed.takeError()).empty(), "an error says something");
    return;
  }
  const std::string written = serialize(*parsed);
  auto again = parse(written);
  holds(bool(again), "what is written can be read");
  holds(serialize(*again) == written, "and is the same");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  const llvm::StringRef bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
  case 0:
    check(parseFragment(bytes), parseFragment);
    break;
  case 1:
    check(parseSkeleton(bytes), parseSkeleton);
    break;
  default:
    check(parseUnit(bytes), parseUnit);
    break;
  }
  return 0;
}
