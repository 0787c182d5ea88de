// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "llvm/ADT/STLExtras.h"
#include "vrc/command/changed_files.h"
#include "vrc/output/html.h"
#include "vrc/output/neighbourhood.h"
#include "vrc/output/sources.h"
#include "vrc/output/utf8.h"

namespace lockvet::output {

namespace {

using namespace command;
using graph::Graph;
using graph::Node;

constexpr size_t kMostWitnesses = 500;

/// A path, or the steps of an explanation.
struct Witness {
  struct Hop {
    Node node = graph::kNoNode; ///< none where a step's function is not one node
    std::string name;
    std::string reason; ///< of a step
    std::optional<graph::EdgeKind> kind;
    llvm::StringRef file;
    uint32_t line = 0;
  };
  std::string title;
  std::vector<Hop> hops;
};

std::vector<Witness> witnessesOf(const Paths& paths, const Graph& graph) {
  std::vector<Witness> all;
  for (const query::Path& path : paths.paths) {
    Witness& witness = all.emplace_back();
    witness.title =
        (graph.name(path.front().node) + " \xe2\x86\x92 " + graph.name(path.back().node)).str();
    for (const query::Hop& hop : path) {
      const bool is_first = &hop == &path.front();
      const graph::Site site = is_first ? graph.place(hop.node) : hop.site;
      Witness::Hop& added = witness.hops.emplace_back();
      added.node = hop.node;
      added.name = graph.name(hop.node).str();
      if (site.file != 0) {
        added.file = graph.file(site.file);
        added.line = site.line;
      }
      if (!is_first)
        added.kind = hop.kind;
    }
  }
  return all;
}

std::vector<Witness> witnessesOf(const Explanation& explanation, const query::View& view) {
  std::vector<Witness> all;
  for (const Explanation::Part& part : explanation.parts) {
    Witness& witness = all.emplace_back();
    witness.title = part.title;
    for (const Explanation::Step& step : part.steps) {
      const llvm::ArrayRef<Node> named = view.graph.named(step.function);
      Witness::Hop& added = witness.hops.emplace_back();
      if (named.size() == 1 && view.sees(named.front()))
        added.node = named.front();
      added.name = step.function;
      added.reason = step.reason;
      added.file = step.file;
      added.line = step.line;
    }
  }
  return all;
}

class Writer {
public:
  Writer(const Answer& answer, const query::View& view, const Options& options,
         llvm::json::OStream& json)
      : answer_(answer), view_(view), graph_(view.graph), options_(options), json_(json) {}

  void run() {
    Drawing drawing = drawingOf(answer_.result, graph_);
    collectWitnesses(drawing);
    for (const auto& [ends, edge] : drawing.edges)
      view_.edges |= graph::bit(edge.kind);
    std::vector<Node> first;
    for (const Witness& witness : witnesses_)
      for (const Witness::Hop& hop : witness.hops)
        if (hop.node != graph::kNoNode)
          first.push_back(hop.node);
    around_ = neighbourhoodOf(drawing, first, view_);
    for (Node node : around_.nodes)
      numbers_.try_emplace(node, numbers_.size());
    json_.object([&] {
      json_.attribute("command", utf8(answer_.line));
      if (around_.nodes.empty() && witnesses_.empty())
        json_.attribute("text", utf8(asText()));
      addWitnessLines();
      json_.attributeArray("nodes", [&] { writeNodes(); });
      json_.attribute("ofAnswer", around_.of_answer);
      json_.attribute("leftOut", around_.left_out);
      json_.attributeArray("edges", [&] { writeEdges(); });
      json_.attributeArray("witnesses", [&] { writeWitnesses(); });
      json_.attribute("moreWitnesses", has_more_witnesses_);
      json_.attribute("sourcesCut", sources_.isCut());
      json_.attributeArray("changed", [&] { writeChanged(); });
      json_.attributeBegin("files");
      sources_.writePaths(json_, options_.directory);
      json_.attributeEnd();
      json_.attributeBegin("lines");
      sources_.writeLines(json_);
      json_.attributeEnd();
    });
  }

private:
  void collectWitnesses(Drawing& drawing) {
    if (const auto* paths = std::get_if<Paths>(&answer_.result)) {
      witnesses_ = witnessesOf(*paths, graph_);
      has_more_witnesses_ = paths->is_cut;
    } else if (const auto* explanation = std::get_if<Explanation>(&answer_.result)) {
      witnesses_ = witnessesOf(*explanation, view_);
      for (const Witness& witness : witnesses_)
        for (const Witness::Hop& hop : witness.hops)
          if (hop.node != graph::kNoNode)
            drawing.nodes.insert(hop.node);
      drawing.addEdgesAmong(graph_, graph::kUsualEdges);
    }
    if (witnesses_.size() > kMostWitnesses) {
      witnesses_.resize(kMostWitnesses);
      has_more_witnesses_ = true;
    }
  }

