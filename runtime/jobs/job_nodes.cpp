// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/job_nodes.h"

#include "runtime/graph/transaction.h"

namespace lockvet::runtime {

GraphResult<Node*> find_node(const Graph& graph, const std::string& name) {
  Node* const node = graph.find(name);
  if (node == nullptr)
    return graph_error(std::errc::no_such_file_or_directory, "there is no node '" + name + "'.");
  return node;
}

GraphResult<uint64_t> length_of(Node& node) {
  std::expected<uint64_t, std::error_code> length;
  MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
    const CoGraphReadLock lock;
    length = node.co_length();
  });
  if (!length)
    return std::unexpected(
        GraphError{length.error(), "the length of " + node.describe() +
                                       " is not known: " + length.error().message() + "."});
  return *length;
}

GraphResult<uint64_t> check_same_length(Node& source, Node& target) {
  const auto length = length_of(source);
  if (!length)
    return length;
  const auto target_length = length_of(target);
  if (target_length && *target_length != *length)
    return graph_error(std::errc::invalid_argument,
                       target.describe() + " has " + std::to_string(*target_length) +
                           " bytes, and " + source.describe() + " " + std::to_string(*length) +
                           ": both need the same.");
  return target_length;
}

GraphResult<Node*> insert_filter(Graph& graph, const FilterOptions& options,
                                 std::unique_ptr<Driver> driver, Node& disk, Node& target) {
  std::string name = options.name;
  if (name.empty()) {
    const std::string plain = "#" + options.job + "." + options.type;
    name = plain;
    // One of a job before may not be gone yet.
    for (unsigned number = 2; graph.find(name) != nullptr; ++number)
      name = plain + std::to_string(number);
  }
  AioContext* context = nullptr;
  {
    const MainGraphReadLock lock;
    context = &disk.context();
  }
  const auto added = graph.add(std::move(name), std::move(driver), *context);
  if (!added)
    return added;
  Node& filter = **added;
  Transaction transaction;
  transaction.attach(filter, "file", EdgeRole::filtered, disk);
  transaction.attach(filter, "target", EdgeRole::data, target);
  transaction.replace_node(disk, filter);
  if (auto inserted = transaction.commit(); !inserted) {
    (void)graph.remove(filter);
    return std::unexpected(std::move(inserted.error()));
  }
  return &filter;
}

bool remove_filter(Graph& graph, Node& filter) {
  Transaction transaction;
  {
    const MainGraphReadLock lock;
    if (const Edge* const file = filter.child("file"); !filter.parents().empty() && file)
      transaction.replace_node(filter, file->child());
  }
  if (!transaction.empty() && !transaction.commit())
    return false;
  return graph.remove(filter).has_value();
}

} // namespace lockvet::runtime
