// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Results of commands as plain Python values. Nodes become their numbers; vrc/graph.py makes
// Functions of these.

#pragma once

#include "vrc/python/conversation.h"

namespace lockvet::python {

/// (file, line, column) or None.
pybind11::object toPython(const graph::Site& site, const graph::Graph& graph);
pybind11::list toPython(const command::Neighbours& neighbours, const graph::Graph& graph);
/// (list of paths, whether there are more).
pybind11::tuple toPython(const command::Paths& paths, const graph::Graph& graph);
/// (kind of the result, value)
pybind11::tuple toPython(const command::Result& result, const graph::Graph& graph);

} // namespace lockvet::python
