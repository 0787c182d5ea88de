// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The data of the options that have any structure. Both functions look at what has come and nothing
// else, and give nothing if its lengths do not add up. The results refer to the input; no lock.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_OPTION_DATA_H
#define LOCKVET_RUNTIME_EXPORT_NBD_OPTION_DATA_H

#include "runtime/export/nbd/wire.h"

#include <vector>

namespace lockvet::runtime::nbd {

// Of NBD_OPT_INFO and NBD_OPT_GO.
struct InfoQuery {
  std::string_view name;
  // A bit for each kind of information that is asked for, of those that we know.
  unsigned wanted = 0;
};
std::optional<InfoQuery> parse_info_query(std::span<const std::byte> data);

// Of NBD_OPT_LIST_META_CONTEXT and NBD_OPT_SET_META_CONTEXT.
struct ContextQuery {
  std::string_view name;
  std::vector<std::string_view> queries = {};

  // Whether one of the queries names the metadata context.
  bool names(std::string_view context) const;
  // The same for a list, which may ask for all of a namespace ("qemu:", "qemu:dirty-bitmap:"), or,
  // by no query at all, for everything.
  bool lists(std::string_view context) const;
};
std::optional<ContextQuery> parse_context_query(std::span<const std::byte> data);

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_OPTION_DATA_H
