// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a command answers: a value, made without a thought of how it will be shown. Faces print it
// (vrc/output), a script language hands it on. Nodes belong to the session's graph at the time.

#pragma once

#include "vrc/query/witness.h"

#include <string>
#include <variant>
#include <vector>

namespace lockvet::command {

/// Nothing to say.
struct Done {};

/// Prose: help, a directory, what was done.
struct Text {
  std::string text;
};

struct Number {
  uint64_t value = 0;
};

struct Functions {
  std::vector<graph::Node> nodes;
};

/// Functions with their labels.
struct Labelled {
  struct Row {
    graph::Node node = graph::kNoNode;
    std::vector<std::string> labels;
  };
  std::vector<Row> rows;
};

/// All labels with how many nodes have each.
struct LabelCounts {
  struct Row {
    std::string label;
    size_t count = 0;
  };
  std::vector<Row> rows;
};

/// Callers or callees of some functions, one row an edge.
struct Neighbours {
  struct Row {
    graph::Node caller = graph::kNoNode;
    graph::Node callee = graph::kNoNode;
    graph::EdgeKind kind = graph::EdgeKind::Direct;
    graph::Site site;
  };
  bool of_callers = true; ///< asked for callers rather than callees
  std::vector<Row> rows;
};

struct Paths {
  std::vector<query::Path> paths;
  size_t handed_over = 0; ///< paths that somebody got as they were found, see Session::on_path
  bool is_cut = false;    ///< there are more
  bool has_guesses_only = false; ///< none, but some over edges guessed from types
};

/// Groups of functions that can call each other in a circle, largest first.
struct Groups {
  std::vector<std::vector<graph::Node>> groups;
};

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

/// Why things are as they are: findings, or a function's contexts, each with steps to follow.
struct Explanation {
  struct Step {
    std::string function, file;
    uint32_t line = 0;
    std::string reason;
  };
  struct Part {
    std::string title;
    std::vector<Step> steps;
  };
  std::vector<Part> parts;
};

using Result = std::variant<Done, Text, Number, Functions, Labelled, LabelCounts, Neighbours, Paths,
                            Groups, Table, Explanation>;

} // namespace lockvet::command
