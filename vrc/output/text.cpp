// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "llvm/Support/FormatVariadic.h"
#include "vrc/output/output.h"

#include <algorithm>

namespace lockvet::output {

namespace {

using namespace command;
using graph::Graph;
using graph::Node;
using graph::Site;

constexpr llvm::StringLiteral kBold = "\033[1m", kDim = "\033[2m", kPlain = "\033[0m";
constexpr size_t kWidestName = 60;
constexpr size_t kShownOfGroup = 12; ///< JSON has all

class Printer {
public:
  Printer(const Graph& graph, const Options& options, llvm::raw_ostream& out)
      : graph_(graph), options_(options), out_(out) {}

  void operator()(const Done&) {}

  void operator()(const Text& text) {
    out_ << text.text;
    if (!text.text.empty() && !llvm::StringRef(text.text).ends_with("\n"))
      out_ << '\n';
  }

  void operator()(const Number& number) { out_ << number.value << '\n'; }

  void operator()(const Functions& functions) {
    const size_t width = widest(functions.nodes);
    for (Node node : functions.nodes)
      line(graph_.name(node), width, placeOf(graph_.place(node)));
  }

  void operator()(const Labelled& labelled) {
    for (const Labelled::Row& row : labelled.rows) {
      out_ << graph_.name(row.node) << ": ";
      for (size_t index = 0; index < row.labels.size(); ++index)
        out_ << (index ? ", " : "") << row.labels[index];
      out_ << '\n';
    }
  }

  void operator()(const LabelCounts& counts) {
    for (const LabelCounts::Row& row : counts.rows)
      out_ << llvm::formatv("{0,8} {1}\n", row.count, row.label);
  }

  void operator()(const Neighbours& neighbours) {
    std::vector<std::string> ends;
    size_t width = 0;
    for (const Neighbours::Row& row : neighbours.rows) {
      ends.push_back((graph_.name(row.caller) + " -> " + graph_.name(row.callee)).str());
      width = std::max(width, std::min(ends.back().size(), 2 * kWidestName));
    }
    for (size_t index = 0; index < ends.size(); ++index)
      line(ends[index], width, edge(neighbours.rows[index].kind, neighbours.rows[index].site));
  }

  void operator()(const Paths& paths) {
    bool is_first = true;
    for (const query::Path& path : paths.paths) {
      if (!std::exchange(is_first, false))
        out_ << '\n';
      print(path);
    }
    if (paths.is_cut)
      out_ << "\n... and more: --limit 0 shows all, --count counts the pairs\n";
    if (paths.has_guesses_only)
      out_ << "no path, but over calls guessed from a pointer's type there is: --edges all\n";
  }

  void operator()(const Groups& groups) {
    for (const std::vector<Node>& group : groups.groups) {
      out_ << group.size() << (group.size() == 1 ? " function:" : " functions:");
      const size_t shown = std::min(group.size(), kShownOfGroup);
      for (size_t index = 0; index < shown; ++index)
        out_ << ' ' << graph_.name(group[index]);
      if (shown < group.size())
        out_ << " and " << group.size() - shown << " more";
      out_ << '\n';
    }
  }

  void operator()(const Table& table) {
    std::vector<size_t> widths;
    widths.reserve(table.columns.size());
    for (const std::string& column : table.columns)
      widths.push_back(column.size());
    for (const auto& row : table.rows)
      for (size_t index = 0; index < row.size(); ++index)
        widths[index] = std::max(widths[index], std::min(row[index].size(), kWidestName));
    auto print = [&](const std::vector<std::string>& row, llvm::StringRef before) {
      out_ << before;
      for (size_t index = 0; index < row.size(); ++index) {
        out_ << row[index];
        if (index + 1 < row.size())
          out_.indent(static_cast<unsigned>(
              2 + (widths[index] > row[index].size() ? widths[index] - row[index].size() : 0)));
      }
      out_ << (before.empty() ? "" : kPlain) << '\n';
    };
    print(table.columns, options_.with_colour ? llvm::StringRef(kBold) : "");
    for (const auto& row : table.rows)
      print(row, "");
  }

  void operator()(const Explanation& explanation) {
    bool is_first = true;
    for (const Explanation::Part& part : explanation.parts) {
      if (!std::exchange(is_first, false))
        out_ << '\n';
      out_ << (options_.with_colour ? kBold : llvm::StringLiteral("")) << part.title
           << (options_.with_colour ? kPlain : llvm::StringLiteral("")) << '\n';
      size_t width = 0;
      for (const Explanation::Step& step : part.steps)
        width = std::max(width, std::min(step.reason.size(), 2 * kWidestName));
      for (const Explanation::Step& step : part.steps)
        line("  " + step.reason, width + 2, placeOf(step.file, step.line));
    }
  }

private:
  std::string placeOf(const Site& site) const {
    return site.file == 0 ? "" : placeOf(graph_.file(site.file), site.line);
  }

  std::string placeOf(llvm::StringRef path, uint32_t line) const {
    if (!options_.directory.empty() && path.starts_with(options_.directory + "/"))
      path = path.drop_front(options_.directory.size() + 1);
    return line == 0 ? path.str() : (path + ":" + llvm::Twine(line)).str();
  }

  std::string edge(graph::EdgeKind kind, const Site& site) const {
    const std::string place = placeOf(site);
    return graph::wordFor(kind).str() + (place.empty() ? "" : " " + place);
  }

  size_t widest(llvm::ArrayRef<Node> nodes) const {
    size_t width = 0;
    for (Node node : nodes)
      width = std::max(width, std::min(graph_.name(node).size(), kWidestName));
    return width;
  }

  void line(llvm::StringRef name, size_t width, llvm::StringRef rest) {
    out_ << name;
    if (!rest.empty()) {
      out_.indent(static_cast<unsigned>(2 + (width > name.size() ? width - name.size() : 0)));
      out_ << (options_.with_colour ? kDim : llvm::StringLiteral("")) << rest
           << (options_.with_colour ? kPlain : llvm::StringLiteral(""));
    }
    out_ << '\n';
  }

  /// The first function with its definition, then each hop with the place of the call.
  void print(const query::Path& path) {
    std::vector<Node> nodes;
    for (const query::Hop& hop : path)
      nodes.push_back(hop.node);
    const size_t width = widest(nodes) + 3;
    for (size_t index = 0; index < path.size(); ++index) {
      const query::Hop& hop = path[index];
      if (index == 0)
        line(graph_.name(hop.node), width, placeOf(graph_.place(hop.node)));
      else
        line(("-> " + graph_.name(hop.node)).str(), width, edge(hop.kind, hop.site));
    }
  }

  const Graph& graph_;
  const Options& options_;
  llvm::raw_ostream& out_;
};

} // namespace

void printText(const Result& result, const Graph& graph, const Options& options,
               llvm::raw_ostream& out) {
  std::visit(Printer(graph, options, out), result);
}

} // namespace lockvet::output
