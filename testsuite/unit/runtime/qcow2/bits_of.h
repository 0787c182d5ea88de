// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is dirty in a bitmap, as a text that tests compare. Stateless.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_BITS_OF_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_BITS_OF_H

#include "runtime/graph/dirty_bitmap.h"

#include <string>

namespace lockvet::runtime::qcow2 {

// "OFFSET+SIZE " of each dirty area, in bytes.
inline std::string bits_of(const DirtyBitmap& bitmap) {
  std::string areas;
  for (auto area = bitmap.next_dirty(0, bitmap.length()); area;
       area = bitmap.next_dirty(area->end(), bitmap.length()))
    areas += std::to_string(area->offset) + "+" + std::to_string(area->size) + " ";
  return areas;
}

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_BITS_OF_H
