// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What jobs do with the nodes of a graph when they begin and end. All in the main loop, which runs
// meanwhile.

#ifndef LOCKVET_RUNTIME_JOBS_JOB_NODES_H
#define LOCKVET_RUNTIME_JOBS_JOB_NODES_H

#include "runtime/graph/graph.h"
#include "runtime/graph/transaction.h"

namespace lockvet::runtime {

// no_such_file_or_directory, with a sentence.
GraphResult<Node*> find_node(const Graph& graph, const std::string& name) LV_MAIN_LOOP;

// In bytes.
GraphResult<uint64_t> LV_NO_COROUTINE_FN length_of(Node& node) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

// That of the target; an error unless both have the same.
GraphResult<uint64_t>
    LV_NO_COROUTINE_FN check_same_length(Node& source, Node& target) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

// A base is made longer if what stands on it is; it keeps what it shows.
GraphResult<> LV_NO_COROUTINE_FN make_base_as_long(Node& base,
                                                   uint64_t length) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

// What is between a node and one that it shows; all that is below it if that has no name.
struct ChainBetween {
  Node* base = nullptr;
  // From above.
  std::vector<Node*> between;
};
GraphResult<ChainBetween>
find_chain(const Graph& graph, Node& top,
           const std::optional<std::string>& base) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

// What has been committed to a base does not show it any more, which is going to change.
void LV_GRAPH_RDLOCK let_go_of_base(Transaction& transaction, Node& top,
                                    const Node& base) LV_MAIN_LOOP;

// How the image right above the base, in the chain of the top, calls it.
GraphResult<BackingFileName>
    LV_NO_COROUTINE_FN name_of_base(Node& top, Node& base) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
// See Driver::co_change_backing_file_name().
GraphResult<> LV_NO_COROUTINE_FN change_backing_file_name(Node& node, const BackingFileName& name)
    LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

struct FilterOptions {
  // By choice of its user, or such as "#job.mirror".
  std::optional<std::string> name;
  std::string job;
  std::string type;
};
// Puts a filter between a disk and all its parents, with the disk for its child "file", and another
// node for its child "target".
GraphResult<Node*> LV_NO_COROUTINE_FN insert_filter(Graph& graph, const FilterOptions& options,
                                                    std::unique_ptr<Driver> driver, Node& disk,
                                                    Node& target) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

// Its parents are its child's again, and it is gone: false if somebody else is at work on it, or
// another job holds it.
bool LV_NO_COROUTINE_FN remove_filter(Graph& graph, Node& filter) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_JOB_NODES_H
