// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Commands: what each is called, takes and does. One table has them all, for QMP, for its
// introspection, and for options of a command line that do the same. They run in the main loop,
// outside of coroutines, one at a time.

#ifndef LOCKVET_RUNTIME_CONTROL_QMP_COMMAND_H
#define LOCKVET_RUNTIME_CONTROL_QMP_COMMAND_H

#include "runtime/control/control.h"
#include "runtime/control/json/key_value.h"
#include "runtime/control/schema/type.h"

namespace lockvet::runtime::control {

struct CommandError {
  // As QMP names classes of errors (qapi/error.json).
  const char* kind = "GenericError";
  std::string message;
};
using CommandResult = std::expected<Json, CommandError>;
// Is called once, in the main loop.
using CommandDone = std::function<void(CommandResult)>;

struct Command {
  std::string_view name;
  // An object.
  const Type* arguments;
  // What it answers.
  const Type* returns = &empty_type;
  // What it does, with arguments that conform: at once, though the main loop may run meanwhile.
  CommandResult (*run)(Control& control, const Json& arguments)
      LV_OWNED_BY_CONTEXT(lockvet_main_loop) = nullptr;
  // Or later, since it waits for requests to nodes, or for clients.
  void (*begin)(Control& control, const Json& arguments, CommandDone done)
      LV_OWNED_BY_CONTEXT(lockvet_main_loop) = nullptr;
};

// All, by name.
const std::vector<const Command*>& commands();

void LV_NO_COROUTINE_FN execute(Control& control, std::string_view name, const Json& arguments,
                                JsonSource source, CommandDone done) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

// --- for commands --------------------------------------------------------------------------------

inline std::unexpected<CommandError> command_error(std::string message) {
  return std::unexpected(CommandError{.message = std::move(message)});
}

inline CommandResult command_result(const GraphResult<>& result) {
  if (!result)
    return command_error(result.error().message);
  return Json::object();
}

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_QMP_COMMAND_H
