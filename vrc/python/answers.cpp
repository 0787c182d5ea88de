// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/python/answers.h"

#include <pybind11/stl.h>

namespace lockvet::python {

namespace py = pybind11;

namespace {

py::list strings(llvm::ArrayRef<std::string> texts) {
  py::list list;
  for (const std::string& text : texts)
    list.append(toStr(text));
  return list;
}

class Converter {
public:
  explicit Converter(const graph::Graph& graph) : graph_(graph) {}

  py::tuple operator()(const command::Done&) const { return tagged("done", py::none()); }
  py::tuple operator()(const command::Text& text) const { return tagged("text", toStr(text.text)); }
  py::tuple operator()(const command::Number& number) const {
    return tagged("number", py::int_(number.value));
  }
  py::tuple operator()(const command::Functions& functions) const {
    return tagged("functions", py::cast(functions.nodes));
  }
  py::tuple operator()(const command::Labelled& labelled) const {
    py::list rows;
    for (const command::Labelled::Row& row : labelled.rows)
      rows.append(py::make_tuple(row.node, strings(row.labels)));
    return tagged("labelled", rows);
  }
  py::tuple operator()(const command::LabelCounts& counts) const {
    py::dict labels;
    for (const command::LabelCounts::Row& row : counts.rows)
      labels[toStr(row.label)] = row.count;
    return tagged("labels", labels);
  }
  py::tuple operator()(const command::Neighbours& neighbours) const {
    return tagged("edges", toPython(neighbours, graph_));
  }
  py::tuple operator()(const command::Paths& paths) const {
    return tagged("paths", toPython(paths, graph_));
  }
  py::tuple operator()(const command::Groups& groups) const {
    return tagged("groups", py::cast(groups.groups));
  }
  py::tuple operator()(const command::Table& table) const {
    py::list rows;
    for (const std::vector<std::string>& row : table.rows)
      rows.append(py::dict(
          py::module_::import("builtins").attr("zip")(strings(table.columns), strings(row))));
    return tagged("table", rows);
  }

  py::tuple operator()(const command::Explanation& explanation) const {
    py::list parts;
    for (const command::Explanation::Part& part : explanation.parts) {
      py::list steps;
      for (const command::Explanation::Step& step : part.steps)
        steps.append(
            py::make_tuple(toStr(step.function), toStr(step.file), step.line, toStr(step.reason)));
      parts.append(py::make_tuple(toStr(part.title), steps));
    }
    return tagged("explanation", parts);
  }

private:
  static py::tuple tagged(const char* kind, const py::object& value) {
    return py::make_tuple(kind, value);
  }

  const graph::Graph& graph_;
};

} // namespace

py::object toPython(const graph::Site& site, const graph::Graph& graph) {
  if (site.file == 0)
    return py::none();
  return py::make_tuple(toStr(graph.file(site.file)), site.line, site.column);
}

py::list toPython(const command::Neighbours& neighbours, const graph::Graph& graph) {
  py::list rows;
  for (const command::Neighbours::Row& row : neighbours.rows)
    rows.append(py::make_tuple(row.caller, row.callee, toStr(graph::wordFor(row.kind)),
                               toPython(row.site, graph)));
  return rows;
}

py::tuple toPython(const command::Paths& paths, const graph::Graph& graph) {
  py::list all;
  for (const query::Path& path : paths.paths) {
    py::list hops;
    for (const query::Hop& hop : path) {
      const bool is_first = &hop == &path.front();
      hops.append(py::make_tuple(hop.node,
                                 is_first ? py::none() : py::object(toStr(wordFor(hop.kind))),
                                 is_first ? py::none() : toPython(hop.site, graph)));
    }
    all.append(std::move(hops));
  }
  return py::make_tuple(std::move(all), paths.is_cut);
}

py::tuple toPython(const command::Result& result, const graph::Graph& graph) {
  return std::visit(Converter(graph), result);
}

} // namespace lockvet::python
