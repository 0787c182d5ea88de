// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a negotiation has agreed on, for the requests that follow. A value; it needs no lock, and
// keeps the export that it is about.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_SESSION_H
#define LOCKVET_RUNTIME_EXPORT_NBD_SESSION_H

#include "runtime/export/nbd/export_list.h"

namespace lockvet::runtime::nbd {

struct Session {
  std::shared_ptr<Export> served = {};
  // Of the export when it was looked at last.
  uint64_t size = 0;
  uint32_t minimum_block = 1;
  uint32_t most_payload_bytes = 0;
  bool read_only = false;
  // Structured replies.
  bool structured = false;
  // The metadata contexts that were selected, by their numbers, in ascending order.
  std::vector<uint32_t> metadata = {};
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_SESSION_H
