// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The module vrc._native: what the package vrc is made of. Its types are in _native.pyi; users see
// the classes of the package instead.

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"
#include "vrc/command/completion.h"
#include "vrc/command/registry.h"
#include "vrc/graph/graph_builder.h"
#include "vrc/output/output.h"
#include "vrc/python/answers.h"
#include "vrc/python/arrays.h"
#include "vrc/python/searches.h"

#include <pybind11/stl.h>

namespace lockvet::python {

namespace py = pybind11;

namespace {

using graph::Node;

/// A result and what its nodes are nodes of.
struct Answer {
  command::Result result;
  std::shared_ptr<const graph::Graph> graph;
};

llvm::Expected<Answer> answer(command::Session& session, const std::string& line) {
  llvm::Expected<command::Result> result = session.run(line);
  if (!result)
    return result.takeError();
  return Answer{std::move(*result), session.settledGraph()};
}

graph::EdgeKinds kindsFrom(const std::vector<std::string>& words) {
  graph::EdgeKinds kinds = 0;
  for (const std::string& word : words)
    for (size_t index = 0; index < graph::kEdgeKinds; ++index)
      if (const auto kind = static_cast<graph::EdgeKind>(index); wordFor(kind) == word)
        kinds |= bit(kind);
  return kinds;
}

std::shared_ptr<const Snapshot> withNode(Conversation& conversation, Node node) {
  auto snapshot = conversation.snapshot();
  if (node >= snapshot->graph->size())
    raise(llvm::createStringError("the graph has no such node any more"));
  return snapshot;
}

std::unique_ptr<Conversation> makeConversation(const std::string& configuration,
                                               const std::string& profile) {
  return std::make_unique<Conversation>(valueOr(config::load(configuration, ".", profile)));
}

void open(Conversation& conversation, const std::string& database) {
  valueOr(conversation.run([&](command::Session& session) -> llvm::Expected<bool> {
    if (llvm::Error error = session.open(database))
      return std::move(error);
    return true;
  }));
}

/// Nodes are (name, whether external); edges (from, to, kind); labels (label, node).
void adopt(Conversation& conversation, const std::vector<std::pair<std::string, bool>>& nodes,
           const std::vector<std::tuple<Node, Node, std::string>>& edges,
           const std::vector<std::pair<std::string, Node>>& labels) {
  graph::GraphBuilder builder;
  for (const auto& [name, is_external] : nodes) {
    const size_t scope = name.rfind("::");
    builder.addNode(name, scope == std::string::npos ? name : name.substr(scope + 2),
                    is_external ? graph::NodeKind::External : graph::NodeKind::Function, {});
  }
  for (const auto& [from, to, word] : edges)
    for (size_t kind = 0; kind < graph::kEdgeKinds; ++kind)
      if (wordFor(static_cast<graph::EdgeKind>(kind)) == word)
        builder.addEdge(from, to, static_cast<graph::EdgeKind>(kind), {});
  for (const auto& [label, node] : labels)
    builder.addLabel(label, node);
  graph::Graph graph = builder.finish();
  valueOr(conversation.run([&](command::Session& session) -> llvm::Expected<bool> {
    session.adopt(std::move(graph));
    return true;
  }));
}

py::tuple run(Conversation& conversation, const std::string& line) {
  const Answer got = valueOr(
      conversation.run([&](command::Session& session) { return answer(session, line); }), line);
  return toPython(got.result, *got.graph);
}

py::str show(Conversation& conversation, const std::string& line, const std::string& format,
             const std::string& directory, bool with_colour) {
  auto work = [&](command::Session& session) -> llvm::Expected<std::string> {
    std::string text;
    llvm::raw_string_ostream out(text);
    const output::Options options{.form = command::formNamed(format).value_or(command::Form::Text),
                                  .directory = directory,
                                  .store = session.database(),
                                  .with_colour = with_colour};
    llvm::Error error = llvm::Error::success();
    auto print = [&](const command::Answer& shown) {
      error = llvm::joinErrors(std::move(error),
                               output::print(shown, session.settledView(), options, out));
    };
    session.on_answer = print;
    llvm::Expected<command::Answer> last = session.answer(line);
    session.on_answer = nullptr;
    if (last)
      print(*last);
    else
      error = llvm::joinErrors(std::move(error), last.takeError());
    if (error)
      return std::move(error);
    return text;
  };
  return toStr(valueOr(conversation.run(work), line));
}

std::vector<Node> nodes(Conversation& conversation, const std::string& spec,
                        const std::vector<std::string>& edges) {
  return valueOr(conversation.run([&](command::Session& session) {
    return nodesOf(session, spec, kindsFrom(edges));
  }),
                 spec);
}

PathRequest requestFrom(const std::string& expression, std::optional<std::string> through,
                        std::optional<std::string> avoid, const std::vector<std::string>& edges) {
  return {expression, std::move(through), std::move(avoid), kindsFrom(edges)};
}

py::tuple paths(Conversation& conversation, const std::string& expression,
                std::optional<std::string> through, std::optional<std::string> avoid,
                const std::vector<std::string>& edges, size_t limit, bool is_simple) {
  PathRequest request = requestFrom(expression, std::move(through), std::move(avoid), edges);
  request.limit = limit;
  request.is_simple = is_simple;
  std::string blamed;
  const Answer got =
      valueOr(conversation.run([&](command::Session& session) -> llvm::Expected<Answer> {
        llvm::Expected<command::Paths> found = searchPaths(session, request, blamed);
        if (!found)
          return found.takeError();
        return Answer{std::move(*found), session.shareGraph()};
      }),
              blamed);
  return toPython(std::get<command::Paths>(got.result), *got.graph);
}

uint64_t count(Conversation& conversation, const std::string& expression,
               std::optional<std::string> through, std::optional<std::string> avoid,
               const std::vector<std::string>& edges) {
  const PathRequest request = requestFrom(expression, std::move(through), std::move(avoid), edges);
  std::string blamed;
  return valueOr(conversation.run([&](command::Session& session) {
    return countPaths(session, request, blamed);
  }),
                 blamed);
}

py::list neighbours(Conversation& conversation, Node node, bool of_callers,
                    const std::vector<std::string>& edges) {
  const auto snapshot = withNode(conversation, node);
  return toPython(neighboursOf(snapshot->view(kindsFrom(edges)), node, of_callers),
                  *snapshot->graph);
}

py::tuple nodeData(Conversation& conversation, Node node) {
  static constexpr const char* kKinds[] = {"function", "external", "pointer"};
  const auto snapshot = withNode(conversation, node);
  const graph::Graph& graph = *snapshot->graph;
  return py::make_tuple(toStr(graph.name(node)), toStr(graph.shortName(node)),
                        kKinds[static_cast<size_t>(graph.kind(node))],
                        toPython(graph.place(node), graph));
}

py::list strs(llvm::ArrayRef<llvm::StringRef> texts) {
  py::list list;
  for (llvm::StringRef text : texts)
    list.append(toStr(text));
  return list;
}

/// The drawing of functions with the calls between them, or of paths.
py::str dot(Conversation& conversation, const std::vector<Node>& nodes,
            const std::vector<std::vector<std::pair<Node, std::string>>>& paths) {
  const auto snapshot = conversation.snapshot();
  command::Result result = command::Functions{nodes};
  if (!paths.empty()) {
    command::Paths drawn;
    for (const auto& path : paths) {
      query::Path& hops = drawn.paths.emplace_back();
      for (const auto& [node, word] : path) {
        query::Hop& hop = hops.emplace_back(query::Hop{.node = node, .site = {}});
        for (size_t kind = 0; kind < graph::kEdgeKinds; ++kind)
          if (wordFor(static_cast<graph::EdgeKind>(kind)) == word)
            hop.kind = static_cast<graph::EdgeKind>(kind);
      }
    }
    result = std::move(drawn);
  }
  std::string text;
  llvm::raw_string_ostream out(text);
  output::printDot(result, *snapshot->graph, out);
  return toStr(text);
}

/// [(name, operands, summary, [(option, value, help)])]
py::list commands() {
  py::list all;
  for (const command::Command& command : command::allCommands()) {
    py::list options;
    for (llvm::ArrayRef<command::Option> some : {command.options, command::formOptions()})
      for (const command::Option& option : some)
        options.append(py::make_tuple(toStr(option.name), toStr(option.value), toStr(option.help)));
    all.append(py::make_tuple(toStr(command.name), toStr(command.operands), toStr(command.summary),
                              options));
  }
  return all;
}

} // namespace

PYBIND11_MODULE(_native, module) {
  defineArrays(module);
  module.def("commands", &commands);
  module.attr("EDGE_KINDS") = [] {
    py::tuple kinds(graph::kEdgeKinds);
    for (size_t kind = 0; kind < graph::kEdgeKinds; ++kind)
      kinds[kind] = toStr(graph::wordFor(static_cast<graph::EdgeKind>(kind)));
    return kinds;
  }();

  py::class_<Conversation>(module, "Session")
      .def(py::init(&makeConversation), py::arg("config") = "", py::arg("profile") = "")
      .def("open", &open)
      .def("adopt", &adopt)
      .def("run", &run)
      .def("show", &show)
      .def("nodes", &nodes)
      .def("paths", &paths)
      .def("count", &count)
      .def("neighbours", &neighbours)
      .def("node", &nodeData)
      .def("dot", &dot)
      .def("interrupt", &Conversation::interrupt)
      .def("named",
           [](Conversation& self, const std::string& name) {
             return self.snapshot()->graph->named(name).vec();
           })
      .def("labels_of", [](Conversation& self,
                           Node node) { return strs(withNode(self, node)->graph->labelsOf(node)); })
      .def("similar_names",
           [](Conversation& self, const std::string& pattern, size_t limit) {
             const auto snapshot = self.snapshot();
             return strs(command::similarNames(*snapshot->graph, pattern, limit));
           })
      .def("similar_labels",
           [](Conversation& self, const std::string& pattern, size_t limit) {
             const auto snapshot = self.snapshot();
             return strs(command::similarLabels(*snapshot->graph, pattern, limit));
           })
      .def("edges", [](Conversation& self) { return edgeArrays(*self.snapshot()->graph); })
      .def_property_readonly("size",
                             [](Conversation& self) { return self.snapshot()->graph->size(); })
      .def_property_readonly("generation",
                             [](Conversation& self) { return self.glance()->generation; })
      .def_property_readonly("database",
                             [](Conversation& self) { return toStr(self.glance()->database); })
      .def_property_readonly("wants_to_quit",
                             [](Conversation& self) { return self.glance()->wants_to_quit; });
}

} // namespace lockvet::python
