// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/graph/from_program.h"

#include "vrc/graph/graph_builder.h"

namespace lockvet::graph {

namespace {

using program::Id;
using program::kNoId;
using program::Program;

class Translation {
public:
  explicit Translation(const Program& program)
      : program_(program), function_nodes_(program.functions().size(), kNoNode),
        slot_nodes_(program.slots().size(), kNoNode) {}

  Graph run() {
    for (Id function = 1; function < program_.functions().size(); ++function)
      if (program_.function(function).is_live)
        addFunction(function);
    findTypeTargets();
    for (const program::Call& call : program_.calls())
      if (call.caller != kNoId)
        addCall(call);
    addSlotValues();
    for (const program::Flow& flow : program_.flows())
      if (flow.from_function != kNoId && flow.holder != kNoId)
        builder_.addEdge(function_nodes_[flow.holder], function_nodes_[flow.from_function],
                         EdgeKind::Reference, siteOf(flow.place));
    for (const program::Marker& marker : program_.markers())
      addMarker(marker);
    return builder_.finish();
  }

private:
  Site siteOf(const program::Place& place) {
    if (place.file == kNoId)
      return {};
    if (files_.size() <= place.file)
      files_.resize(place.file + 1);
    if (files_[place.file] == 0)
      files_[place.file] = builder_.addFile(program_.file(place.file));
    return {files_[place.file], place.line, place.column};
  }

  void addFunction(Id id) {
    const program::Function& function = program_.function(id);
    function_nodes_[id] = builder_.addNode(
        function.qualified_name, function.name,
        function.is_defined ? NodeKind::Function : NodeKind::External, siteOf(function.place), id);
  }

  Node slotNode(Id id) {
    if (slot_nodes_[id] == kNoNode) {
      const program::Slot& slot = program_.slot(id);
      // A hundred parameters are called `cb`.
      std::string name;
      if (slot.function != kNoId)
        name = (program_.function(slot.function).qualified_name + "::").str();
      slot_nodes_[id] = builder_.addNode(name + slot.name.str(), slot.name, NodeKind::Slot,
                                         siteOf(slot.place), id);
    }
    return slot_nodes_[id];
  }

  /// Functions whose address is taken, by type.
  void findTypeTargets() {
    llvm::DenseSet<Id> seen;
    for (const program::Flow& flow : program_.flows())
      if (flow.from_function != kNoId && seen.insert(flow.from_function).second)
        if (Id type = program_.function(flow.from_function).type; type != kNoId)
          type_targets_[type].push_back(flow.from_function);
  }

  void addTypeTargets(Node from, Id type, Site site) {
    if (auto found = type_targets_.find(type); found != type_targets_.end())
      for (Id target : found->second)
        builder_.addEdge(from, function_nodes_[target], EdgeKind::Type, site);
  }

  void addCall(const program::Call& call) {
    const Node caller = function_nodes_[call.caller];
    const Site site = siteOf(call.place);
    if (call.kind != facts::CallKind::Indirect) {
      program_.forEachTarget(call, [&](program::Target target) {
        const EdgeKind kind = target.kind == program::EdgeKind::Direct     ? EdgeKind::Direct
                              : target.kind == program::EdgeKind::Implicit ? EdgeKind::Implicit
                                                                           : EdgeKind::Virtual;
        builder_.addEdge(caller, function_nodes_[target.function], kind, site);
      });
      return;
    }
    if (call.slot == kNoId)
      return addTypeTargets(caller, call.type, site);
    const bool is_new = slot_nodes_[call.slot] == kNoNode;
    const Node slot = slotNode(call.slot);
    builder_.addEdge(caller, slot, EdgeKind::Flow, site);
    if (is_new && program_.slotTargets(call.slot).empty())
      addTypeTargets(slot, program_.slot(call.slot).type, {});
  }

  void addSlotValues() {
    // A function that comes by way of other slots is shown where it is put into the first.
    llvm::DenseMap<std::pair<Id, Id>, program::Place> places;
    llvm::DenseMap<Id, program::Place> origins;
    for (const program::Flow& flow : program_.flows())
      if (flow.from_function != kNoId && flow.to_slot != kNoId) {
        places.try_emplace({flow.to_slot, flow.from_function}, flow.place);
        origins.try_emplace(flow.from_function, flow.place);
      }
    for (Id slot = 1; slot < program_.slots().size(); ++slot)
      for (const store::SlotTarget& target : program_.slotTargets(slot)) {
        auto found = places.find({slot, target.function});
        builder_.addEdge(
            slotNode(slot), function_nodes_[target.function], EdgeKind::Flow,
            siteOf(found == places.end() ? origins.lookup(target.function) : found->second));
      }
  }

  void addMarker(const program::Marker& marker) {
    // Says more of another marker, and nothing of the function.
    if (marker.label.starts_with("lock_type:"))
      return;
    const Node node =
        marker.function != kNoId ? function_nodes_[marker.function] : slotNode(marker.slot);
    if (node != kNoNode)
      builder_.addLabel(marker.label, node);
  }

  const Program& program_;
  GraphBuilder builder_;
  std::vector<Node> function_nodes_, slot_nodes_;
  std::vector<uint32_t> files_;
  llvm::DenseMap<Id, llvm::SmallVector<Id, 4>> type_targets_;
};

} // namespace

Graph fromProgram(const Program& program) {
  return Translation(program).run();
}

} // namespace lockvet::graph
