// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/job_nodes.h"

#include "runtime/jobs/copy_step.h"

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

GraphResult<> make_base_as_long(Node& base, uint64_t length) {
  const auto base_length = length_of(base);
  if (!base_length)
    return std::unexpected(base_length.error());
  if (*base_length >= length)
    return {};
  // What is added shows nowhere: where those above end behind the base they show zeroes already.
  // So their permissions, which are against it, need not be asked.
  const DrainedSection drained(base);
  std::error_code error;
  MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
    const CoGraphReadLock lock;
    error = base.co_truncate(length);
  });
  if (error)
    return std::unexpected(
        GraphError{error, base.describe() + " has only " + std::to_string(*base_length) +
                              " bytes, and can't be made longer: " + error.message() + "."});
  return {};
}

GraphResult<ChainBetween> find_chain(const Graph& graph, Node& top,
                                     const std::optional<std::string>& base) {
  ChainBetween found;
  if (base) {
    const auto node = find_node(graph, *base);
    if (!node)
      return std::unexpected(node.error());
    found.base = *node;
  }
  const MainGraphReadLock lock;
  for (Node* const node : shown_chain(top)) {
    if (node == found.base && node != &top)
      return found;
    if (node != &top)
      found.between.push_back(node);
  }
  if (found.base != nullptr)
    return graph_error(std::errc::invalid_argument,
                       found.base->describe() + " is not below " + top.describe() + ".");
  return found;
}

void let_go_of_base(Transaction& transaction, Node& top, const Node& base) {
  for (Node* const node : shown_chain(top))
    if (Edge* const below = shown_below(*node); below != nullptr && &below->child() == &base)
      return transaction.detach(*below);
}

GraphResult<BackingFileName> name_of_base(Node& top, Node& base) {
  Node* above = nullptr;
  {
    const MainGraphReadLock lock;
    // Filters have no names for what they stand on.
    for (Node* const node : shown_chain(top)) {
      if (node == &base)
        break;
      if (const Edge* const below = shown_below(*node);
          below != nullptr && has_role(below->role(), EdgeRole::copy_on_write))
        above = node;
    }
  }
  if (above == nullptr)
    return graph_error(std::errc::invalid_argument,
                       "no image says how " + base.describe() + " is called.");
  std::expected<BackingFileName, std::error_code> name;
  MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
    const CoGraphReadLock lock;
    name = above->driver().co_backing_file_name();
  });
  if (!name)
    return std::unexpected(
        GraphError{name.error(), above->describe() + " does not say how " + base.describe() +
                                     " is called: " + name.error().message() + "."});
  return std::move(*name);
}

GraphResult<> change_backing_file_name(Node& node, const BackingFileName& name) {
  std::error_code error;
  MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
    const CoGraphReadLock lock;
    error = node.driver().co_change_backing_file_name(name);
  });
  if (error)
    return std::unexpected(GraphError{
        error, node.describe() + " can't be given another backing file: " + error.message() + "."});
  return {};
}

GraphResult<Node*> insert_filter(Graph& graph, const FilterOptions& options,
                                 std::unique_ptr<Driver> driver, Node& disk, Node& target) {
  const std::string plain = "#" + options.job + "." + options.type;
  std::string name = options.name.value_or(plain);
  // One of a job before may not be gone yet.
  for (unsigned number = 2; !options.name && graph.find(name) != nullptr; ++number)
    name = plain + std::to_string(number);
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
  transaction.attach(filter, std::string(job_target_name), EdgeRole::data, target);
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
    // Another job is about just this node, and would stay at it.
    for (const Edge* const edge : filter.parents())
      if (edge->parent().stays_at_node())
        return false;
    Edge* const file = filter.child("file");
    if (!filter.parents().empty() && file != nullptr)
      transaction.replace_node(filter, file->child());
    // It may not share what its parents need, and what others need of the target.
    for (Edge* const edge : {file, filter.child(job_target_name)})
      if (edge != nullptr)
        transaction.detach(*edge);
  }
  if (!transaction.empty() && !transaction.commit())
    return false;
  return graph.remove(filter).has_value();
}

} // namespace lockvet::runtime
