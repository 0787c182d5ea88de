// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command transaction: actions that happen in one moment, all or none (QEMU's
// qapi/transaction.json).

#include "runtime/control/qmp/transaction.h"

#include "runtime/control/qmp/command_tables.h"
#include "runtime/graph/drained_section.h"

#include <set>

namespace lockvet::runtime::control {

namespace {

// --- an action that fails, for who wants to see the others taken back ----------------------------

constexpr Type abort_type{.kind = TypeKind::object, .name = "Abort"};
constexpr Member abort_wrapper_members[] = {{"data", &abort_type, true}};
constexpr Type abort_wrapper{
    .kind = TypeKind::object, .name = "AbortWrapper", .members = abort_wrapper_members};

GraphResult<ActionDone> fail(const ActionPlace&, const Json&) {
  return graph_error(std::errc::operation_canceled, "Transaction aborted using Abort action");
}

constexpr TransactionAction abort_action{
    .type = "abort", .wrapper = &abort_wrapper, .node = {}, .run = fail};

// --- the types -----------------------------------------------------------------------------------

const std::vector<TransactionAction>& all_actions() {
  static const std::vector<TransactionAction> all = [] {
    std::vector<TransactionAction> found = {abort_action};
    for (const auto& table : {bitmap_actions(), snapshot_actions(), job_actions(), node_actions()})
      found.insert(found.end(), table.begin(), table.end());
    return found;
  }();
  return all;
}

template <typename Part> auto of_each_action(Part part) {
  std::vector<decltype(part(all_actions().front()))> parts;
  for (const TransactionAction& action : all_actions())
    parts.push_back(part(action));
  return parts;
}

const std::vector<std::string_view> action_kinds =
    of_each_action([](const TransactionAction& action) { return action.type; });
const std::vector<Variant> action_variants = of_each_action(
    [](const TransactionAction& action) { return Variant{action.type, action.wrapper}; });
const Type action_kind_type{
    .kind = TypeKind::enumeration, .name = "TransactionActionKind", .values = action_kinds};
const Member action_members[] = {{"type", &action_kind_type, true}};
const Type action_type{.kind = TypeKind::object,
                       .name = "TransactionAction",
                       .members = action_members,
                       .tag = "type",
                       .variants = action_variants};
const Type actions_type{
    .kind = TypeKind::array, .name = "[TransactionAction]", .element = &action_type};

constexpr std::string_view completion_modes[] = {"individual", "grouped"};
constexpr Type completion_mode_type{
    .kind = TypeKind::enumeration, .name = "ActionCompletionMode", .values = completion_modes};
constexpr Member properties_members[] = {{"completion-mode", &completion_mode_type}};
constexpr Type properties_type{
    .kind = TypeKind::object, .name = "TransactionProperties", .members = properties_members};
const Member transaction_members[] = {{"actions", &actions_type, true},
                                      {"properties", &properties_type}};
const Type transaction_type{
    .kind = TypeKind::object, .name = "transaction-arguments", .members = transaction_members};

// --- the command ---------------------------------------------------------------------------------

const TransactionAction& action_of(const Json& action) {
  return *std::ranges::find(all_actions(), action["type"].get<std::string>(),
                            [](const TransactionAction& one) { return one.type; });
}

// Nothing is in flight in them meanwhile, so that all actions take effect in one moment.
GraphResult<std::vector<Parent*>> nodes_of(Control& control, const Json& actions) LV_MAIN_LOOP {
  std::set<Parent*> nodes;
  for (const Json& action : actions) {
    const std::string_view name = action_of(action).node;
    if (name.empty())
      continue;
    const auto node = control.nodes().find(action["data"][std::string(name)].get<std::string>());
    if (!node)
      return std::unexpected(node.error());
    nodes.insert(*node);
  }
  return std::vector<Parent*>(nodes.begin(), nodes.end());
}

CommandResult LV_NO_COROUTINE_FN transaction(Control& control,
                                             const Json& arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const Json& actions = arguments["actions"];
  auto quiet = nodes_of(control, actions);
  if (!quiet)
    return command_error(quiet.error().message);
  ActionPlace place{control};
  const Json* const properties = find_member(arguments, "properties");
  if (properties != nullptr && properties->value("completion-mode", "") == "grouped")
    place.group = control.jobs().new_group();
  const DrainedSection drained(std::move(*quiet));
  std::vector<ActionDone> all_done;
  for (const Json& action : actions) {
    auto done = action_of(action).run(place, action["data"]);
    if (done) {
      all_done.push_back(std::move(*done));
      continue;
    }
    for (auto one = all_done.rbegin(); one != all_done.rend(); ++one)
      if (one->undo)
        one->undo();
    return command_error(done.error().message);
  }
  for (const ActionDone& done : all_done)
    if (done.commit)
      done.commit();
  return Json::object();
}

const Command transaction_table[] = {
    {.name = "transaction", .arguments = &transaction_type, .run = transaction},
};

} // namespace

std::span<const Command> transaction_commands() {
  return transaction_table;
}

} // namespace lockvet::runtime::control
