// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "llvm/Support/JSON.h"

#include "vrc/output/output.h"
#include "vrc/output/utf8.h"

namespace lockvet::output {

namespace {

using namespace command;
using graph::Graph;
using graph::Node;
using graph::Site;

class Printer {
public:
  Printer(const Graph& graph, llvm::json::OStream& json) : graph_(graph), json_(json) {}

  void operator()(const Done&) { json_.value(nullptr); }
  void operator()(const Text& text) { json_.value(utf8(text.text)); }
  void operator()(const Number& number) { json_.value(static_cast<int64_t>(number.value)); }

  void operator()(const Functions& functions) {
    json_.array([&] {
      for (Node node : functions.nodes)
        json_.object([&] { function(node); });
    });
  }

  void operator()(const Labelled& labelled) {
    json_.array([&] {
      for (const Labelled::Row& row : labelled.rows)
        json_.object([&] {
          function(row.node);
          json_.attributeArray("labels", [&] {
            for (const std::string& label : row.labels)
              json_.value(utf8(label));
          });
        });
    });
  }

  void operator()(const LabelCounts& counts) {
    json_.object([&] {
      for (const LabelCounts::Row& row : counts.rows)
        json_.attribute(utf8(row.label), static_cast<int64_t>(row.count));
    });
  }

  void operator()(const Neighbours& neighbours) {
    json_.array([&] {
      for (const Neighbours::Row& row : neighbours.rows)
        json_.object([&] {
          json_.attribute("caller", utf8(graph_.name(row.caller)));
          json_.attribute("callee", utf8(graph_.name(row.callee)));
          json_.attribute("kind", graph::wordFor(row.kind));
          place(row.site);
        });
    });
  }

  void operator()(const Paths& paths) {
    json_.object([&] {
      json_.attributeArray("paths", [&] {
        for (const query::Path& path : paths.paths)
          json_.array([&] {
            for (const query::Hop& hop : path)
              json_.object([&] {
                json_.attribute("function", utf8(graph_.name(hop.node)));
                if (&hop == &path.front())
                  return place(graph_.place(hop.node));
                json_.attribute("kind", graph::wordFor(hop.kind));
                place(hop.site);
              });
          });
      });
      json_.attribute("more", paths.is_cut);
    });
  }

  void operator()(const Groups& groups) {
    json_.array([&] {
      for (const std::vector<Node>& group : groups.groups)
        json_.array([&] {
          for (Node node : group)
            json_.object([&] { function(node); });
        });
    });
  }

  void operator()(const Table& table) {
    json_.array([&] {
      for (const std::vector<std::string>& row : table.rows)
        json_.object([&] {
          for (size_t index = 0; index < row.size(); ++index)
            json_.attribute(utf8(table.columns[index]), utf8(row[index]));
        });
    });
  }

  void operator()(const Explanation& explanation) {
    json_.array([&] {
      for (const Explanation::Part& part : explanation.parts)
        json_.object([&] {
          json_.attribute("title", utf8(part.title));
          json_.attributeArray("steps", [&] {
            for (const Explanation::Step& step : part.steps)
              json_.object([&] {
                json_.attribute("function", utf8(step.function));
                json_.attribute("file", utf8(step.file));
                json_.attribute("line", step.line);
                json_.attribute("reason", utf8(step.reason));
              });
          });
        });
    });
  }

private:
  void function(Node node) {
    json_.attribute("name", utf8(graph_.name(node)));
    place(graph_.place(node));
  }

  void place(const Site& site) {
    if (site.file == 0)
      return;
    json_.attribute("file", utf8(graph_.file(site.file)));
    if (site.line != 0)
      json_.attribute("line", site.line);
    if (site.column != 0)
      json_.attribute("column", site.column);
  }

  const Graph& graph_;
  llvm::json::OStream& json_;
};

} // namespace

void printJson(const Result& result, const Graph& graph, llvm::raw_ostream& out) {
  llvm::json::OStream json(out);
  std::visit(Printer(graph, json), result);
  json.flush();
  out << '\n';
}

} // namespace lockvet::output
