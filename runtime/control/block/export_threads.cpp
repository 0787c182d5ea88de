// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/block/export_threads.h"

#include "runtime/graph/context_counter.h"

#include <algorithm>

namespace lockvet::runtime::control {

namespace {

// Any number that can't be a queue's becomes one that there is not.
std::vector<unsigned> queues_of(const Json& entry) {
  std::vector<unsigned> queues;
  if (const Json* const listed = find_member(entry, "vqs"))
    for (const Json& number : *listed)
      queues.push_back(static_cast<unsigned>(std::min<uint64_t>(number.get<uint64_t>(), UINT_MAX)));
  return queues;
}

} // namespace

GraphResult<ExportThreads> ExportThreads::find(const Objects& objects, const Json& conforming) {
  ExportThreads found;
  const Json* const in_turn = find_member(conforming, "iothread");
  const Json* const mapped = find_member(conforming, "iothread-vq-mapping");
  if (in_turn != nullptr && mapped != nullptr)
    return graph_error(std::errc::invalid_argument,
                       "'iothread' and 'iothread-vq-mapping' can't both be given.");
  if (in_turn != nullptr) {
    const Json ids = in_turn->is_array() ? *in_turn : Json::array({*in_turn});
    for (const Json& id : ids) {
      if (auto added = found.add(objects, id.get<std::string>(), {}); !added)
        return std::unexpected(std::move(added.error()));
    }
  }
  if (mapped != nullptr) {
    if (mapped->empty())
      return graph_error(std::errc::invalid_argument, "'iothread-vq-mapping' names no iothread.");
    for (const Json& entry : *mapped) {
      auto added = found.add(objects, entry["iothread"].get<std::string>(), queues_of(entry));
      if (!added)
        return std::unexpected(std::move(added.error()));
    }
  }
  return found;
}

GraphResult<> ExportThreads::add(const Objects& objects, const std::string& id,
                                 std::vector<unsigned> queues) {
  if (std::ranges::any_of(all_, [&id](const One& one) { return one.id == id; }))
    return graph_error(std::errc::invalid_argument,
                       "an export names the iothread '" + id + "' twice.");
  auto thread = objects.thread(id);
  if (!thread)
    return std::unexpected(std::move(thread.error()));
  One one{.id = id, .thread = std::move(*thread), .queues = std::move(queues)};
  // It can't have ended, since it is an object still.
  (void)one.thread->context().run([&one] { one.index = ContextIndex::here(); });
  all_.push_back(std::move(one));
  return {};
}

std::vector<AioContext*> ExportThreads::contexts() const {
  std::vector<AioContext*> contexts;
  contexts.reserve(all_.size());
  for (const One& one : all_)
    contexts.push_back(&one.thread->context());
  return contexts;
}

GraphResult<ContextMapping> ExportThreads::mapping(AioContext& home, unsigned queues) const {
  if (all_.empty())
    return ContextMapping::all_on(home);
  std::vector<ContextMapping::Entry> entries;
  entries.reserve(all_.size());
  for (const One& one : all_)
    entries.push_back({.context = &one.thread->context(), .served = one.queues});
  auto mapping = ContextMapping::as_listed(entries, queues);
  if (!mapping)
    return graph_error(std::errc::invalid_argument, std::move(mapping.error()) + ".");
  return std::move(*mapping);
}

} // namespace lockvet::runtime::control
