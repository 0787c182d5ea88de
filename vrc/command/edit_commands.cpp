// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Commands that add to the graph. They ask nothing of it that needs what was added before to be in
// it, so that many in a row are fast.

#include "llvm/ADT/STLExtras.h"
#include "vrc/command/registry.h"
#include "vrc/command/session.h"
#include "vrc/query/error.h"

namespace lockvet::command {

namespace {

/// The visible nodes that a spec stands for.
llvm::Expected<std::vector<graph::Node>> nodesOf(Session& session, llvm::StringRef text) {
  // One name is what saved files are full of. The older `vrc` does not quote it, blanks or not.
  llvm::StringRef name = text.trim();
  if (name.size() >= 2 && name.starts_with("\"") && name.ends_with("\"") && !name.contains('\\'))
    name = name.drop_front().drop_back();
  if (llvm::SmallVector<graph::Node, 2> named = session.edits().named(name); !named.empty()) {
    llvm::erase_if(named, [&](graph::Node node) { return !session.sees(node); });
    return std::vector<graph::Node>(named.begin(), named.end());
  }
  llvm::Expected<graph::NodeSet> nodes = query::evaluate(text, session.view());
  if (!nodes)
    return nodes.takeError();
  return std::vector<graph::Node>(nodes->set_bits_begin(), nodes->set_bits_end());
}

/// The node that an operand means: by its name, or by a spec in brackets where several have that;
/// an error unless there is exactly one.
llvm::Expected<graph::Node> oneNode(Session& session, const Operand& operand) {
  llvm::SmallVector<graph::Node, 2> nodes;
  if (operand.source.starts_with("[")) {
    llvm::Expected<std::vector<graph::Node>> matching =
        nodesOf(session, std::string(operand.offset, ' ') + operand.source.str());
    if (!matching)
      return matching.takeError();
    nodes.append(matching->begin(), matching->end());
  } else {
    nodes = session.edits().named(operand.text);
  }
  if (nodes.empty())
    return query::errorAt(operand.offset, "there is no function '" + operand.text + "'");
  if (nodes.size() > 1)
    return query::errorAt(operand.offset, std::to_string(nodes.size()) + " functions are called '" +
                                              operand.text + "'; [\"" + operand.text +
                                              "\",file:...] names one");
  return nodes.front();
}

} // namespace

llvm::Expected<Result> node(Session& session, const Arguments& arguments) {
  const std::vector<Operand> operands = arguments.names();
  if (operands.empty() || operands.size() > 2)
    return query::errorAt(arguments.operands().size(), "expected a name and perhaps a file");
  const std::string& name = operands[0].text;
  const std::string file = operands.size() == 2 ? operands[1].text : "";
  Edits& edits = session.edits();
  // A file that is sourced twice, or over the tree that it was saved of, adds nothing.
  const bool is_known = llvm::any_of(edits.named(name), [&](graph::Node known) {
    const llvm::StringRef its_file = edits.fileOf(known);
    return file.empty() || its_file == file || its_file.ends_with("/" + file);
  });
  if (!is_known)
    edits.addNode(name, file,
                  arguments.has("--external") ? graph::NodeKind::External
                                              : graph::NodeKind::Function);
  session.changes.push_back({Session::Change::Kind::Graph, arguments.line()});
  return Done();
}

llvm::Expected<Result> edge(Session& session, const Arguments& arguments) {
  const std::vector<Operand> operands = arguments.names();
  if (operands.size() < 2 || operands.size() > 3)
    return query::errorAt(arguments.operands().size(), "expected a caller and a callee");
  graph::EdgeKind kind = graph::EdgeKind::Direct;
  if (operands.size() == 3) {
    if (operands[2].text != "call" && operands[2].text != "ref")
      return query::errorAt(operands[2].offset, "expected call or ref");
    kind = operands[2].text == "ref" ? graph::EdgeKind::Reference : kind;
  }
  llvm::Expected<graph::Node> from = oneNode(session, operands[0]);
  if (!from)
    return from.takeError();
  llvm::Expected<graph::Node> to = oneNode(session, operands[1]);
  if (!to)
    return to.takeError();
  session.edits().addEdge(*from, *to, kind);
  session.changes.push_back({Session::Change::Kind::Graph, arguments.line()});
  return Done();
}

llvm::Expected<Result> label(Session& session, const Arguments& arguments) {
  if (llvm::Error error = needOperands(arguments, "a label"))
    return std::move(error);
  const std::string name = arguments.words().front();
  const std::string rest = arguments.withoutFirstWord();
  if (rest.find_first_not_of(" \t") == std::string::npos) {
    llvm::Expected<graph::NodeSet> nodes = query::evaluate(
        {.kind = query::NodeSpec::Kind::Label, .text = name, .offset = arguments.wordOffset(0)},
        session.view());
    if (!nodes)
      return nodes.takeError();
    return Functions{{nodes->set_bits_begin(), nodes->set_bits_end()}};
  }
  llvm::Expected<std::vector<graph::Node>> nodes = nodesOf(session, rest);
  if (!nodes)
    return nodes.takeError();
  session.edits().addLabel(name, *nodes);
  session.changes.push_back({Session::Change::Kind::Label, arguments.line()});
  return Done();
}

} // namespace lockvet::command