  std::string asText() const {
    std::string text;
    llvm::raw_string_ostream out(text);
    printText(answer_.result, graph_, {.directory = options_.directory}, out);
    return text;
  }

  /// Before all others, since there may not be room for all.
  void addWitnessLines() {
    for (const Witness& witness : witnesses_)
      for (const Witness::Hop& hop : witness.hops) {
        if (!hop.file.empty())
          sources_.addLines(sources_.file(hop.file), hop.line);
        if (hop.node != graph::kNoNode)
          addLines(graph_.place(hop.node));
      }
    for (Node node : llvm::ArrayRef(around_.nodes).take_front(around_.of_answer))
      addLines(graph_.place(node));
  }

  void addLines(const graph::Site& site) {
    if (site.file != 0)
      sources_.addLines(sources_.file(graph_.file(site.file)), site.line);
  }

  size_t degree(llvm::ArrayRef<graph::Arc> arcs) const {
    return static_cast<size_t>(
        llvm::count_if(arcs, [&](const graph::Arc& arc) { return view_.follows(arc); }));
  }

  void writeNodes() {
    static constexpr llvm::StringLiteral kKinds[] = {"function", "external", "pointer"};
    for (Node node : around_.nodes)
      json_.object([&] {
        json_.attribute("name", utf8(graph_.name(node)));
        json_.attribute("kind", kKinds[static_cast<size_t>(graph_.kind(node))]);
        if (const graph::Site place = graph_.place(node); place.file != 0) {
          addLines(place);
          json_.attribute("file", sources_.file(graph_.file(place.file)));
          json_.attribute("line", place.line);
        }
        json_.attributeArray("labels", [&] {
          for (llvm::StringRef label : graph_.labelsOf(node))
            json_.value(utf8(label));
        });
        json_.attribute("callers", degree(graph_.in(node)));
        json_.attribute("callees", degree(graph_.out(node)));
      });
  }

  void writeEdges() {
    for (const auto& [key, site] : around_.edges) {
      const auto [from, to, kind] = key;
      edges_.try_emplace(key, edges_.size());
      json_.array([&] {
        json_.value(numbers_.at(from));
        json_.value(numbers_.at(to));
        json_.value(graph::wordFor(kind));
        if (site.file == 0)
          return;
        addLines(site);
        json_.value(sources_.file(graph_.file(site.file)));
        json_.value(site.line);
      });
    }
  }

  void writeWitnesses() {
    for (const Witness& witness : witnesses_)
      json_.object([&] {
        json_.attribute("title", utf8(witness.title));
        json_.attributeArray("hops", [&] {
          for (size_t index = 0; index < witness.hops.size(); ++index) {
            const Node before = index == 0 ? graph::kNoNode : witness.hops[index - 1].node;
            json_.object([&] { writeHop(before, witness.hops[index]); });
          }
        });
      });
  }

  void writeHop(Node before, const Witness::Hop& hop) {
    auto node = numbers_.find(hop.node);
    if (node != numbers_.end())
      json_.attribute("node", node->second);
    json_.attribute("name", utf8(hop.name));
    if (hop.kind)
      if (auto edge = edges_.find({before, hop.node, *hop.kind}); edge != edges_.end())
        json_.attribute("edge", edge->second);
    if (!hop.file.empty()) {
      json_.attribute("file", sources_.file(hop.file));
      json_.attribute("line", hop.line);
    }
    if (!hop.reason.empty())
      json_.attribute("reason", utf8(hop.reason));
  }

  /// A page is as good as ever where that cannot be told.
  void writeChanged() {
    if (options_.store.empty())
      return;
    llvm::Expected<std::vector<std::string>> changed =
        changedSince(options_.store, sources_.paths());
    if (!changed)
      return llvm::consumeError(changed.takeError());
    for (const std::string& path : *changed)
      json_.value(sources_.file(path));
  }

  const Answer& answer_;
  query::View view_;
  const Graph& graph_;
  const Options& options_;
  llvm::json::OStream& json_;
  Neighbourhood around_;
  std::vector<Witness> witnesses_;
  bool has_more_witnesses_ = false;
  std::map<Node, size_t> numbers_;
  std::map<Neighbourhood::Key, size_t> edges_;
  Sources sources_;
};

} // namespace

void writePageData(const Answer& answer, const query::View& view, const Options& options,
                   llvm::raw_ostream& out) {
  std::string text;
  llvm::raw_string_ostream plain(text);
  llvm::json::OStream json(plain);
  Writer(answer, view, options, json).run();
  json.flush();
  // Only strings have a '<', and no '<' means no end of the script and no comment in HTML.
  for (llvm::StringRef rest = text; !rest.empty();) {
    auto [before, after] = rest.split('<');
    out << before;
    if (before.size() != rest.size())
      out << "\\u003c";
    rest = after;
  }
}

} // namespace lockvet::output
