// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Queries as trees. A node spec stands for a set of nodes; a path expression is a regular
// expression whose symbols are node specs. Plain values, owned by whoever parsed them.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lockvet::query {

// An initialiser may leave out what has a default, and nothing else: -Wextra.
// NOLINTBEGIN(readability-redundant-member-init)

struct NodeSpec {
  enum class Kind : uint8_t {
    Name,       ///< `text`: a name or qualified name
    Regex,      ///< `text`: searched for in names, unanchored
    Label,      ///< `text`
    File,       ///< `text`: a glob against the path, or the end of it
    All,        ///< every node
    Not,        ///< of the one operand
    And,        ///< of all operands
    Or,         ///< of all operands
    Callers,    ///< of the one operand, one step
    Callees,    ///< the same
    AllCallers, ///< of the one operand and themselves, any number of steps
    AllCallees  ///< the same
  };

  Kind kind = Kind::All;
  std::string text = {};
  size_t offset = 0; ///< in the text of the query
  std::vector<NodeSpec> operands = {};
};

struct PathExpression {
  enum class Kind : uint8_t {
    Nodes,       ///< one node of `spec`
    Sequence,    ///< all operands, in order
    Alternation, ///< one of the operands
    Star,        ///< the one operand, any number of times
    Plus,        ///< at least once
    Optional     ///< at most once
  };

  Kind kind = Kind::Nodes;
  NodeSpec spec = {}; ///< of Nodes
  std::vector<PathExpression> operands = {};
};

// NOLINTEND(readability-redundant-member-init)

} // namespace lockvet::query
