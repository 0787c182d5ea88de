// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/context_mapping.h"

#include <algorithm>

namespace lockvet::runtime {

std::expected<ContextMapping, std::string>
ContextMapping::one_each(std::vector<AioContext*> contexts, unsigned count) {
  if (contexts.size() < count)
    return std::unexpected("there are " + std::to_string(contexts.size()) + " contexts for " +
                           std::to_string(count) + ", which want one each");
  return ContextMapping(std::move(contexts));
}

std::expected<ContextMapping, std::string>
ContextMapping::as_listed(const std::vector<Entry>& entries, unsigned count) {
  if (entries.empty())
    return std::unexpected("the mapping has no context");
  std::vector<AioContext*> contexts(count);
  const auto names_none = [](const Entry& entry) { return entry.served.empty(); };
  const auto unnamed = std::ranges::count_if(entries, names_none);
  if (unnamed == std::ssize(entries)) {
    contexts.clear();
    for (const Entry& entry : entries)
      contexts.push_back(entry.context);
    return ContextMapping(std::move(contexts));
  }
  if (unnamed > 0)
    return std::unexpected("either all contexts of the mapping name what they serve, or none");
  for (const Entry& entry : entries) {
    for (const unsigned number : entry.served) {
      if (number >= count)
        return std::unexpected("the mapping names " + std::to_string(number) + ", and there are " +
                               std::to_string(count));
      if (contexts[number] != nullptr)
        return std::unexpected("the mapping names " + std::to_string(number) + " twice");
      contexts[number] = entry.context;
    }
  }
  const auto missing = std::ranges::find(contexts, nullptr);
  if (missing != contexts.end())
    return std::unexpected("the mapping leaves out " + std::to_string(missing - contexts.begin()));
  return ContextMapping(std::move(contexts));
}

} // namespace lockvet::runtime
