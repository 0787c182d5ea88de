// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Why the graph can't be changed as somebody wants: a code to act upon, and a sentence that names
// the nodes. A value that its receiver owns; needs no lock.

#ifndef LOCKVET_RUNTIME_GRAPH_GRAPH_ERROR_H
#define LOCKVET_RUNTIME_GRAPH_GRAPH_ERROR_H

#include <expected>
#include <string>
#include <system_error>

namespace lockvet::runtime {

struct GraphError {
  std::error_code code;
  std::string message;
};

template <typename Value = void> using GraphResult = std::expected<Value, GraphError>;

inline std::unexpected<GraphError> graph_error(std::errc code, std::string message) {
  return std::unexpected(GraphError{std::make_error_code(code), std::move(message)});
}

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_GRAPH_ERROR_H
