// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/python/arrays.h"

namespace lockvet::python {

namespace py = pybind11;

namespace {

struct Array {
  std::vector<uint32_t> values;
};

} // namespace

void defineArrays(py::module_& module) {
  py::class_<Array>(module, "Array", py::buffer_protocol())
      .def_buffer([](Array& array) {
        return py::buffer_info(array.values.data(), static_cast<py::ssize_t>(array.values.size()),
                               /*readonly=*/true);
      })
      .def("__len__", [](const Array& array) { return array.values.size(); });
}

py::tuple edgeArrays(const graph::Graph& graph) {
  Array callers, callees, kinds, lines;
  for (Array* array : {&callers, &callees, &kinds, &lines})
    array->values.reserve(graph.edges());
  for (graph::Node node = 0; node < graph.size(); ++node)
    for (const graph::Arc& arc : graph.out(node)) {
      callers.values.push_back(node);
      callees.values.push_back(arc.node);
      kinds.values.push_back(static_cast<uint32_t>(arc.kind));
      lines.values.push_back(graph.siteOf(arc).line);
    }
  return py::make_tuple(std::move(callers), std::move(callees), std::move(kinds), std::move(lines));
}

} // namespace lockvet::python
