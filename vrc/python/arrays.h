// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The edges of a graph as columns of numbers that numpy and memoryview read without copying.

#pragma once

#include "vrc/graph/graph.h"

#include <pybind11/pybind11.h>

namespace lockvet::python {

void defineArrays(pybind11::module_& module);

/// (caller, callee, kind, line) of each edge, in the order of callers.
pybind11::tuple edgeArrays(const graph::Graph& graph);

} // namespace lockvet::python
